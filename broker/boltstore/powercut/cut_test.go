package powercut

import (
	"strings"
	"testing"
	"time"
)

// perStore is how many cuts one store lives through before the next is begun:
// its making is cut too.
const perStore = 8

func TestAcknowledgedActsSurviveAPowerCut(t *testing.T) {
	t.Parallel()
	cuts := times(8, 80)
	var bad, acknowledged int
	var r *rig
	for n := range cuts {
		if n%perStore == 0 {
			r = newRig(t)
		}
		before := len(r.lines)
		r.run(Plan{}, anEnd(n))
		acknowledged += acts(r.lines[before:])
		c, err := r.examine()
		if err != nil || len(c.Lost) > 0 {
			bad++
			t.Errorf("cut %d: %v, %d lost: %.3q", n, err, len(c.Lost), c.Lost)
		}
	}
	t.Logf("%d power cuts, %d acknowledged, %d cuts bad", cuts, acknowledged, bad)
	if acknowledged < 10*cuts {
		t.Errorf("only %d acts in %d runs: the test shows nothing", acknowledged, cuts)
	}
}

func acts(lines []string) (n int) {
	for _, l := range lines {
		if strings.HasPrefix(l, "done ") {
			n++
		}
	}
	return n
}

// The control: on a disk that lies about fsync the same store loses, so the
// test above can fail.
func TestOnADiskThatLiesActsAreLost(t *testing.T) {
	t.Parallel()
	cuts := times(3, 12)
	var bad, acknowledged, lost, damaged int
	for n := range cuts {
		r := newRig(t)
		r.run(Plan{}, end{once: []string{"begin"}, after: upTo(300)})
		if _, err := r.examine(); err != nil {
			t.Fatal(err)
		}
		acknowledged += acts(r.run(Plan{Lies: true}, end{[]string{"begin"}, 100*time.Millisecond + upTo(200), anEnd(n).keep}))
		c, err := r.examine()
		if err != nil {
			damaged++
		}
		if err != nil || len(c.Lost) > 0 {
			bad++
		}
		lost += len(c.Lost)
	}
	t.Logf("control, a disk that lies: %d power cuts, %d acknowledged, %d cuts bad: %d acts lost, %d stores refused or damaged",
		cuts, acknowledged, bad, lost, damaged)
	if bad < (cuts+1)/2 {
		t.Errorf("only %d of %d cuts lose although nothing is synced: the test sees nothing", bad, cuts)
	}
}
