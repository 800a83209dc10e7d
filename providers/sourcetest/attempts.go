package sourcetest

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"accord/providers"

	"github.com/google/uuid"
)

// A ledger records the attempts of one query, as the log would.
type ledger struct {
	mu    sync.Mutex // guards all below
	ids   []string
	ended map[string][]providers.Outcome
}

func (l *ledger) begin(context.Context) (providers.Attempt, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	id := uuid.NewString()
	l.ids = append(l.ids, id)
	return providers.Attempt{RequestID: id, Done: func(o providers.Outcome, _ int, _ time.Duration) {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.ended == nil {
			l.ended = make(map[string][]providers.Outcome)
		}
		l.ended[id] = append(l.ended[id], o)
	}}, nil
}

// ask queries rig's source and checks what holds of every answer.
func (r *Rig) ask(t *testing.T, q providers.Query) (providers.Answer, *ledger) {
	t.Helper()
	l := &ledger{}
	q.Attempt = l.begin
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	a := r.Source.Query(ctx, q)
	whole(t, r.Source, q, a)
	l.settled(t)
	return a, l
}

// whole checks the shape of an answer: a document only and always with Found,
// a cause otherwise, provenance, and nothing personal in the cause.
func whole(t *testing.T, s providers.Source, q providers.Query, a providers.Answer) {
	t.Helper()
	found := a.Outcome == providers.Found
	if found != (a.Document != nil) || found != (a.Cause == nil) {
		t.Errorf("outcome %s: document of %d bytes, cause %v", a.Outcome, len(a.Document), a.Cause)
	}
	if a.Provenance.Source != s.ID() || a.Provenance.Period == "" || found && (a.Provenance.RequestID == "" || a.Provenance.Operator == "" || a.Provenance.Retrieved.IsZero()) {
		t.Errorf("outcome %s: provenance %+v", a.Outcome, a.Provenance)
	}
	if a.Cause != nil {
		silent(t, a.Cause.Error(), q)
	}
}

// silent wants no word of the query in a text for the log.
func silent(t *testing.T, text string, q providers.Query) {
	t.Helper()
	secrets := []string{q.Identity.FamilyName, q.Identity.Birthdate, q.Identity.Birthplace, q.FranceConnectToken, q.Recipient}
	secrets = append(secrets, strings.Fields(q.Identity.GivenName)...)
	for _, typed := range q.Inputs {
		secrets = append(secrets, typed)
	}
	for _, secret := range secrets {
		if secret != "" && strings.Contains(strings.ToUpper(text), strings.ToUpper(secret)) {
			t.Errorf("cause %q holds something of the query", text)
		}
	}
}

// settled wants every attempt ended exactly once.
func (l *ledger) settled(t *testing.T) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, id := range l.ids {
		if len(l.ended[id]) != 1 {
			t.Errorf("attempt ended %d times, want once", len(l.ended[id]))
		}
	}
}

// matched wants the simulator to have seen exactly the attempts' request ids.
func (l *ledger) matched(t *testing.T, seen []string) {
	t.Helper()
	if strings.Join(l.ids, " ") != strings.Join(seen, " ") {
		t.Errorf("simulator saw %d requests, %d attempts logged; the ids must be the same in the same order", len(seen), len(l.ids))
	}
}
