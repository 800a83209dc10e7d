package powercut

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// fails runs workers on disks that fail, lets each go on for a while, then cuts
// the power, dropping all that was not synced: whatever was acknowledged before
// or after the failure must be there.
func fails(t *testing.T, rounds int, plan func() Plan) {
	t.Helper()
	var bad, acknowledged, stops, unopened int
	var r *rig
	for n := range rounds {
		if n%perStore == 0 {
			r = newRig(t)
		}
		told := r.run(plan(), end{once: []string{"stopped", "error opening"}, after: upTo(50)}) // a store that goes on does so now
		acknowledged += acts(told)
		for _, l := range told {
			if complaint, ok := strings.CutPrefix(l, "stopped "); ok {
				stops++
				if complaint != `"<nil>"` {
					t.Errorf("round %d: a stopped store answers: %s", n, complaint)
				}
			}
			if strings.HasPrefix(l, "error opening store") {
				unopened++
			}
		}
		c, err := r.examine()
		if err != nil || len(c.Lost) > 0 {
			bad++
			t.Errorf("round %d: %v, %d lost: %.3q", n, err, len(c.Lost), c.Lost)
		}
	}
	t.Logf("%d failures: %d stores stopped, %d not opened; %d acknowledged, %d rounds bad", rounds, stops, unopened, acknowledged, bad)
	if stops+unopened < rounds || stops == 0 && long() {
		t.Errorf("only %d of %d failures were met: the test shows nothing", stops+unopened, rounds)
	}
}

func TestAFailedFsyncStopsTheStoreAndLosesNothing(t *testing.T) {
	t.Parallel()
	fails(t, times(4, 40), func() Plan { return Plan{FailSync: 1 + rand.IntN(60)} })
}

func TestAFailedWriteStopsTheStoreAndLosesNothing(t *testing.T) {
	t.Parallel()
	fails(t, times(4, 40), func() Plan { return Plan{FailWrite: 1 + rand.IntN(200)} })
}

func TestAFullDiskStopsTheStoreAndLosesNothing(t *testing.T) {
	t.Parallel()
	fails(t, times(3, 20), func() Plan { return Plan{Capacity: int64(1+rand.IntN(150)) * pageSize} })
}
