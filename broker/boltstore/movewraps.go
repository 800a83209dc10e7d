package boltstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"

	"go.etcd.io/bbolt"

	"accord/broker/store"
)

// maxMoves bounds how much one job moves: citizens wait meanwhile.
const maxMoves = 1024

// A moves remembers how far MoveWraps came, so that emptying an epoch reads
// each row once. It is only a shortcut: a new process begins again.
type moves struct {
	mu    sync.Mutex
	epoch string
	next  []byte // everything before it is under another epoch
	left  int
}

// MoveWraps implements store.Store. ErrConflict while epoch is the current one:
// what is written meanwhile would be wrapped under it again. With 0 left
// nothing in the file is wrapped under the epoch, and the pages that old copies
// lay in are overwritten; Erase and a crash between two calls disturb nothing.
func (s *Store) MoveWraps(ctx context.Context, epoch string, most int) (left int, err error) {
	s.moves.mu.Lock()
	defer s.moves.mu.Unlock()
	left, err = s.moveWraps(ctx, epoch, min(max(most, 1), maxMoves))
	if err == nil && left == 0 {
		s.sealer.forget(epoch)
		err = s.overwriteFree(ctx)
	}
	if err != nil {
		return left, fmt.Errorf("moving the keys of epoch %s: %w", epoch, err)
	}
	return left, nil
}

func (s *Store) moveWraps(ctx context.Context, epoch string, most int) (left int, err error) {
	// A job, even without any key to move, also waits for the batch that may
	// still wrap under the old epoch.
	if err := s.moveSome(ctx, epoch, nil); err != nil {
		return 0, err
	}
	if err := s.moveRequests(ctx, epoch); err != nil {
		return 0, err
	}
	m := &s.moves
	if m.epoch != epoch || m.left <= 0 {
		m.epoch, m.next = epoch, nil
		if m.left, err = s.countWraps(ctx, epoch); err != nil {
			return 0, err
		}
	}
	keys, err := s.wrapsOf(ctx, epoch, m.next, most)
	if err == nil && len(keys) > 0 {
		err = s.moveSome(ctx, epoch, keys)
	}
	if err != nil {
		return 0, err
	}
	if len(keys) < most { // the end: whatever was counted, look again
		m.left = 0
		return s.countWraps(ctx, epoch)
	}
	m.next, m.left = append(keys[len(keys)-1], 0), max(m.left-len(keys), 1)
	return m.left, nil
}

// wrapsOf lists the first keys of rows wrapped under the epoch.
func (s *Store) wrapsOf(ctx context.Context, epoch string, from []byte, most int) (keys [][]byte, err error) {
	err = s.eachWrap(ctx, epoch, from, func(key []byte) bool {
		keys = append(keys, bytes.Clone(key))
		return len(keys) < most
	})
	return keys, err
}

func (s *Store) countWraps(ctx context.Context, epoch string) (n int, err error) {
	err = s.eachWrap(ctx, epoch, nil, func([]byte) bool { n++; return true })
	return n, err
}

func (s *Store) eachWrap(ctx context.Context, epoch string, from []byte, visit func(key []byte) bool) error {
	begin := append([]byte{byte(len(epoch))}, epoch...)
	return s.view(ctx, "reading the wraps", func(tx *bbolt.Tx) error {
		rows := tx.Bucket([]byte(wrapBucket)).Cursor()
		for k, v := rows.Seek(from); k != nil; k, v = rows.Next() {
			if bytes.HasPrefix(v, begin) && !visit(k) {
				return nil
			}
		}
		return nil
	})
}

func (s *Store) moveSome(ctx context.Context, epoch string, keys [][]byte) error {
	return s.do(ctx, "moving", func(b *batch) error {
		now, err := b.sealer.current(b.now)
		if err != nil {
			return err
		}
		if now.id == epoch {
			return fmt.Errorf("epoch is the current one: %w", store.ErrConflict)
		}
		moved, err := b.rewrapped(epoch, now, keys)
		if err != nil {
			return err
		}
		for at, row := range moved {
			err = errors.Join(err, b.put(wrapBucket, at[:], row))
		}
		return err
	})
}

// rewrapped reads and writes nothing. Rows erased or moved meanwhile are left
// out.
func (b *batch) rewrapped(epoch string, now epoch, keys [][]byte) (map[place][]byte, error) {
	moved := make(map[place][]byte, len(keys))
	for _, key := range keys {
		at, ok := parsePlace(key)
		if !ok {
			return nil, fmt.Errorf("row of %s: %w", wrapBucket, ErrDamaged)
		}
		row, err := getRow(b.tx, wrapBucket, key)
		if err != nil {
			return nil, err
		}
		if id, _, ok := findWrap(row, eventPart); !ok || id != epoch {
			continue
		}
		if moved[at], err = b.sealer.rewrap(row, at, now); err != nil {
			return nil, err
		}
	}
	return moved, nil
}

// rewrap gives the row with its keys wrapped under another epoch.
func (s *sealer) rewrap(row []byte, at place, to epoch) ([]byte, error) {
	moved := to.sealing(at)
	for _, p := range []part{eventPart, saltPart, receiptPart} {
		id, wrapped, ok := findWrap(row, p)
		if !ok {
			continue
		}
		from, err := s.byID(id)
		if err != nil {
			return nil, err
		}
		key, err := from.aead.Open(nil, nil, wrapped, wrapContext(p, at, id))
		if err != nil {
			return nil, fmt.Errorf("unwrapping the key of a sealed row: %w", ErrDamaged)
		}
		moved.wrap(p, key)
	}
	return moved.wraps, nil
}

// forget drops an epoch key from memory.
func (s *sealer) forget(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.known, id)
}
