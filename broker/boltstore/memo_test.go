package boltstore

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"go.etcd.io/bbolt"
)

func TestAMemoServesOnlyTheBytesItWasDecodedFrom(t *testing.T) {
	s := mustOpen(t, newConfig(t, time.Now))
	var m memo[string]
	key := []byte("k")
	write := func(text string) {
		t.Helper()
		if err := s.db.Update(func(tx *bbolt.Tx) error { return (&batch{tx: tx}).putJSON(grantBucket, key, text) }); err != nil {
			t.Fatal(err)
		}
	}
	read := func() (row string, err error) {
		err = s.db.View(func(tx *bbolt.Tx) error {
			row, _, err = m.get(tx, grantBucket, key)
			return err
		})
		return row, err
	}
	for _, text := range []string{"one", "two"} {
		write(text)
		for range 2 {
			if row, err := read(); row != text || err != nil {
				t.Errorf("%q, %v instead of %q", row, err, text)
			}
		}
	}
	err := s.db.Update(func(tx *bbolt.Tx) error { // a flipped byte
		row := tx.Bucket([]byte(grantBucket)).Get(key)
		bad := append([]byte(nil), row...)
		bad[1] ^= 1
		return tx.Bucket([]byte(grantBucket)).Put(key, bad)
	})
	if err != nil {
		t.Fatal(err)
	}
	if row, err := read(); !errors.Is(err, ErrDamaged) {
		t.Errorf("a damaged row is %q, %v", row, err)
	}
	if err := s.db.Update(func(tx *bbolt.Tx) error { return (&batch{tx: tx}).delete(grantBucket, key) }); err != nil {
		t.Fatal(err)
	}
	if row, err := read(); row != "" || err != nil {
		t.Errorf("a deleted row is %q, %v", row, err)
	}
}

func TestAMemoIsBounded(t *testing.T) {
	var m memo[int]
	for n := range 5 * mostRemembered {
		m.keep(fmt.Append(nil, n), decoded[int]{[]byte("v"), n})
		if _, ok := m.recall([]byte("0"), []byte("v")); !ok {
			t.Fatalf("what is asked for again and again is forgotten after %d others", n)
		}
	}
	if n := len(m.young) + len(m.old); n > 2*mostRemembered {
		t.Errorf("%d rows are remembered", n)
	}
}
