package keyring

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

func emptyRing(t *testing.T) *Ring {
	t.Helper()
	return &Ring{epochs: epochs{dir: t.TempDir(), keys: map[string][32]byte{}}}
}

func epoch(t *testing.T, r *Ring, date string) (string, [32]byte) {
	t.Helper()
	id, key, err := r.Epoch(day(date))
	if err != nil {
		t.Fatal(err)
	}
	return id, key
}

func TestAMonthsFirstUseMakesItsEpochKeyAndLaterUsesFindIt(t *testing.T) {
	r := emptyRing(t)
	id, november := epoch(t, r, "2026-11-01")
	if _, again := epoch(t, r, "2026-11-30"); id != "2026-11" || again != november {
		t.Errorf("epoch %s changed within its month", id)
	}
	_, december := epoch(t, r, "2026-12-01")
	if december == november || december == [32]byte{} {
		t.Error("December has no key of its own")
	}
	reopened := &Ring{epochs: epochs{dir: r.epochs.dir, keys: map[string][32]byte{}}}
	if key, err := reopened.EpochKey("2026-11"); err != nil || key != november {
		t.Errorf("after a restart: %v", err)
	}
}

func TestEpochsChangeAtMidnightUTC(t *testing.T) {
	r := emptyRing(t)
	paris := time.FixedZone("CET", 3600)
	if id, _, err := r.Epoch(time.Date(2026, 12, 1, 0, 30, 0, 0, paris)); id != "2026-11" || err != nil {
		t.Errorf("half past midnight in Paris is epoch %s, %v", id, err)
	}
}

func TestAnErasedEpochIsNeverMadeAgain(t *testing.T) {
	r := emptyRing(t)
	epoch(t, r, "2026-10-15")
	epoch(t, r, "2026-11-15")
	if err := os.Remove(filepath.Join(r.epochs.dir, "2026-10.key")); err != nil {
		t.Fatal(err)
	}
	r.epochs.keys = map[string][32]byte{}
	if _, _, err := r.Epoch(day("2026-10-20")); err == nil {
		t.Error("the erased epoch has a key again")
	}
	if _, err := r.EpochKey("2026-10"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the erased epoch's key: %v", err)
	}
}

func TestEpochIdsThatAreNoMonthTouchNoFile(t *testing.T) {
	r := emptyRing(t)
	for _, id := range []string{"", "../citizen", "2026-13", "2026-11.key", "2026-1"} {
		if _, err := r.EpochKey(id); err == nil || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("epoch %q: %v", id, err)
		}
	}
}

func TestTwoProcessesAgreeOnANewEpochKey(t *testing.T) {
	dir := t.TempDir()
	keys := make([][32]byte, 8)
	var wg sync.WaitGroup
	for i := range keys {
		wg.Go(func() {
			r := &Ring{epochs: epochs{dir: dir, keys: map[string][32]byte{}}}
			_, key, err := r.Epoch(day("2026-11-23"))
			if err != nil {
				t.Error(err)
			}
			keys[i] = key
		})
	}
	wg.Wait()
	for _, k := range keys[1:] {
		if k != keys[0] {
			t.Fatal("two processes hold different keys for one epoch")
		}
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("files left: %v, %v", files, err)
	}
}

func TestAnEpochKeyThatCannotBeWrittenIsAnError(t *testing.T) {
	r := &Ring{epochs: epochs{dir: filepath.Join(t.TempDir(), "none"), keys: map[string][32]byte{}}}
	if _, _, err := r.Epoch(day("2026-11-23")); err == nil {
		t.Error("an epoch key without a file was handed out")
	}
}
