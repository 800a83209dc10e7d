package boltstore

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"go.etcd.io/bbolt"
)

const (
	pageSize = 16 << 10 // a receipt of 4 kB shares its page; chosen once, at creation
	lockWait = time.Second
	// mapSize is reserved address space, not memory: growing the map waits for
	// every reader, a backup included.
	mapSize = 16 << 30
)

func (c Config) options() *bbolt.Options {
	return &bbolt.Options{
		Timeout: lockWait, PageSize: pageSize, FreelistType: bbolt.FreelistMapType,
		InitialMmapSize: mapSize, OpenFile: c.OpenFile,
	}
}

func openFile(c Config) (*bbolt.DB, error) {
	if _, err := os.Stat(c.Path); errors.Is(err, os.ErrNotExist) {
		if err := create(c.Path); err != nil {
			return nil, err
		}
	}
	return openExisting(c)
}

// openExisting turns bbolt's panics on damaged pages into errors.
func openExisting(c Config) (db *bbolt.DB, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v: %w", p, ErrDamaged)
		}
	}()
	db, err = bbolt.Open(c.Path, 0o600, c.options())
	return db, named(err)
}

// create makes the file whole and durable under another name before it appears
// under its own: power lost during bbolt's first initialisation damages a file.
// A link, unlike a rename, never replaces the file another process made
// meanwhile.
func create(path string) (err error) {
	dir, name := filepath.Split(path)
	f, err := os.CreateTemp(dir, name+".new-*")
	if err != nil {
		return fmt.Errorf("creating: %w", err)
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	if err := f.Close(); err != nil {
		return fmt.Errorf("creating: %w", err)
	}
	if err := fill(f.Name()); err != nil {
		return fmt.Errorf("creating: %w", err)
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("creating: %w", err)
	}
	return syncDir(dir)
}

func fill(path string) error {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{PageSize: pageSize, FreelistType: bbolt.FreelistMapType})
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		for _, name := range homes() {
			if _, err := tx.CreateBucket([]byte(name)); err != nil {
				return err
			}
		}
		return putSchema(tx)
	})
	return errors.Join(err, db.Sync(), db.Close())
}

func putSchema(tx *bbolt.Tx) error {
	key := []byte("schema")
	return tx.Bucket([]byte(metaBucket)).Put(key, sumRow(metaBucket, key, []byte{schemaVersion}))
}

// upgrade marks a file of an older version as this one's. Nothing else changes:
// the rows of version 1 are those of version 2.
func (s *Store) upgrade() error {
	var older bool
	err := s.db.View(func(tx *bbolt.Tx) error {
		version, err := getRow(tx, metaBucket, []byte("schema"))
		older = err == nil && version[0] < schemaVersion
		return err
	})
	if err != nil || !older {
		return err
	}
	if err := s.db.Update(putSchema); err != nil {
		return fmt.Errorf("marking the schema version: %w", err)
	}
	return nil
}

func syncDir(dir string) error {
	if dir == "" {
		dir = "."
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
