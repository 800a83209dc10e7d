package boltstore

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"accord/broker/store"
)

// shown is what a reader sees of one row now.
func shown(t *testing.T, s *Store, key string) (value string) {
	t.Helper()
	err := s.view(t.Context(), "reading", func(tx *bbolt.Tx) error {
		row, err := getRow(tx, metaBucket, []byte(key))
		value = string(row)
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return value
}

func TestNobodyReadsWhatIsNotYetDurable(t *testing.T) {
	s := mustOpen(t, newConfig(t, time.Now))
	tx, err := s.db.Begin(true)
	if err != nil {
		t.Fatal(err)
	}
	if err := (&batch{tx: tx}).put(metaBucket, []byte("act"), []byte("done")); err != nil {
		t.Fatal(err)
	}
	s.durable.Lock()
	s.standby.fill(s.db)
	if err := tx.Commit(); err != nil { // as if its last fsync were still under way
		t.Fatal(err)
	}
	if seen := shown(t, s, "act"); seen != "" {
		t.Errorf("a reader sees %q of a commit under way", seen)
	}
	s.standby.empty()
	var late sync.WaitGroup
	late.Go(func() { // nothing stands by: it waits
		if seen := shown(t, s, "act"); seen != "done" {
			t.Errorf("a reader that began after the commit sees %q", seen)
		}
	})
	time.Sleep(10 * time.Millisecond)
	s.durable.Unlock()
	late.Wait()
}

func TestNobodyReadsAfterACommitThatFailed(t *testing.T) {
	s := mustOpen(t, newConfig(t, time.Now))
	tx, err := s.db.Begin(true)
	if err != nil {
		t.Fatal(err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := s.makeDurable(tx, s.newBatch(tx), nil); err == nil {
		t.Fatal("a transaction that was rolled back is committed")
	}
	err = s.view(t.Context(), "reading", func(*bbolt.Tx) error { return nil })
	if !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("a reader after the failed commit: %v", err)
	}
}

// Readers come while acts are acknowledged one after the other: none may miss
// what was acknowledged before it began.
func TestAReaderSeesEveryActAcknowledgedBeforeItBegan(t *testing.T) {
	s := mustOpen(t, newConfig(t, time.Now))
	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for ctx.Err() == nil {
				size := s.size.Load()
				entries, err := s.Entries(ctx, size-1, size)
				if err != nil && ctx.Err() == nil {
					t.Error(err)
				}
				if err == nil && len(entries) == 0 {
					t.Errorf("leaf %d is acknowledged and not read", size-1)
				}
			}
		})
	}
	for range 200 {
		grow(t, s, 1)
	}
	stop()
	readers.Wait()
}

// A map that grows waits for every reader: what stands by must end.
func TestACommitWaitsForNobodyStandingByForLong(t *testing.T) {
	db, err := bbolt.Open(filepath.Join(t.TempDir(), "small.db"), 0o600, &bbolt.Options{PageSize: pageSize})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	standby := newStandby()
	for n := range 8 { // beyond what was mapped, some of the times
		err := make(chan error, 1)
		standby.fill(db)
		go func() {
			err <- db.Update(func(tx *bbolt.Tx) error {
				rows, err := tx.CreateBucketIfNotExists([]byte("rows"))
				if err != nil {
					return err
				}
				return rows.Put([]byte{byte(n)}, make([]byte, 256<<10))
			})
		}()
		select {
		case err := <-err:
			if err != nil {
				t.Fatal(err)
			}
		case <-time.After(20 * standbyLife):
			standby.empty()
			t.Fatal("the commit never ends")
		}
		standby.empty()
	}
}
