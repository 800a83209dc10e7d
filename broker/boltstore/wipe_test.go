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

func TestAnEndedOrReplacedRefreshTokenKeepsNothingToOpen(t *testing.T) {
	s := mustOpen(t, newConfig(t, time.Now))
	agreed(t, s)
	if err := makeRepeated(s); err != nil {
		t.Fatal(err)
	}
	first, second := store.Hash{1}, store.Hash{2}
	_, err := s.Redeem(t.Context(), store.RedeemCmd{Code: sha256.Sum256([]byte("code")), Client: "c", Open: func(_, _ []byte) (store.Token, error) {
		return store.Token{Hash: store.Hash{9}, Expires: time.Minute, Refresh: &store.Refresh{Hash: first, Bound: []byte("b")}}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Renew(t.Context(), store.RenewCmd{Refresh: first, Client: "c", Window: time.Minute, Open: func(_, _ []byte) (store.Token, error) {
		return store.Token{Hash: store.Hash{8}, Expires: time.Minute, Refresh: &store.Refresh{Hash: second, Bound: []byte("b"), Handed: []byte("h")}}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	if row := rowOf[refreshRow](t, s, refreshBucket, first[:]); row.Bound != nil || row.Replaced.IsZero() {
		t.Errorf("the replaced row is %+v", row)
	}
	if _, err := s.Revoke(t.Context(), "g", "suspension"); err != nil {
		t.Fatal(err)
	}
	if row := rowOf[refreshRow](t, s, refreshBucket, second[:]); row.Bound != nil || !row.Dead {
		t.Errorf("the ended row is %+v", row)
	}
	err = s.read(func(tx *bbolt.Tx) error {
		handed, err := getRow(tx, handedBucket, first[:])
		if handed != nil {
			t.Error("the successor is handed over still")
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// makeRepeated lets the only grant renew.
func makeRepeated(s *Store) error {
	return s.db.Update(func(tx *bbolt.Tx) error {
		b := &batch{tx: tx, now: s.now()}
		at, g, err := b.grantByID("g")
		if err != nil {
			return err
		}
		g.Grant.FetchMode, g.Grant.MaxFetches = repeated, 4
		return b.putJSON(grantBucket, at[:], g)
	})
}
