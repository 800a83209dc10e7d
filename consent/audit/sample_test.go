package audit

import (
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

var knownSample = []int64{1, 4}

func TestASampleIsTheRootsChoiceAlone(t *testing.T) {
	all := []int64{3, 8, 21, 34, 55, 89, 144, 233}
	a, b := tlog.Hash{1}, tlog.Hash{2}
	first := Sample(a, all, 3)
	shuffled := slices.Clone(all)
	slices.Reverse(shuffled)
	if !slices.Equal(first, Sample(a, shuffled, 3)) || len(first) != 3 || !slices.IsSorted(first) {
		t.Errorf("drawn %v, then %v", first, Sample(a, shuffled, 3))
	}
	if !slices.Equal(Sample(a, all, 20), all) || len(Sample(a, nil, 3)) != 0 {
		t.Error("more than there are")
	}
	differs := false
	for n := 1; n < len(all); n++ {
		differs = differs || !slices.Equal(Sample(a, all, n), Sample(b, all, n))
	}
	if !differs {
		t.Error("another root draws the same: the operator could choose")
	}
	// A known answer, so that others can draw too.
	if got := Sample(tlog.Hash{}, []int64{0, 1, 2, 3, 4, 5, 6, 7}, 2); !slices.Equal(got, knownSample) {
		t.Errorf("drawn %v", got)
	}
}
