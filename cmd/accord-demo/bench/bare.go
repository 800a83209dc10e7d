package main

import (
	"encoding/binary"
	"fmt"

	"go.etcd.io/bbolt"
)

// A bareFile is the engine alone: one row, one transaction, one fsync.
type bareFile struct {
	db    *bbolt.DB
	n     uint64
	queue chan bareRow // nil until together
}

func openBare(path string) (*bareFile, error) {
	// The page size and free list of broker/boltstore.
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{PageSize: 16 << 10, FreelistType: bbolt.FreelistMapType, InitialMmapSize: 1 << 30})
	if err != nil {
		return nil, fmt.Errorf("opening a bare file: %w", err)
	}
	return &bareFile{db: db}, nil
}

func (b *bareFile) put() error { return b.update(1, receiptSize) }

func (b *bareFile) update(rows, size int) error {
	return b.db.Update(func(tx *bbolt.Tx) error {
		bucket, err := tx.CreateBucketIfNotExists([]byte("rows"))
		if err != nil {
			return err
		}
		for range rows {
			b.n++
			if err := bucket.Put(binary.BigEndian.AppendUint64(nil, b.n), make([]byte, size)); err != nil {
				return err
			}
		}
		return nil
	})
}

// A bareRow waits for the commit that holds it.
type bareRow chan error

// together commits in groups, as the store's sequencer does: what waits when
// the last commit ends. The writer it returns may be used by many at once.
func (b *bareFile) together(size int) writer {
	b.queue = make(chan bareRow, 256)
	go func() {
		for first := range b.queue {
			group := []bareRow{first}
			for range len(b.queue) {
				group = append(group, <-b.queue)
			}
			err := b.update(len(group), size)
			for _, row := range group {
				row <- err
			}
		}
	}()
	return func() error {
		row := make(bareRow, 1)
		b.queue <- row
		return <-row
	}
}

func (b *bareFile) close() {
	if b.queue != nil {
		close(b.queue)
	}
	_ = b.db.Close() // the folder goes with it
}
