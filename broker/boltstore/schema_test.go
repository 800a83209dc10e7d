package boltstore

import (
	"errors"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"accord/broker/store"
)

func TestNoTwoBucketsShareTheirRows(t *testing.T) {
	seen := map[[2]string]bucketName{}
	for _, b := range buckets() {
		bucket, prefix := b.home()
		if other, taken := seen[[2]string{bucket, prefix}]; taken {
			t.Errorf("%s and %s lie together", b, other)
		}
		seen[[2]string{bucket, prefix}] = b
	}
}

// A data folder of before there were refresh tokens opens as it is, and is then
// marked: the program of that day would not kill them with their grant.
func TestAStoreOfVersionOneOpensAndIsMarked(t *testing.T) {
	c := newConfig(t, time.Now)
	s := mustOpen(t, c)
	redeemed(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	setSchema(t, c, 1)
	if _, err := Inspect(c); err != nil {
		t.Fatalf("Inspect: %v", err)
	}
	s = mustOpen(t, c)
	if g, err := s.Grant(t.Context(), "g"); err != nil || g.State != store.Given {
		t.Fatalf("grant %+v, %v", g, err)
	}
	err := s.read(func(tx *bbolt.Tx) error {
		version, err := getRow(tx, metaBucket, []byte("schema"))
		if err == nil && version[0] != schemaVersion {
			t.Errorf("still marked %d", version[0])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func setSchema(t *testing.T, c Config, version byte) {
	t.Helper()
	db, err := bbolt.Open(c.Path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		key := []byte("schema")
		return tx.Bucket([]byte(metaBucket)).Put(key, sumRow(metaBucket, key, []byte{version}))
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}
