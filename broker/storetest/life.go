package storetest

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"accord/broker/store"
)

// testLife plays random lives of a few grants against a model in memory: every
// answer of the store must be the model's, across restarts and crashes and
// under a clock that jumps, also backwards.
func testLife(t *testing.T, f Factory) {
	t.Run("AGrantLivesAsTheModelSays", func(t *testing.T) {
		rapid.Check(t, func(rt *rapid.T) {
			m := &model{world: newWorldFor(t, rt, f), inForce: true}
			defer m.close()
			m.last = m.clock.now()
			for range 3 {
				m.lives = append(m.lives, &life{journey: m.journey()})
			}
			rt.Repeat(map[string]func(*rapid.T){
				"":             m.compare,
				"look":         m.act((*model).look),
				"agree":        m.act((*model).agree),
				"refuse":       m.act((*model).refuse),
				"redeem":       m.act((*model).redeem),
				"deliver":      m.act((*model).deliver),
				"change":       m.act((*model).change),
				"withdraw":     m.act((*model).withdraw),
				"revoke":       m.act((*model).revoke),
				"revoke token": m.act((*model).revokeToken),
				"erase":        m.act((*model).erase),
				"tick": func(rt *rapid.T) {
					m.clock.move(time.Duration(rapid.IntRange(-5, 90).Draw(rt, "seconds")) * time.Second)
				},
				"suspend": func(*rapid.T) { m.suspend() },
				"restart": func(*rapid.T) { m.reopen() },
				"crash":   func(*rapid.T) { m.killAndReopen() },
			})
		})
	})
}

// A model is what a store must be, in a few variables.
type model struct {
	*world
	lives   []*life
	inForce bool
	last    time.Time // stamp of the last event
}

// A life is one interaction and what came of it.
type life struct {
	*journey
	looked, decided, granted   bool
	codeUsed, redeemed         bool
	tokenDead                  bool
	narrowed                   bool // the choice was changed
	state                      store.GrantState
	codeEnds, tokenEnds, ended time.Time
}

func (m *model) act(do func(*model, *life)) func(*rapid.T) {
	return func(rt *rapid.T) { do(m, rapid.SampledFrom(m.lives).Draw(rt, "life")) }
}

// stamp is the time the store must judge by.
func (m *model) stamp() time.Time {
	if now := m.clock.now(); now.After(m.last) {
		return now
	}
	return m.last
}

// expect compares an answer; success that logs moves the last stamp on.
func (m *model) expect(err, want error) bool {
	m.t.Helper()
	if !errors.Is(err, want) {
		m.t.Fatalf("store answers %v, model %v", err, want)
	}
	if err == nil {
		m.last = m.stamp()
	}
	return err == nil
}

func (m *model) covered() error {
	if !m.inForce {
		return store.ErrNotCovered
	}
	return nil
}

func (m *model) look(l *life) {
	want := m.covered()
	if l.decided {
		want = store.ErrConflict
	}
	_, err := m.store.RequestLookup(m.ctx, l.lookupCmd())
	if m.expect(err, want) {
		l.looked = true
	}
}

func (m *model) agree(l *life) {
	want := m.covered()
	if !l.looked {
		want = store.ErrNotCovered
	}
	if l.decided {
		want = store.ErrConflict
	}
	cmd := l.agreeCmd()
	cmd.Grant.ValidUntil = m.stamp().Add(grantLife)
	_, err := m.store.Decide(m.ctx, cmd)
	if !m.expect(err, want) {
		return
	}
	l.decided, l.granted, l.state, l.receipt = true, true, store.Given, cmd.Receipt
	l.codeEnds, l.ended = m.stamp().Add(codeLife), cmd.Grant.ValidUntil
}

func (m *model) refuse(l *life) {
	var want error
	if l.decided {
		want = store.ErrConflict
	}
	_, err := m.store.Decide(m.ctx, l.refuseCmd())
	if m.expect(err, want) {
		l.decided = true
	}
}

func (m *model) redeem(l *life) {
	want := m.redemption(l)
	_, err := m.store.Redeem(m.ctx, l.redeemCmd())
	if !errors.Is(err, want) {
		m.t.Fatalf("store answers %v, model %v", err, want)
	}
	switch {
	case errors.Is(want, store.ErrUsed) && l.state == store.Given:
		l.state, m.last = store.Revoked, m.stamp()
	case want == nil:
		l.codeUsed, l.redeemed, l.tokenEnds = true, true, m.stamp().Add(tokenLife)
		if l.ended.Before(l.tokenEnds) {
			l.tokenEnds = l.ended
		}
	}
}

func (m *model) redemption(l *life) error {
	switch {
	case !l.granted:
		return store.ErrNotFound
	case l.codeUsed:
		return store.ErrUsed
	case !m.stamp().Before(l.codeEnds):
		return store.ErrExpired
	}
	return m.grantLive(l)
}

func (m *model) grantLive(l *life) error {
	switch {
	case l.state != store.Given:
		return store.ErrRevoked
	case !m.stamp().Before(l.ended):
		return store.ErrExpired
	}
	return nil
}

func (m *model) tokenLive(l *life) error {
	if !l.redeemed {
		return store.ErrNotFound
	}
	if l.tokenDead {
		return store.ErrRevoked
	}
	if err := m.grantLive(l); err != nil {
		return err
	}
	if !m.stamp().Before(l.tokenEnds) {
		return store.ErrExpired
	}
	return nil
}

func (m *model) deliver(l *life) {
	want := m.tokenLive(l)
	if want == nil {
		want = m.covered()
	}
	cmd := l.deliverCmd()
	if l.narrowed {
		if want == nil {
			m.refused(l.journey.deliver(cmd), store.ErrNotCovered)
		}
		kept := l.changeCmd()
		cmd.Event.Data, cmd.Event.Fields = kept.Data, kept.Fields
	}
	m.expect(l.journey.deliver(cmd), want)
}

func (m *model) change(l *life) {
	var want error
	switch {
	case !l.granted:
		want = store.ErrNotFound
	case m.grantLive(l) != nil:
		want = store.ErrRevoked
	case !m.inForce || l.narrowed:
		want = store.ErrNotCovered
	}
	if m.expect(l.journey.change(l.changeCmd()), want) {
		l.narrowed = true
	}
}

func (m *model) withdraw(l *life) {
	var want error
	switch {
	case !l.granted:
		want = store.ErrNotFound
	case m.grantLive(l) != nil:
		want = store.ErrRevoked
	}
	if m.expect(l.journey.withdraw(l.withdrawCmd()), want) {
		l.state = store.Withdrawn
	}
}

func (m *model) revoke(l *life) {
	var want error
	switch {
	case !l.granted:
		want = store.ErrNotFound
	case l.state != store.Given:
		want = store.ErrRevoked
	}
	if m.expect(l.tryRevoke(), want) {
		l.state = store.Revoked
	}
}

func (m *model) revokeToken(l *life) {
	m.ok(m.store.RevokeToken(m.ctx, client, l.token))
	l.tokenDead = l.redeemed
}

// erase takes a grant that ended; another life begins in its place.
func (m *model) erase(l *life) {
	var want error
	switch {
	case !l.granted:
		want = store.ErrNotFound
	case m.grantLive(l) == nil:
		want = store.ErrConflict
	}
	_, err := m.store.Erase(m.ctx, store.EraseCmd{Grant: l.grant, Reason: "request"})
	if m.expect(err, want) {
		*l = life{journey: m.journey()}
	}
}

func (m *model) suspend() {
	m.inForce = !m.inForce
	m.changeApproval(func(a *store.ApprovalState) { a.InForce = m.inForce })
	m.last = m.stamp()
}

// compare holds every life against the store's own reading of it.
func (m *model) compare(*rapid.T) {
	for _, l := range m.lives {
		g, err := m.store.Grant(m.ctx, l.grant)
		if !l.granted {
			m.refused(err, store.ErrNotFound)
		} else if m.ok(err); g.State != l.state {
			m.t.Fatalf("grant is %s, model says %s", g.State, l.state)
		}
		_, err = l.tokenState()
		if want := m.tokenLive(l); !errors.Is(err, want) {
			m.t.Fatalf("token answers %v, model %v", err, want)
		}
	}
}
