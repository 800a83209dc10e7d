package main

import (
	"encoding/binary"
	"fmt"

	"go.etcd.io/bbolt"
)

// A bareFile is the engine alone: one row, one transaction, one fsync.
type bareFile struct {
	db *bbolt.DB
	n  uint64
}

func openBare(path string) (*bareFile, error) {
	// The page size and free list of broker/boltstore.
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{PageSize: 16 << 10, FreelistType: bbolt.FreelistMapType, InitialMmapSize: 1 << 30})
	if err != nil {
		return nil, fmt.Errorf("opening a bare file: %w", err)
	}
	return &bareFile{db: db}, nil
}

func (b *bareFile) put() error {
	b.n++
	return b.db.Update(func(tx *bbolt.Tx) error {
		rows, err := tx.CreateBucketIfNotExists([]byte("rows"))
		if err != nil {
			return err
		}
		return rows.Put(binary.BigEndian.AppendUint64(nil, b.n), make([]byte, receiptSize))
	})
}

func (b *bareFile) close() { _ = b.db.Close() } // the folder goes with it
