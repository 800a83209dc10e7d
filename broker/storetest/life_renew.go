package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"accord/broker/store"
)

// testRenewals plays random lives of recurring grants against a model: refresh
// tokens that stay, are replaced, come back late or by another client, fetches
// under what they gave, and every way a grant ends in between.
func testRenewals(t *testing.T, f Factory) {
	t.Run("ARecurringGrantLivesAsTheModelSays", func(t *testing.T) {
		rapid.Check(t, func(rt *rapid.T) {
			m := &renewals{model: &model{world: newWorldFor(t, rt, f)}}
			defer m.close()
			m.lives = []*lasting{m.begin(), m.begin()}
			for range 2 { // a life of one round is too short for what ends it
				rt.Repeat(m.acts())
			}
		})
	})
}

// acts names what may happen, what makes a life long more than once.
func (m *renewals) acts() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"":               m.compare,
		"renew":          m.act((*renewals).renew),
		"renew on":       m.act((*renewals).renew),
		"stale":          m.act((*renewals).stale),
		"not the client": m.act((*renewals).renewAsAnother),
		"not bound":      m.act((*renewals).renewUnbound),
		"fetch":          m.act((*renewals).fetch),
		"fetch on":       m.act((*renewals).fetch),
		"fetch again":    m.act((*renewals).fetchAgain),
		"deliver":        m.act((*renewals).deliver),
		"deliver on":     m.act((*renewals).deliver),
		"fail":           m.act((*renewals).fail),
		"suspend":        m.act((*renewals).suspended),
		"end":            m.act((*renewals).end),
		"erase":          m.act((*renewals).erase),
		"tick":           m.tick,
		"late":           m.act((*renewals).late),
		"sweep":          func(*rapid.T) { m.ok(m.store.Sweep(m.ctx)); m.swept = true },
		"restart":        func(*rapid.T) { m.reopen() },
		"crash":          func(*rapid.T) { m.killAndReopen() },
	}
}

func (m *renewals) act(do func(*renewals, *rapid.T, *lasting)) func(*rapid.T) {
	return func(rt *rapid.T) {
		at := rapid.SampledFrom([]int{0, 0, 0, 1}).Draw(rt, "life")
		do(m, rt, m.lives[at])
	}
}

func (m *renewals) begin() *lasting {
	l := &lasting{journey: m.renewing(), state: store.Given, renewer: []*renewer{{name: "r"}}}
	m.inForce, m.last = true, m.stamp()
	l.ends = m.clock.now().Add(recurringLife)
	l.tokens = []*bearer{{hash: l.token, of: l, ends: m.until(l)}}
	return l
}

// until is when an access token given now ends.
func (m *renewals) until(l *lasting) time.Time {
	if ends := m.stamp().Add(tokenLife); ends.Before(l.ends) {
		return ends
	}
	return l.ends
}

func (m *renewals) tick(rt *rapid.T) {
	m.clock.move(rapid.SampledFrom([]time.Duration{
		-5 * time.Second, time.Second, handWindow / 2, handWindow, tokenLife, recurringLife / 3,
	}).Draw(rt, "time"))
}

// late renews, as often as not, when the grant is about to end.
func (m *renewals) late(rt *rapid.T, l *lasting) {
	if left := l.ends.Sub(m.clock.now()); left > tokenLife && rapid.Bool().Draw(rt, "near the end") {
		m.clock.move(left - tokenLife/2)
	}
	m.renew(rt, l)
}

// suspended tries a life's acts while its approval is suspended.
func (m *renewals) suspended(rt *rapid.T, l *lasting) {
	m.suspend()
	m.renew(rt, l)
	m.fetch(rt, l)
	m.deliver(rt, l)
	m.suspend()
}

func (m *renewals) suspend() {
	m.inForce = !m.inForce
	m.changeApproval(func(a *store.ApprovalState) { a.InForce, a.MaxFetches = m.inForce, mostFetches })
	m.last = m.stamp()
}

// renewal is what the store must answer to a refresh token of its own client.
func (m *renewals) renewal(l *lasting, r *renewer) error {
	switch err := m.live(l); {
	case r.dead:
		return store.ErrRevoked
	case err != nil:
		return err
	case m.over(r):
		return store.ErrUsed
	case !m.inForce || l.counted() >= mostFetches:
		return store.ErrNotCovered
	case r.by != nil && (r.by.dead || r.by.by != nil):
		return store.ErrConflict
	}
	return nil
}

// over: a replaced one is not answered any more.
func (m *renewals) over(r *renewer) bool {
	return r.by != nil && !m.stamp().Before(r.replaced.Add(handWindow))
}

// renew presents the token that renews, and replaces it or not.
func (m *renewals) renew(rt *rapid.T, l *lasting) {
	m.present(l, l.current(), rapid.Bool().Draw(rt, "replace"))
}

// stale presents any token ever given, now or once its time is over.
func (m *renewals) stale(rt *rapid.T, l *lasting) {
	m.clock.move(rapid.SampledFrom([]time.Duration{0, 0, handWindow - time.Millisecond, handWindow}).Draw(rt, "after"))
	m.present(l, rapid.SampledFrom(l.renewer).Draw(rt, "refresh token"), rapid.Bool().Draw(rt, "replace"))
}

func (m *renewals) present(l *lasting, r *renewer, replace bool) {
	m.names++
	want, token, next := m.renewal(l, r), fmt.Sprint("t", m.names), ""
	if replace {
		next = fmt.Sprint("r", m.names)
	}
	_, err := m.store.Renew(m.ctx, l.opening(r, l.renewCmd(r.name, token, next)))
	m.says(err, want)
	switch {
	case want == nil:
		m.forget(l)
		l.tokens = append(l.tokens, &bearer{hash: hash(token + l.id), of: l, ends: m.until(l), renewed: true})
		if replace && r.by == nil {
			r.by, r.replaced = &renewer{name: next}, m.stamp()
			l.renewer = append(l.renewer, r.by)
		}
	case errors.Is(want, store.ErrUsed):
		m.kill(l, store.Revoked)
	}
}

// forget is what a renewal does to the access tokens that ended.
func (m *renewals) forget(l *lasting) {
	for _, t := range l.tokens {
		t.dead = t.dead || !m.stamp().Before(t.ends)
	}
}

// opening has Open see what the token was bound to, or what is handed over.
func (l *lasting) opening(r *renewer, cmd store.RenewCmd) store.RenewCmd {
	open, bound, handed := cmd.Open, "identity under "+r.name, ""
	if r.by != nil {
		bound, handed = "identity under "+r.by.name, "handed "+r.by.name
	}
	cmd.Open = func(b, h []byte) (store.Token, error) {
		if !bytes.Equal(b, []byte(bound)) || !bytes.Equal(h, []byte(handed)) {
			return store.Token{}, fmt.Errorf("%s opens %q and %q", r.name, b, h)
		}
		return open(b, h)
	}
	return cmd
}

func (m *renewals) renewAsAnother(rt *rapid.T, l *lasting) {
	cmd := l.renewCmd(rapid.SampledFrom(l.renewer).Draw(rt, "refresh token").name, "foreign", "foreign")
	cmd.Client = "autre"
	_, err := m.store.Renew(m.ctx, cmd)
	m.refused(err, store.ErrNotFound)
	m.ok(m.store.RevokeToken(m.ctx, "autre", cmd.Refresh))
}

func (m *renewals) renewUnbound(_ *rapid.T, l *lasting) {
	want := m.renewal(l, l.current())
	if want == nil {
		want = store.ErrBinding
	}
	cmd := l.renewCmd(l.current().name, "unbound", "unbound")
	cmd.Open = func(_, _ []byte) (store.Token, error) { return store.Token{}, errWrongBinding }
	_, err := m.store.Renew(m.ctx, cmd)
	m.says(err, want)
}
