package boltstore

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"accord/broker/store"
	"accord/consent/audit"
)

// announced opens, logs one public event of a name, and closes.
func announced(t *testing.T, c Config, names ...string) {
	t.Helper()
	s, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		things := []store.Public{{Kind: audit.PolicyChanged, ID: name, Digest: "sha-256:x"}}
		if err := s.Announce(t.Context(), things); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func copied(t *testing.T, c Config) string {
	t.Helper()
	var b bytes.Buffer
	if err := Copy(t.Context(), c, &b); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "copy")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAStoreOfANewerAccordIsRefusedByName(t *testing.T) {
	c := newConfig(t, time.Now)
	announced(t, c, "one")
	db, err := bbolt.Open(c.Path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		key := []byte("schema")
		return tx.Bucket([]byte(metaBucket)).Put(key, sumRow(metaBucket, key, []byte{schemaVersion + 1}))
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(c.Path)
	if _, err := Open(c); !errors.Is(err, ErrNewer) {
		t.Errorf("Open: %v", err)
	}
	if _, err := Inspect(c); !errors.Is(err, ErrNewer) {
		t.Errorf("Inspect: %v", err)
	}
	if after, _ := os.ReadFile(c.Path); !bytes.Equal(before, after) {
		t.Error("a refused store was written to")
	}
}

func TestEachCommitIsObservedOnce(t *testing.T) {
	var commits, events atomic.Int64
	c := newConfig(t, time.Now)
	c.Observe = func(k Commit) {
		commits.Add(1)
		events.Add(int64(k.Events))
		if k.Jobs != 1 || k.Took <= 0 {
			t.Errorf("%+v", k)
		}
	}
	announced(t, c, "one", "two", "two") // the last says nothing new
	if commits.Load() != 3 || events.Load() != 3 {
		t.Errorf("%d commits of %d events", commits.Load(), events.Load())
	}
}

// A row outside the log, whose damage no root would show.
func TestInspectFindsADamagedRowAnywhere(t *testing.T) {
	c := newConfig(t, time.Now)
	announced(t, c, "one")
	db, err := bbolt.Open(c.Path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte(stateHome)).Put([]byte("codamaged"), []byte("no sum that fits"))
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := Inspect(c); !errors.Is(err, ErrDamaged) {
		t.Errorf("Inspect: %v", err)
	}
}

func TestARestoreKeepsWhatItReplacesAndRefusesAnOlderCopy(t *testing.T) {
	c := newConfig(t, time.Now)
	announced(t, c, "one")
	old := copied(t, c)
	if r, err := Restore(t.Context(), c, old); err != nil || r.Size != 2 {
		t.Fatalf("a current copy: %+v, %v", r, err)
	}
	announced(t, c, "two")
	if _, err := Restore(t.Context(), c, old); !errors.Is(err, ErrGuard) {
		t.Errorf("an older copy: %v", err)
	}
	announced(t, c, "three") // still there, and goes on
	files, err := filepath.Glob(c.Path + "*")
	if err != nil || len(files) != 3 { // the file, what was replaced, temporary values
		t.Errorf("beside the store: %v, %v", files, err)
	}
}

func TestARestoreOfAnOpenStoreIsRefused(t *testing.T) {
	c := newConfig(t, time.Now)
	announced(t, c, "one")
	old := copied(t, c)
	s, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(t.Context(), c, old); !errors.Is(err, ErrLocked) {
		t.Errorf("Restore: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestATruncatedCopyIsRefused(t *testing.T) {
	c := newConfig(t, time.Now)
	announced(t, c, "one")
	old := copied(t, c)
	info, err := os.Stat(old)
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int64{0, 100, pageSize, info.Size() / 2, info.Size() - pageSize} {
		cut := copied(t, c)
		if err := os.Truncate(cut, size); err != nil {
			t.Fatal(err)
		}
		if _, err := Restore(t.Context(), c, cut); err == nil {
			t.Errorf("cut to %d of %d bytes: restored", size, info.Size())
		}
	}
	announced(t, c, "two") // what was there is untouched
}
