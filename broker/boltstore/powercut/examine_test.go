package powercut

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"go.etcd.io/bbolt"

	"accord/broker/boltstore"
	"accord/broker/storetest"
)

// examine opens what the cut left, as the next start would.
func (r *rig) examine() (c storetest.Counts, err error) {
	r.t.Helper()
	cfg, err := config(r.keys, r.dir)
	must(r.t, err)
	if err := checkPages(cfg.Path); err != nil {
		return c, err
	}
	s, err := boltstore.Open(cfg)
	if err != nil {
		return c, err
	}
	known := slices.DeleteFunc(slices.Clone(r.lines), func(l string) bool { return strings.HasPrefix(l, "stopped") })
	c, err = storetest.Examine(r.t.Context(), s, origin, cfg.Verifier, known)
	return c, errors.Join(err, s.Close())
}

// checkPages is bbolt's own check of its pages and free list.
func checkPages(path string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("checking pages: %v", p)
		}
	}()
	file, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil // the power went before the store was made
	}
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		return err
	}
	err = db.View(func(tx *bbolt.Tx) error {
		if tx.Size() > file.Size() { // bbolt's check would read beyond the end, in a goroutine that nobody can recover
			return fmt.Errorf("checking pages: %d bytes where there were %d", file.Size(), tx.Size())
		}
		var all []error
		for err := range tx.Check() {
			all = append(all, err)
		}
		return errors.Join(all...)
	})
	return errors.Join(err, db.Close())
}
