package boltstore

import (
	"encoding/json"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
)

// A batch is one transaction of the sequencer. Its jobs run one after another
// and see each other's writes. A job must check everything before it first
// writes: the transaction of the others commits whether it fails or not.
type batch struct {
	tx     *bbolt.Tx
	log    *appender
	sealer *sealer
	memos  *memos
	number uint32    // log number
	now    time.Time // the stamp: ms, UTC, never before the last event's
	wrote  bool      // the running job has written
	dirty  bool      // some job has
}

func (b *batch) put(bucket bucketName, key, value []byte) error {
	b.wrote, b.dirty = true, true
	rows, at := bucket.rows(b.tx, key)
	if bucket.sequential() {
		rows.FillPercent = 1
	}
	if err := rows.Put(at, sumRow(bucket, key, value)); err != nil {
		return fmt.Errorf("writing a row of %s: %w", bucket, err)
	}
	return nil
}

func (b *batch) putJSON(bucket bucketName, key []byte, row any) error {
	value, err := json.Marshal(row)
	if err != nil {
		return fmt.Errorf("writing a row of %s: %w", bucket, err)
	}
	return b.put(bucket, key, value)
}

func (b *batch) delete(bucket bucketName, key []byte) error {
	b.wrote, b.dirty = true, true
	rows, at := bucket.rows(b.tx, key)
	if err := rows.Delete(at); err != nil {
		return fmt.Errorf("deleting a row of %s: %w", bucket, err)
	}
	return nil
}

func (b *batch) exists(bucket bucketName, key []byte) bool {
	rows, at := bucket.rows(b.tx, key)
	return rows.Get(at) != nil
}

func (b *batch) place(index int64) place { return placeOf(b.number, index) }
