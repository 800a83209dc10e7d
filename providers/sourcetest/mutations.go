package sourcetest

import (
	"context"
	"math/rand/v2"
	"os"
	"testing"

	"accord/providers"
)

const (
	shortRun = 2_000
	longRun  = 100_000
)

// swapped gives each of two persons the other's answer.
func swapped(t *testing.T, r *Rig) {
	first, second := r.sent(t, r.Found), r.sent(t, r.Second)
	for _, c := range []struct {
		query providers.Query
		body  []byte
	}{{r.Found, second}, {r.Second, first}} {
		r.Switch.SetMutation(func([]byte) []byte { return c.body })
		if a, _ := r.ask(t, c.query); a.Outcome != r.Stranger.Outcome {
			t.Errorf("outcome %s for another person's answer, want %s", a.Outcome, r.Stranger.Outcome)
		}
	}
}

// sent is the simulator's true answer to q.
func (r *Rig) sent(t *testing.T, q providers.Query) []byte {
	t.Helper()
	var body []byte
	r.Switch.SetMutation(func(b []byte) []byte { body = append([]byte(nil), b...); return b })
	defer r.Switch.SetMutation(nil)
	if a, _ := r.ask(t, q); a.Outcome != providers.Found {
		t.Fatalf("outcome %s (%v), want found", a.Outcome, a.Cause)
	}
	return body
}

// mutations spoils true answers at random and asks the oracle what it thinks
// of each answer made of them. The number of a failing mutation is its seed.
func mutations(t *testing.T, r *Rig) {
	pairs := []providers.Query{r.Found, r.Second}
	bodies := [][]byte{r.sent(t, r.Found), r.sent(t, r.Second)}
	found := 0
	for n := range runs() {
		q, random := pairs[n%2], rand.New(rand.NewPCG(uint64(n), 17)) //nolint:gosec // G404: repeatable test input
		spoilt := mutate(bodies[n%2], bodies[(n+1)%2], random)
		r.Switch.SetMutation(func([]byte) []byte { return spoilt })
		q.Attempt = (&ledger{}).begin
		a := r.Source.Query(context.Background(), q)
		whole(t, r.Source, q, a)
		if err := r.Verify(spoilt, q, a); err != nil {
			t.Fatalf("mutation %d: outcome %s: %v\nsent %s\ngot  %s", n, a.Outcome, err, spoilt, a.Document)
		}
		if a.Outcome == providers.Found {
			found++
		}
	}
	if found == 0 || found == runs() {
		t.Errorf("%d of %d mutated answers found: the mutations test nothing", found, runs())
	}
	t.Logf("%d mutated answers, %d still whole and of the right person", runs(), found)
}

func runs() int {
	if long || os.Getenv("ACCORD_LONG") == "1" {
		return longRun
	}
	return shortRun
}
