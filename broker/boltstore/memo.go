package boltstore

import (
	"bytes"
	"sync"

	"go.etcd.io/bbolt"
)

// A memo spares the decoding of rows that are read again and again. Each row
// is still read, and its sum checked, in the transaction: what is remembered
// serves only the very bytes it was decoded from. Safe for concurrent use; nil
// remembers nothing.
type memo[T any] struct {
	mu         sync.Mutex
	young, old map[string]decoded[T] // by key; young ones become old together
}

// mostRemembered bounds each half of a memo, in rows of some kilobytes.
const mostRemembered = 1024

type decoded[T any] struct {
	from []byte
	row  T
}

// get is getJSON. What it gives is shared: nothing in it may be written to,
// nor appended to in place.
func (m *memo[T]) get(tx *bbolt.Tx, bucket bucketName, key []byte) (row T, found bool, err error) {
	value, err := getRow(tx, bucket, key)
	if err != nil || value == nil {
		return row, false, err
	}
	if row, ok := m.recall(key, value); ok {
		return row, true, nil
	}
	if row, err = decodeRow[T](bucket, value); err == nil {
		m.keep(key, decoded[T]{bytes.Clone(value), row})
	}
	return row, err == nil, err
}

// remember keeps a row that was just put. A transaction that comes to nothing
// leaves a memory of bytes that are nowhere.
func (m *memo[T]) remember(tx *bbolt.Tx, bucket bucketName, key []byte, row T) error {
	value, err := getRow(tx, bucket, key)
	if err == nil && value != nil {
		m.keep(key, decoded[T]{bytes.Clone(value), row})
	}
	return err
}

func (m *memo[T]) recall(key, value []byte) (row T, ok bool) {
	if m == nil {
		return row, false
	}
	m.mu.Lock()
	d, young := m.young[string(key)]
	if !young {
		d = m.old[string(key)]
	}
	m.mu.Unlock()
	if d.from == nil || !bytes.Equal(d.from, value) {
		return row, false
	}
	if !young {
		m.keep(key, d)
	}
	return d.row, true
}

func (m *memo[T]) keep(key []byte, d decoded[T]) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.young == nil || len(m.young) >= mostRemembered {
		m.young, m.old = make(map[string]decoded[T]), m.young
	}
	m.young[string(key)] = d
}

// memos are those of one store.
type memos struct {
	public memo[publicRow]
	tokens memo[tokenRow]
	grants memo[grantRow]
}
