package boltstore

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// sweepStep bounds how much one job forgets: sweeping shares its batch with
// citizens who wait.
const sweepStep = 256

// expire has Sweep forget the row once until has passed.
func (b *batch) expire(bucket bucketName, key []byte, until time.Time) error {
	return b.put(expiryBucket, expiryKey(bucket, key, until), nil)
}

func expiryKey(bucket bucketName, key []byte, until time.Time) []byte {
	return append(binary.BigEndian.AppendUint64(nil, uint64(until.UnixMilli())), expiryName(bucket, key)...)
}

// expiryName ends the key of a row of state/expiry: what it forgets.
func expiryName(bucket bucketName, key []byte) []byte {
	return append(append([]byte(bucket), 0), key...)
}

// Sweep implements store.Store: codes, tokens, snapshots, answers and
// interactions past their time, a step in each transaction.
func (s *Store) Sweep(ctx context.Context) error {
	s.temps.sweep()
	for {
		var n int
		err := s.do(ctx, "sweeping", func(b *batch) (err error) {
			n, err = b.sweep()
			return err
		})
		if err != nil || n < sweepStep {
			return err
		}
	}
}

func (b *batch) sweep() (int, error) {
	due := b.due()
	for _, k := range due {
		bucket, key, ok := bytes.Cut(k[8:], []byte{0})
		if !ok {
			return 0, fmt.Errorf("row of %s: %w", expiryBucket, ErrDamaged)
		}
		if bucketName(bucket) == interactBucket {
			if err := b.indexInteraction(b.number, key); err != nil {
				return 0, err
			}
		}
		if err := errors.Join(b.delete(bucketName(bucket), key), b.delete(expiryBucket, k)); err != nil {
			return 0, err
		}
	}
	return len(due), nil
}

// due lists what has expired, the oldest first. Keys are copied: bbolt's do not
// survive a deletion.
func (b *batch) due() [][]byte {
	var due [][]byte
	rows, prefix := expiryBucket.rows(b.tx, nil)
	c := rows.Cursor()
	for k, _ := c.Seek(prefix); len(due) < sweepStep; k, _ = c.Next() {
		key, ours := bytes.CutPrefix(k, prefix)
		if !ours || len(key) < 8 || time.UnixMilli(int64(binary.BigEndian.Uint64(key))).After(b.now) {
			break
		}
		due = append(due, bytes.Clone(key))
	}
	return due
}
