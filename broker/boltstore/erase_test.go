package boltstore

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"accord/broker/store"
	"accord/consent/audit"
)

const (
	erasedMark = "CANARY-e7a5ed"
	keptMark   = "CANARY-57a1d5"
)

func erasableStore(t *testing.T) (*Store, Config, *erasableEpochs) {
	t.Helper()
	cfg, epochs := newConfig(t, time.Now), newErasableEpochs()
	cfg.Epochs = epochs
	s := mustOpen(t, cfg)
	lived(t, s, keptMark)
	lived(t, s, erasedMark)
	return s, cfg, epochs
}

// crashed kills and opens again.
func crashed(t *testing.T, s *Store, cfg Config) *Store {
	t.Helper()
	s.kill()
	return mustOpen(t, cfg)
}

func TestAnErasureLeavesNothingThatAnyKeyOpens(t *testing.T) {
	s, cfg, epochs := erasableStore(t)
	sizes := sealedAt(t, s, erasedMark+"g")
	done, err := s.Erase(t.Context(), store.EraseCmd{Grant: erasedMark + "g", Reason: "request", Request: "D-1"})
	if err != nil || !slices.Equal(done.Epochs, []string{"epoch1"}) || len(done.Indices) != 5 {
		t.Fatalf("%+v, %v", done, err)
	}
	s = crashed(t, s, cfg) // between any two steps
	if pending, err := s.NotYetErased(t.Context()); err != nil || !slices.Equal(pending, done.Epochs) {
		t.Fatalf("not yet erased: %v, %v", pending, err)
	}
	if _, err := s.MoveWraps(t.Context(), "epoch1", 2); !errors.Is(err, store.ErrConflict) {
		t.Fatalf("emptying the current epoch: %v", err)
	}
	epochs.next()
	for left, turn := -1, 0; left != 0; turn++ {
		if left, err = s.MoveWraps(t.Context(), "epoch1", 2); err != nil || turn > 20 {
			t.Fatalf("turn %d: %v", turn, err)
		}
		if turn == 1 {
			s = crashed(t, s, cfg)
		}
	}
	s = crashed(t, s, cfg)
	epochs.destroy("epoch1")
	s = crashed(t, s, cfg)
	if pending, err := s.NotYetErased(t.Context()); err != nil || len(pending) != 0 {
		t.Errorf("not yet erased: %v, %v", pending, err)
	}
	if r, err := s.Receipt(t.Context(), keptMark+"r"); err != nil || !bytes.Contains(r.JWS, []byte(keptMark)) {
		t.Errorf("another's receipt: %v", err)
	}
	if entries, err := s.Entries(t.Context(), 0, 1000); err != nil || int64(len(entries)) != s.size.Load() {
		t.Errorf("%d entries, %v", len(entries), err)
	}
	mustClose(t, s)
	if found := opened(t, cfg.Path, epochs, sizes, erasedMark); len(found) != 0 {
		t.Errorf("found %v", found)
	}
	if _, err := Compare(cfg); err != nil {
		t.Errorf("the log: %v", err)
	}
}

// The control: to delete rows is not to erase, the wraps in an old copy of
// their page open an old copy of the row.
func TestADeletionAloneLeavesWhatAKeyOpens(t *testing.T) {
	s, cfg, epochs := erasableStore(t)
	sizes := sealedAt(t, s, erasedMark+"g")
	if _, err := s.Erase(t.Context(), store.EraseCmd{Grant: erasedMark + "g", Reason: "request"}); err != nil {
		t.Fatal(err)
	}
	mustClose(t, s)
	found := opened(t, cfg.Path, epochs, sizes, erasedMark)
	for _, want := range []string{"a row in clear", "a row key", "what was erased"} {
		if !slices.Contains(found, want) {
			t.Errorf("the search did not find %s", want)
		}
	}
}

func TestKeysMoveWhileCitizensAgree(t *testing.T) {
	s, cfg, epochs := erasableStore(t)
	epochs.next()
	var busy sync.WaitGroup
	for i := range 8 {
		busy.Go(func() { lived(t, s, "citizen"+strconv.Itoa(i)) })
	}
	for left := -1; left != 0; {
		var err error
		if left, err = s.MoveWraps(t.Context(), "epoch1", 1); err != nil {
			t.Fatal(err)
		}
	}
	busy.Wait()
	epochs.destroy("epoch1")
	mustClose(t, s)
	s = mustOpen(t, cfg)
	entries, err := s.Entries(t.Context(), 0, 1000)
	if err != nil || int64(len(entries)) != s.size.Load() {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	if n, err := s.countWraps(t.Context(), "epoch1"); n != 0 || err != nil {
		t.Errorf("%d rows under the old epoch, %v", n, err)
	}
}

func TestFreePagesAreOverwrittenOnceNobodyReadsThem(t *testing.T) {
	s, _, epochs := erasableStore(t)
	before, err := s.beginRead()
	if err != nil {
		t.Fatal(err)
	}
	lived(t, s, "later")
	epochs.next()
	done := make(chan error, 1)
	go func() { _, err := s.MoveWraps(t.Context(), "epoch1", 1000); done <- err }()
	select {
	case err := <-done:
		t.Fatalf("overwrote what is being read: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	e, _, err := s.reader(before).entry(3)
	if err != nil || e.Event == nil {
		t.Errorf("a reader sees %+v, %v", e, err)
	}
	if err := errors.Join(before.Rollback(), <-done); err != nil {
		t.Error(err)
	}
}

func TestAnUnnamedAbsenceIsDamage(t *testing.T) {
	remove := func(tx *bbolt.Tx, at place) error {
		err := tx.Bucket([]byte(wrapBucket)).Delete(at[:])
		for _, p := range []part{eventPart, saltPart, receiptPart} {
			err = errors.Join(err, tx.Bucket([]byte(sealedBucket)).Delete(p.key(at)))
		}
		return err
	}
	say := func(tx *bbolt.Tx, at, by place) error {
		rows, key := erasedBucket.rows(tx, at[:])
		return rows.Put(key, sumRow(erasedBucket, at[:], by[:]))
	}
	for name, c := range map[string]struct {
		change func(tx *bbolt.Tx, kept, erasure place) error
		opens  bool
	}{
		"the opening is gone": {func(tx *bbolt.Tx, kept, _ place) error { return remove(tx, kept) }, false},
		"another event is the erasure": {func(tx *bbolt.Tx, kept, _ place) error {
			return errors.Join(remove(tx, kept), say(tx, kept, placeOf(1, 4)))
		}, false},
		"it erases itself": {func(tx *bbolt.Tx, kept, _ place) error { return errors.Join(remove(tx, kept), say(tx, kept, kept)) }, false},
		"the erasure names others": {func(tx *bbolt.Tx, kept, erasure place) error {
			return errors.Join(remove(tx, kept), say(tx, kept, erasure))
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			s, cfg, _ := erasableStore(t)
			done, err := s.Erase(t.Context(), store.EraseCmd{Grant: erasedMark + "g", Reason: "request"})
			if err != nil {
				t.Fatal(err)
			}
			mustClose(t, s)
			db, err := bbolt.Open(cfg.Path, 0o600, nil)
			if err != nil {
				t.Fatal(err)
			}
			kept := placeOf(1, 3)
			err = db.Update(func(tx *bbolt.Tx) error { return c.change(tx, kept, placeOf(1, done.Logged.Position.Index)) })
			if err := errors.Join(err, db.Close()); err != nil {
				t.Fatal(err)
			}
			s, err = Open(cfg)
			if !c.opens {
				if !errors.Is(err, ErrDamaged) {
					t.Fatalf("opens: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer mustClose(t, s)
			if _, err := s.Entries(t.Context(), 3, 4); !errors.Is(err, ErrDamaged) {
				t.Errorf("reads: %v", err)
			}
		})
	}
}

func TestNoTileLeavesBeforeTheGuardHoldsIt(t *testing.T) {
	cfg := newConfig(t, time.Now)
	cfg.GuardInterval = time.Hour
	s := mustOpen(t, cfg) // the guard holds log.opened, and nothing for an hour
	if err := s.Announce(t.Context(), []store.Public{{Kind: audit.PolicyChanged, ID: "p", Digest: "d"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Tile(t.Context(), 0, 0, 1); err != nil {
		t.Error(err)
	}
	_, errTile := s.Tile(t.Context(), 0, 0, 2)
	_, errEntries := s.EntryTile(t.Context(), 0, 2)
	_, _, errProof := s.Inclusion(t.Context(), 1)
	for what, err := range map[string]error{"tile": errTile, "entries": errEntries, "proof": errProof} {
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// A grant that a restore ended has events in two logs: each is named by its
// own origin, for an index of one means nothing in the other.
func TestAGrantOfAnEarlierLogIsErased(t *testing.T) {
	cfg, next := newConfig(t, time.Now), nextLog(t)
	s := mustOpen(t, cfg)
	agreed(t, s)
	backup := filepath.Join(t.TempDir(), "backup")
	f, err := os.Create(backup)
	if err := errors.Join(err, s.Backup(t.Context(), f), f.Close()); err != nil {
		t.Fatal(err)
	}
	lived(t, s, "lost")
	mustClose(t, s)
	if _, err := RestoreAsNewLog(t.Context(), cfg, next, backup); err != nil {
		t.Fatal(err)
	}
	s = mustOpen(t, next.of(cfg))
	if events, err := s.EventsOfInteraction(t.Context(), "i"); err != nil || len(events) != 3 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	done, err := s.Erase(t.Context(), store.EraseCmd{Grant: "g", Reason: "retention"})
	if err != nil || len(done.Indices) != 3 {
		t.Fatalf("%+v, %v", done, err)
	}
	s = crashed(t, s, next.of(cfg))
	last := done.Logged.Position.Index
	entries, err := s.Entries(t.Context(), last-1, last+1)
	if err != nil || len(entries) != 2 {
		t.Fatal(entries, err)
	}
	earlier, _, err := audit.Decode(entries[0].Event)
	now, _, errNow := audit.Decode(entries[1].Event)
	if err := errors.Join(err, errNow); err != nil {
		t.Fatal(err)
	}
	if earlier.ID != origin || !slices.Equal(earlier.Erased, done.Indices[:2]) || now.ID != "" || !slices.Equal(now.Erased, done.Indices[2:]) {
		t.Errorf("logged %+v, then %+v", earlier, now)
	}
}

func TestAnEventOfManyDeliveriesIsErasedInParts(t *testing.T) {
	events := make([]erasedEvent, 2*maxErased+1)
	for i := range events {
		events[i] = erasedEvent{at: placeOf(1, 1<<40), entry: store.Entry{Kind: audit.ReleaseCompleted}}
	}
	ev := audit.Event{V: 1, Kind: "erasure.done", Time: "2026-11-22T13:21:07.412Z", Reason: "retention", Request: "D-2026-0001"}
	for i := range sameLog(events) {
		ev.Erased, ev.ErasedKinds = append(ev.Erased, int64(10_000_000+i)), append(ev.ErasedKinds, "release.completed")
	}
	if _, err := audit.Encode(ev); err != nil || len(ev.Erased) != maxErased {
		t.Errorf("%d events in one: %v", len(ev.Erased), err)
	}
}

// BenchmarkMoveWraps is what a month's erasure costs: every key of the month
// under another epoch, a thousand in each transaction.
func BenchmarkMoveWraps(b *testing.B) {
	cfg, epochs := newConfig(b, time.Now), newErasableEpochs()
	cfg.Epochs = epochs
	s := mustOpen(b, cfg)
	const leaves = 100_000
	things := make([]store.Public, leaves)
	for i := range things {
		things[i] = store.Public{Kind: audit.PolicyChanged, ID: strconv.Itoa(i), Digest: "d"}
	}
	if err := s.Announce(b.Context(), things); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for n := range b.N {
		epochs.next()
		for left := -1; left != 0; {
			var err error
			if left, err = s.MoveWraps(b.Context(), "epoch"+strconv.Itoa(n+1), 1000); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(leaves)*float64(b.N)/b.Elapsed().Seconds(), "keys/s")
}
