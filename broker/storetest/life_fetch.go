package storetest

import (
	"errors"
	"slices"

	"pgregory.net/rapid"

	"accord/broker/store"
)

// What is fetched under a renewed token, and how its grant ends.

// token draws an access token of any grant: the grant's own one time in two.
func (m *renewals) token(rt *rapid.T, l *lasting) *bearer {
	of := l
	if rapid.IntRange(0, 7).Draw(rt, "whose") == 7 {
		of = rapid.SampledFrom(m.lives).Draw(rt, "another's")
	}
	if rapid.IntRange(0, 3).Draw(rt, "which") > 0 {
		return of.tokens[len(of.tokens)-1]
	}
	return rapid.SampledFrom(of.tokens).Draw(rt, "token")
}

func (m *renewals) tokenState(t *bearer) error {
	switch err := m.live(t.of); {
	case t.dead:
		return store.ErrRevoked
	case err != nil:
		return err
	case !m.stamp().Before(t.ends):
		return store.ErrExpired
	}
	return nil
}

// may is what stands before a fetch and a delivery under t.
func (m *renewals) may(l *lasting, t *bearer) error {
	if err := m.live(l); err != nil {
		return err
	}
	if err := m.tokenState(t); err != nil {
		return err
	}
	if t.of != l || !t.renewed {
		return store.ErrNotCovered
	}
	return m.covered()
}

func (m *renewals) fetch(rt *rapid.T, l *lasting) {
	t := m.token(rt, l)
	want := m.may(l, t)
	if want == nil && l.counted() >= mostFetches {
		want = store.ErrNotCovered
	}
	cmd := l.fetchCmd()
	cmd.Token = t.hash
	_, err := m.store.QuerySource(m.ctx, cmd)
	if m.logs(err, want) {
		l.fetched = append(l.fetched, &fetched{query: cmd})
	}
}

// fetchAgain asks once more for what a fetch took: the same fetch while it is
// under way, a new one after it failed.
func (m *renewals) fetchAgain(rt *rapid.T, l *lasting) {
	f := l.drawn(rt)
	if f == nil {
		return
	}
	t := m.token(rt, l)
	want := m.may(l, t)
	switch {
	case want != nil:
	case f.delivered:
		want = store.ErrConflict
	case f.failed && l.counted() >= mostFetches:
		want = store.ErrNotCovered
	}
	cmd := f.query
	cmd.Token, cmd.Event.RequestID = t.hash, m.id("request")
	_, err := m.store.QuerySource(m.ctx, cmd)
	if m.logs(err, want) {
		f.failed = false
	}
}

func (l *lasting) drawn(rt *rapid.T) *fetched {
	if len(l.fetched) == 0 {
		return nil
	}
	return rapid.SampledFrom(l.fetched).Draw(rt, "fetch")
}

func (m *renewals) deliver(rt *rapid.T, l *lasting) {
	f := l.drawn(rt)
	if f == nil {
		return
	}
	t := m.token(rt, l)
	want := m.may(l, t)
	if want == nil && (f.delivered || f.failed) {
		want = store.ErrNotCovered
	}
	cmd := l.fetchedCmd(f.query)
	cmd.Token = t.hash
	if m.logs(l.journey.deliver(cmd), want) {
		f.delivered = true
	}
}

// fail gives a fetch back, whatever has become of its grant.
func (m *renewals) fail(rt *rapid.T, l *lasting) {
	f := l.drawn(rt)
	if f == nil {
		return
	}
	var want error
	if f.delivered || f.failed {
		want = store.ErrNotFound
	}
	if m.logs(l.failFetch(f.query), want) {
		f.failed = true
	}
}

// end ends a grant, or what was given under it.
func (m *renewals) end(rt *rapid.T, l *lasting) {
	rapid.SampledFrom([]func(*rapid.T, *lasting){m.withdraw, m.redeemAgain, m.revokeToken}).Draw(rt, "way")(rt, l)
}

func (m *renewals) withdraw(_ *rapid.T, l *lasting) {
	var want error
	if m.live(l) != nil {
		want = store.ErrRevoked
	}
	if m.logs(l.journey.withdraw(l.withdrawCmd()), want) {
		m.kill(l, store.Withdrawn)
	}
}

// redeemAgain sends the code a second time.
func (m *renewals) redeemAgain(_ *rapid.T, l *lasting) {
	_, err := m.store.Redeem(m.ctx, l.redeemCmd())
	if m.swept && errors.Is(err, store.ErrNotFound) {
		return
	}
	m.refused(err, store.ErrUsed)
	if l.state == store.Given {
		m.kill(l, store.Revoked)
	}
}

// revokeToken revokes any refresh token ever given: it is the grant's last one,
// and its access tokens, that die.
func (m *renewals) revokeToken(rt *rapid.T, l *lasting) {
	r := rapid.SampledFrom(l.renewer).Draw(rt, "refresh token")
	m.ok(m.store.RevokeToken(m.ctx, client, hash(r.name+l.id)))
	state, last := l.state, m.last
	m.kill(l, state)
	m.last = last // nothing is logged
}

// erase takes a grant that ended, and its refresh tokens; another begins.
func (m *renewals) erase(_ *rapid.T, l *lasting) {
	var want error
	if m.live(l) == nil {
		want = store.ErrConflict
	}
	_, err := m.store.Erase(m.ctx, store.EraseCmd{Grant: l.grant, Reason: "request"})
	if !m.logs(err, want) {
		return
	}
	for _, r := range l.renewer {
		_, err := m.store.Renew(m.ctx, l.renewCmd(r.name, "after the end", ""))
		m.refused(err, store.ErrNotFound)
	}
	m.lives[slices.Index(m.lives, l)] = m.begin()
}

// compare holds states, counts and tokens against the store's own reading.
func (m *renewals) compare(*rapid.T) {
	for _, l := range m.lives {
		g, err := m.store.Grant(m.ctx, l.grant)
		m.ok(err)
		if g.State != l.state || len(g.Snapshots) != l.counted() {
			m.t.Fatalf("grant is %s after %d fetches, model says %s after %d", g.State, len(g.Snapshots), l.state, l.counted())
		}
		for _, t := range l.tokens {
			state, err := m.store.Token(m.ctx, t.hash)
			if m.says(err, m.tokenState(t)); err == nil && (state.Renewed != t.renewed || !state.ExpiresAt.Equal(t.ends)) {
				m.t.Fatalf("token is %+v, model says it ends at %v", state, t.ends)
			}
		}
	}
}
