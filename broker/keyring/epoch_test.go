package keyring

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
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
	for _, id := range []string{"", "../citizen", "2026-13", "2026-11.key", "2026-1", "2026-11.", "2026-11.1", "2026-11.02", "2026-11.-2", "2026-11.2.3"} {
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

func next(t *testing.T, r *Ring) string {
	t.Helper()
	id, err := r.NextEpoch()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestANextEpochFollowsWithinTheMonth(t *testing.T) {
	r := emptyRing(t)
	if _, err := r.NextEpoch(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a generation of nothing: %v", err)
	}
	_, first := epoch(t, r, "2026-11-01")
	for n := 2; n <= 11; n++ { // 11 sorts before 2 as a text
		id := next(t, r)
		now, key := epoch(t, r, "2026-11-23")
		if id != now || id != "2026-11."+strconv.Itoa(n) || key == first {
			t.Fatalf("made %s, in use %s", id, now)
		}
	}
	reopened := &Ring{epochs: epochs{dir: r.epochs.dir, keys: map[string][32]byte{}}}
	if id, _ := epoch(t, reopened, "2026-11-24"); id != "2026-11.11" {
		t.Errorf("after a restart: %s", id)
	}
	if key, err := reopened.EpochKey("2026-11"); err != nil || key != first {
		t.Errorf("the first one after a restart: %v", err)
	}
	if id, _ := epoch(t, reopened, "2026-12-01"); id != "2026-12" {
		t.Errorf("December begins with %s", id)
	}
}

func TestADestroyedEpochIsGone(t *testing.T) {
	r := emptyRing(t)
	epoch(t, r, "2026-11-01")
	if err := r.DestroyEpoch("2026-11"); err == nil {
		t.Fatal("the newest epoch was destroyed")
	}
	next(t, r)
	epoch(t, r, "2026-11-02")
	if err := r.DestroyEpoch("2026-11"); err != nil {
		t.Fatal(err)
	}
	for _, ring := range []*Ring{r, {epochs: epochs{dir: r.epochs.dir, keys: map[string][32]byte{}}}} {
		if _, err := ring.EpochKey("2026-11"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("its key: %v", err)
		}
		if id, _ := epoch(t, ring, "2026-11-03"); id != "2026-11.2" {
			t.Errorf("in use: %s", id)
		}
	}
	if err := r.DestroyEpoch("2026-11"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("destroyed twice: %v", err)
	}
	if err := r.DestroyEpoch("2026-11.2"); err == nil {
		t.Error("the newest epoch was destroyed")
	}
	if err := r.DestroyEpoch("../log"); err == nil {
		t.Error("another file was destroyed")
	}
}

func TestADestructionCutShortIsRunAgain(t *testing.T) {
	r := emptyRing(t)
	epoch(t, r, "2026-10-01")
	epoch(t, r, "2026-11-01")
	path := r.epochs.path("2026-10")
	if err := errors.Join(os.Chmod(path, 0o600), os.WriteFile(path, make([]byte, 65), 0o600)); err != nil {
		t.Fatal(err)
	}
	r.epochs.keys = map[string][32]byte{}
	if _, err := r.EpochKey("2026-10"); err == nil {
		t.Error("an overwritten key is handed out")
	}
	if err := r.DestroyEpoch("2026-10"); err != nil {
		t.Error(err)
	}
}
