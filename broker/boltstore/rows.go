package boltstore

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"

	"go.etcd.io/bbolt"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

const sumSize = 4

// rowSum covers the row's place too, so that a row turning up under another
// key, as a damaged page may show it, is refused.
func rowSum(bucket bucketName, key, value []byte) uint32 {
	sum := crc32.Update(0, castagnoli, []byte(bucket))
	sum = crc32.Update(sum, castagnoli, key)
	return crc32.Update(sum, castagnoli, value)
}

func sumRow(bucket bucketName, key, value []byte) []byte {
	row := make([]byte, 0, len(value)+sumSize)
	row = append(row, value...)
	return binary.BigEndian.AppendUint32(row, rowSum(bucket, key, value))
}

func checkRow(bucket bucketName, key, row []byte) ([]byte, error) {
	if len(row) < sumSize {
		return nil, fmt.Errorf("row of %s: %w", bucket, ErrDamaged)
	}
	value := row[: len(row)-sumSize : len(row)-sumSize]
	if binary.BigEndian.Uint32(row[len(value):]) != rowSum(bucket, key, value) {
		return nil, fmt.Errorf("row of %s: %w", bucket, ErrDamaged)
	}
	return value, nil
}

// getRow returns a row's value, nil when there is none. The bytes are bbolt's:
// valid within the transaction, never to be written to.
func getRow(tx *bbolt.Tx, bucket bucketName, key []byte) ([]byte, error) {
	rows, at := bucket.rows(tx, key)
	row := rows.Get(at)
	if row == nil {
		return nil, nil
	}
	return checkRow(bucket, key, row)
}

// getJSON reads a row made by putJSON; found is false when there is none.
func getJSON[T any](tx *bbolt.Tx, bucket bucketName, key []byte) (row T, found bool, err error) {
	value, err := getRow(tx, bucket, key)
	if err != nil || value == nil {
		return row, false, err
	}
	row, err = decodeRow[T](bucket, value)
	return row, err == nil, err
}

func decodeRow[T any](bucket bucketName, value []byte) (row T, err error) {
	if err := json.Unmarshal(value, &row); err != nil {
		return row, fmt.Errorf("row of %s: %w: %w", bucket, ErrDamaged, err)
	}
	return row, nil
}

// getPlace reads a row that holds the place of another.
func getPlace(tx *bbolt.Tx, bucket bucketName, key []byte) (p place, found bool, err error) {
	value, err := getRow(tx, bucket, key)
	if err != nil || value == nil {
		return place{}, false, err
	}
	p, ok := parsePlace(value)
	if !ok {
		return place{}, false, fmt.Errorf("row of %s: %w", bucket, ErrDamaged)
	}
	return p, true, nil
}

// keysUnder copies the keys that begin with prefix: bbolt's do not survive a
// write.
func keysUnder(rows *bbolt.Bucket, prefix []byte) (keys [][]byte) {
	c := rows.Cursor()
	for k, _ := c.Seek(prefix); k != nil && bytes.HasPrefix(k, prefix); k, _ = c.Next() {
		keys = append(keys, bytes.Clone(k))
	}
	return keys
}
