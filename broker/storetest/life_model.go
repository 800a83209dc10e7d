package storetest

import (
	"errors"
	"time"

	"accord/broker/store"
)

// renewals is the model of recurring grants: clock, approval and last stamp are
// those of the model of any grant.
type renewals struct {
	*model
	lives []*lasting
	swept bool // what has expired may be gone
	names int
}

// A lasting is a recurring grant and what was given under it.
type lasting struct {
	*journey
	state   store.GrantState
	ends    time.Time
	renewer []*renewer // in the order they were given
	tokens  []*bearer  // the first is the code's: it fetches nothing
	fetched []*fetched
}

// A renewer is a refresh token: by replaces it, from replaced on.
type renewer struct {
	name     string
	by       *renewer
	replaced time.Time
	dead     bool
}

// A bearer is an access token.
type bearer struct {
	hash    store.Hash
	of      *lasting
	ends    time.Time
	dead    bool
	renewed bool
}

// A fetched is one fetch: it counts until it fails, and delivers once.
type fetched struct {
	query             store.QueryCmd
	delivered, failed bool
}

// says compares an answer; what expired may be forgotten once it was swept.
func (m *renewals) says(err, want error) bool {
	m.t.Helper()
	forgotten := m.swept && errors.Is(err, store.ErrNotFound) && (errors.Is(want, store.ErrExpired) || errors.Is(want, store.ErrRevoked))
	if !forgotten && !errors.Is(err, want) {
		m.t.Fatalf("store answers %v, model %v", err, want)
	}
	return err == nil
}

// logs is says of an act that the log shows.
func (m *renewals) logs(err, want error) bool {
	m.t.Helper()
	if !m.says(err, want) {
		return false
	}
	m.last = m.stamp()
	return true
}

func (m *renewals) live(l *lasting) error {
	return m.grantLive(&life{state: l.state, ended: l.ends})
}

// kill is what every ending does.
func (m *renewals) kill(l *lasting, state store.GrantState) {
	l.state, m.last = state, m.stamp()
	l.current().dead = true
	for _, t := range l.tokens {
		t.dead = true
	}
}

// current is the one that renews.
func (l *lasting) current() *renewer { return l.renewer[len(l.renewer)-1] }

func (l *lasting) counted() int {
	n := 1 // the one the citizen saw
	for _, f := range l.fetched {
		if !f.failed {
			n++
		}
	}
	return n
}
