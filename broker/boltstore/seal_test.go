package boltstore

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"accord/broker/store"
	"accord/consent/audit"
)

const marker = "CANARY-4f1c9a"

// agreed puts one agreement whose receipt, evidence and event hold the marker.
func agreed(t testing.TB, s *Store) (receiptID string) {
	t.Helper()
	now := s.now()
	jws := []byte(marker + "-jws")
	err := s.Announce(t.Context(), []store.Public{
		{Kind: audit.KeyActivated, ID: "k", Digest: "d", Event: audit.Event{Role: "receipt"}},
		{Kind: audit.ApprovalChanged, ID: "a", Digest: "d", Approval: &store.ApprovalState{ID: "a", InForce: true, Data: []string{"x"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	look := audit.Event{Interaction: "i", Client: "c", Approval: "a", Data: []string{"x"}}
	if _, err := s.RequestLookup(t.Context(), store.LookupCmd{Event: look}); err != nil {
		t.Fatal(err)
	}
	_, err = s.Decide(t.Context(), store.DecideCmd{
		Interaction: "i", Kind: audit.ConsentGranted, Event: audit.Event{Mode: marker + "-event"},
		Receipt: store.Receipt{ID: "r", KeyID: "k", JWS: jws, Digest: audit.Digest(jws), Sealed: []byte(marker + "-evidence")},
		Grant:   &store.Grant{ID: "g", Client: "c", Approval: "a", Citizen: "z", Data: []string{"x"}, ValidUntil: now.Add(time.Minute)},
		Code: &store.Code{
			Hash: sha256.Sum256([]byte("code")), Client: "c", Expires: time.Minute, Bound: []byte("b"), Wrapped: []byte("w"),
		},
		Snapshot: &store.Snapshot{ID: "s", Sealed: []byte("sealed"), Expires: time.Minute},
	})
	if err != nil {
		t.Fatal(err)
	}
	return "r"
}

func TestFilesLetNobodyReadAReceiptOrAnEvent(t *testing.T) {
	cfg := newConfig(t, time.Now)
	s := mustOpen(t, cfg)
	id := agreed(t, s)
	var backup bytes.Buffer
	if err := s.Backup(t.Context(), &backup); err != nil {
		t.Fatal(err)
	}
	r, err := s.Receipt(t.Context(), id)
	if err != nil || !bytes.Contains(r.JWS, []byte(marker)) {
		t.Fatalf("with the keys it reads %q, %v", r.JWS, err)
	}
	mustClose(t, s)
	all := backup.Bytes()
	err = filepath.WalkDir(filepath.Dir(filepath.Dir(cfg.Path)), func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			all = append(all, readFile(t, path)...)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(all, []byte("accord.example/log/1")) {
		t.Fatal("the search sees nothing")
	}
	if bytes.Contains(all, []byte(marker)) {
		t.Error("a receipt or an event lies in clear")
	}
}

func TestWithoutItsEpochKeyNothingOpens(t *testing.T) {
	cfg := newConfig(t, time.Now)
	s := mustOpen(t, cfg)
	id := agreed(t, s)
	mustClose(t, s)
	cfg.Epochs = testEpochs{sha256.Sum256([]byte("other keys"))}
	s = mustOpen(t, cfg) // the log still verifies
	if _, err := s.Receipt(t.Context(), id); !errors.Is(err, ErrDamaged) {
		t.Errorf("receipt: %v", err)
	}
	if _, err := s.Entries(t.Context(), 0, 1); !errors.Is(err, ErrDamaged) {
		t.Errorf("entries: %v", err)
	}
}

func TestSealedRowsCannotBeExchanged(t *testing.T) {
	cfg := newConfig(t, time.Now)
	s := mustOpen(t, cfg)
	grow(t, s, 2)
	mustClose(t, s)
	one, two := placeOf(1, 1), placeOf(1, 2)
	edit(t, cfg, func(tx *bbolt.Tx) error { // row and wrap of one under the place of two
		return errors.Join(copyRow(tx, wrapBucket, one[:], two[:]), copyRow(tx, sealedBucket, eventPart.key(one), eventPart.key(two)))
	})
	s = mustOpen(t, cfg)
	if _, err := s.Entries(t.Context(), 2, 3); !errors.Is(err, ErrDamaged) {
		t.Errorf("an exchanged event is read: %v", err)
	}
	if _, err := s.Entries(t.Context(), 1, 2); err != nil {
		t.Error(err)
	}
}

func copyRow(tx *bbolt.Tx, bucket bucketName, from, to []byte) error {
	value, err := getRow(tx, bucket, from)
	if err != nil {
		return err
	}
	return tx.Bucket([]byte(bucket)).Put(to, sumRow(bucket, to, value))
}

func TestEveryRowHasAKeyOfItsOwn(t *testing.T) {
	cfg := newConfig(t, time.Now)
	s := mustOpen(t, cfg)
	agreed(t, s)
	keys := map[string]bool{}
	err := s.db.View(func(tx *bbolt.Tx) error {
		for index := range s.size.Load() {
			for _, p := range []part{eventPart, saltPart, receiptPart} {
				at := placeOf(1, index)
				if row, err := getRow(tx, sealedBucket, p.key(at)); row == nil || err != nil {
					continue
				}
				key, err := s.sealer.unwrap(tx, p, at)
				if err != nil || keys[string(key)] {
					t.Errorf("%c %d: key used twice: %v", p, index, err)
				}
				keys[string(key)] = true
			}
		}
		return nil
	})
	if err != nil || len(keys) < 8 {
		t.Errorf("%d keys, %v", len(keys), err)
	}
}

func TestEventsAreWrappedUnderTheirMonth(t *testing.T) {
	now := time.Date(2026, 11, 30, 23, 59, 0, 0, time.UTC)
	s := mustOpen(t, newConfig(t, func() time.Time { return now }))
	grow(t, s, 1)
	now = now.Add(2 * time.Minute)
	grow(t, s, 1)
	for index, want := range []string{"2026-11", "2026-11", "2026-12"} {
		err := s.db.View(func(tx *bbolt.Tx) error {
			at := placeOf(1, int64(index))
			row, err := getRow(tx, wrapBucket, at[:])
			if epoch, _, ok := findWrap(row, eventPart); !ok || epoch != want {
				t.Errorf("event %d is wrapped under %s, want %s", index, epoch, want)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}
