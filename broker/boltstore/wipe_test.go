package boltstore

import (
	"crypto/sha256"
	"errors"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"accord/broker/store"
)

// redeemed puts one agreement with a snapshot and redeems its code.
func redeemed(t *testing.T, s *Store) (code, token store.Hash) {
	t.Helper()
	agreed(t, s)
	code, token = sha256.Sum256([]byte("code")), sha256.Sum256([]byte("token"))
	_, err := s.Redeem(t.Context(), store.RedeemCmd{Code: code, Client: "c", Open: func(_, _ []byte) (store.Token, error) {
		return store.Token{Hash: token, Expires: time.Minute, Bound: []byte("b"), Wrapped: []byte("w")}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	return code, token
}

func TestAUsedCodeKeepsNoKey(t *testing.T) {
	s := mustOpen(t, newConfig(t, time.Now))
	code, _ := redeemed(t, s)
	row := rowOf[codeRow](t, s, codeBucket, code[:])
	if !row.Used || row.Bound != nil || row.Wrapped != nil {
		t.Errorf("code row is %+v", row)
	}
}

func TestAnEndedGrantLeavesNothingToOpen(t *testing.T) {
	s := mustOpen(t, newConfig(t, time.Now))
	_, token := redeemed(t, s)
	if _, err := s.Revoke(t.Context(), "g", "suspension"); err != nil {
		t.Fatal(err)
	}
	row := rowOf[tokenRow](t, s, tokenBucket, token[:])
	if !row.Dead || row.Bound != nil || row.Wrapped != nil {
		t.Errorf("token row is %+v", row)
	}
	err := s.read(func(tx *bbolt.Tx) error {
		sealed, err := getRow(tx, snapshotBucket, []byte("s"))
		if sealed != nil {
			t.Error("the snapshot lies there still")
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func rowOf[T any](t *testing.T, s *Store, bucket bucketName, key []byte) (row T) {
	t.Helper()
	err := s.read(func(tx *bbolt.Tx) (err error) {
		var found bool
		row, found, err = getJSON[T](tx, bucket, key)
		if !found {
			t.Error("no such row")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return row
}

func TestAGrantOfOneFetchHasNoSecond(t *testing.T) {
	g := grantRow{Snapshot: "second", Grant: store.Grant{MaxFetches: 2, Snapshots: []string{"first"}}}
	for _, c := range []struct {
		agreed, approved int
		want             error
	}{{2, 0, nil}, {2, 2, nil}, {2, 1, store.ErrNotCovered}, {1, 5, store.ErrNotCovered}, {0, 0, store.ErrNotCovered}} {
		g.Grant.MaxFetches = c.agreed
		if err := checkFetches("second", g, &store.ApprovalState{MaxFetches: c.approved}); !errors.Is(err, c.want) {
			t.Errorf("agreed %d, approved %d: %v", c.agreed, c.approved, err)
		}
	}
}
