package boltstore

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"accord/broker/store"
)

const (
	maxValues = 100_000   // of a space; an interaction lives 60 minutes at most
	maxMarks  = 2_000_000 // of a space, some 80 bytes each: an hour of 500 a second
)

// A temporary value.
type temporary struct {
	value []byte
	until time.Time
}

// temporaries holds what may be lost in a crash: values sealed by their owners
// under hashes of their secrets, and marks of what was used once.
type temporaries struct {
	now func() time.Time

	mu     sync.Mutex // guards all below
	values map[store.Space]map[store.Hash]temporary
	marks  map[store.Space]map[store.Hash]int64 // until, Unix ms
	swept  time.Time                            // last search for room in a full space
	closed bool
}

func newTemporaries(now func() time.Time) *temporaries {
	return &temporaries{
		now:    now,
		values: make(map[store.Space]map[store.Hash]temporary),
		marks:  make(map[store.Space]map[store.Hash]int64),
	}
}

// once marks h as used; fresh is false when it was marked and not yet expired.
func (t *temporaries) once(sp store.Space, h store.Hash, until time.Time) (fresh bool, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return false, store.ErrUnavailable
	}
	now := t.now()
	if !now.Before(until) {
		return false, store.ErrExpired
	}
	if mark, used := t.marks[sp][h]; used && now.UnixMilli() < mark {
		return false, nil
	}
	return true, t.mark(sp, h, until)
}

func (t *temporaries) mark(sp store.Space, h store.Hash, until time.Time) error {
	if len(t.marks[sp]) >= maxMarks && !t.makeRoom(func() bool { return len(t.marks[sp]) < maxMarks }) {
		return store.ErrOverloaded
	}
	if t.marks[sp] == nil {
		t.marks[sp] = make(map[store.Hash]int64)
	}
	t.marks[sp][h] = until.Add(time.Millisecond - 1).UnixMilli() // never forgotten early
	return nil
}

func (t *temporaries) put(sp store.Space, h store.Hash, value []byte, until time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return store.ErrUnavailable
	}
	return t.keep(sp, h, temporary{value: bytes.Clone(value), until: until})
}

func (t *temporaries) keep(sp store.Space, h store.Hash, v temporary) error {
	_, there := t.values[sp][h]
	if !there && len(t.values[sp]) >= maxValues && !t.makeRoom(func() bool { return len(t.values[sp]) < maxValues }) {
		return store.ErrOverloaded
	}
	if t.values[sp] == nil {
		t.values[sp] = make(map[store.Hash]temporary)
	}
	t.values[sp][h] = v
	return nil
}

// makeRoom forgets what has expired, at most once a second, so that a full
// space is refused cheaply.
func (t *temporaries) makeRoom(room func() bool) bool {
	if now := t.now(); now.Sub(t.swept).Abs() >= time.Second {
		t.swept = now
		t.forget(now)
	}
	return room()
}

func (t *temporaries) get(sp store.Space, h store.Hash, take bool) ([]byte, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return nil, store.ErrUnavailable
	}
	v, ok := t.values[sp][h]
	if !ok {
		return nil, store.ErrNotFound
	}
	if !t.now().Before(v.until) {
		return nil, store.ErrExpired
	}
	if take {
		delete(t.values[sp], h)
		return v.value, nil
	}
	return bytes.Clone(v.value), nil
}

func (t *temporaries) sweep() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.forget(t.now())
}

func (t *temporaries) forget(now time.Time) {
	for _, values := range t.values {
		maps.DeleteFunc(values, func(_ store.Hash, v temporary) bool { return !now.Before(v.until) })
	}
	for _, marks := range t.marks {
		maps.DeleteFunc(marks, func(_ store.Hash, until int64) bool { return now.UnixMilli() >= until })
	}
}

func (t *temporaries) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
}

// Once implements store.Store.
func (s *Store) Once(ctx context.Context, sp store.Space, h store.Hash, until time.Time) (bool, error) {
	fresh, err := s.temps.once(sp, h, until)
	return fresh && err == nil, temporaryError("marking a first use", sp, err)
}

// PutTemporary implements store.Store. A value already there is replaced.
func (s *Store) PutTemporary(ctx context.Context, sp store.Space, h store.Hash, sealed []byte, until time.Time) error {
	return temporaryError("keeping a temporary value", sp, s.temps.put(sp, h, sealed, until))
}

// GetTemporary implements store.Store.
func (s *Store) GetTemporary(ctx context.Context, sp store.Space, h store.Hash) ([]byte, error) {
	v, err := s.temps.get(sp, h, false)
	return v, temporaryError("reading a temporary value", sp, err)
}

// TakeTemporary implements store.Store.
func (s *Store) TakeTemporary(ctx context.Context, sp store.Space, h store.Hash) ([]byte, error) {
	v, err := s.temps.get(sp, h, true)
	return v, temporaryError("taking a temporary value", sp, err)
}

func temporaryError(doing string, sp store.Space, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s of space %s: %w", doing, sp, err)
}
