package audit_test

import (
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"accord/consent/audit"
)

func TestOneHiddenIDInAMillionIsFound(t *testing.T) {
	const million, hidden = 1_000_000, 654_321
	id := func(i int) string { return fmt.Sprintf("019ab9c1-6f0e-7c2a-9b7e-%012x", i) }
	began := time.Now()
	r := audit.Reconcile(count(million, hidden, id), count(million, -1, id))
	if !slices.Equal(r.Hidden, []string{id(hidden)}) || r.Unconfirmed != 0 || r.Logged != million-1 || r.Listed != million || r.Outcome() != audit.False {
		t.Errorf("%d hidden, %+v", len(r.Hidden), r.Outcome())
	}
	t.Logf("%s", time.Since(began))
}

// count gives the ids of 0 … n-1 but one.
func count(n, but int, id func(int) string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range n {
			if i != but && !yield(id(i)) {
				return
			}
		}
	}
}

func TestWhatTheListDoesNotConfirmIsCountedOnly(t *testing.T) {
	for _, c := range []struct {
		name           string
		logged, listed []string
		erased         int64
		hidden         []string
		unconfirmed    int64
		outcome        string
	}{
		{"alike", []string{"a", "b"}, []string{"b", "a"}, 0, nil, 0, audit.Genuine},
		{"unconfirmed", []string{"a", "b", "c"}, []string{"b"}, 0, nil, 2, audit.Genuine},
		{"hidden", []string{"a"}, []string{"a", "b"}, 0, []string{"b"}, 0, audit.False},
		{"one event, listed twice", []string{"a"}, []string{"a", "a"}, 0, []string{"a"}, 0, audit.False},
		{"perhaps erased", []string{"a"}, []string{"a", "b"}, 1, []string{"b"}, 0, audit.Undecided},
		{"more than was erased", []string{"a"}, []string{"b", "c"}, 1, []string{"b", "c"}, 1, audit.False},
		{"nothing", nil, nil, 0, nil, 0, audit.Genuine},
	} {
		r := audit.Reconcile(slices.Values(c.logged), slices.Values(c.listed))
		r.Erased = c.erased
		if !slices.Equal(r.Hidden, c.hidden) || r.Unconfirmed != c.unconfirmed || r.Outcome() != c.outcome {
			t.Errorf("%s: %+v %s", c.name, r, r.Outcome())
		}
	}
}
