package sourcetest

import (
	"errors"
	"sync"
	"testing"

	"accord/providers"
	"accord/providers/faults"
)

// swappedInFlight lets two queries meet at the source, which sends each the
// other's answer: whole, well-formed, under a request id of ours.
func swappedInFlight(t *testing.T, r *Rig) {
	for range 5 {
		r.Switch.SetFaultFor(faults.Swapped, 2)
		for n, a := range r.together(t, r.Found, r.Second) {
			if a.Outcome != r.Stranger.Outcome || !errors.Is(a.Cause, r.Stranger.Cause) {
				t.Errorf("query %d: outcome %s (%v) for the other's answer, want %s", n, a.Outcome, a.Cause, r.Stranger.Outcome)
			}
		}
	}
	for n, a := range r.together(t, r.Found, r.Second) {
		if a.Outcome != providers.Found {
			t.Errorf("query %d without a swap: outcome %s (%v), want found", n, a.Outcome, a.Cause)
		}
	}
}

// swapsUnderLoad swaps whoever meets whom among many: what is found is the
// person's own document, byte for byte.
func swapsUnderLoad(t *testing.T, r *Rig) {
	const pairs = 16
	first, _ := r.ask(t, r.Found)
	second, _ := r.ask(t, r.Second)
	own := []string{string(first.Document), string(second.Document)}
	var queries []providers.Query
	for range pairs {
		queries = append(queries, r.Found, r.Second)
	}
	r.Switch.SetFaultFor(faults.Swapped, len(queries))
	found := 0
	for n, a := range r.together(t, queries...) {
		if a.Outcome == providers.Found {
			found++
			if string(a.Document) != own[n%2] {
				t.Errorf("query %d has a document that is not its person's", n)
			}
		}
	}
	t.Logf("%d queries swapped, %d met another about the same person", len(queries), found)
}

// together asks all queries at once.
func (r *Rig) together(t *testing.T, queries ...providers.Query) []providers.Answer {
	t.Helper()
	answers := make([]providers.Answer, len(queries))
	var group sync.WaitGroup
	for n, q := range queries {
		group.Go(func() { answers[n], _ = r.ask(t, q) })
	}
	group.Wait()
	return answers
}
