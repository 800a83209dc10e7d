package boltstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// bbolt never writes over a page: what was deleted stays in pages nobody
// refers to until chance gives them out again. The sealed rows there are dead
// with their epoch key; pseudonyms and ids of the rows in clear are not.

const (
	overwritePages = 256  // at most, while the sequencer waits
	examinePages   = 1024 // likewise
	readersWait    = 10 * time.Millisecond
)

var errRead = errors.New("someone reads")

// overwriteFree fills every page that nothing refers to with zeros, durably.
// It waits for readers, a backup included, as long as ctx allows.
func (s *Store) overwriteFree(ctx context.Context) (err error) {
	f, err := os.OpenFile(s.cfg.Path, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("overwriting free pages: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	for next, end := 2, false; !end; {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("overwriting free pages: %w", err)
		}
		next, end, err = s.overwriteSome(f, next)
		if errors.Is(err, errRead) {
			time.Sleep(readersWait)
			continue
		}
		if err != nil {
			return fmt.Errorf("overwriting free pages: %w", err)
		}
	}
	if err := f.Sync(); err != nil {
		err = fmt.Errorf("overwriting free pages: %w", err)
		s.fail(err)
		return err
	}
	return nil
}

// overwriteSome goes on from page next under bbolt's write lock, in a
// transaction that writes nothing: no page is given out meanwhile. A page that
// is free is free for bbolt to overwrite as well, once no reader is left that
// began before it was freed.
func (s *Store) overwriteSome(f *os.File, next int) (after int, end bool, err error) {
	tx, err := s.db.Begin(true)
	if err != nil {
		return next, false, err
	}
	defer tx.Rollback() //nolint:errcheck // it wrote nothing
	if !s.noReader() {
		return next, false, errRead
	}
	zeros, page := make([]byte, pageSize), make([]byte, pageSize)
	for n, last := 0, next+examinePages; next < last && n < overwritePages; next++ {
		info, err := tx.Page(next)
		if err != nil || info == nil {
			return next, true, err
		}
		if info.Type != "free" {
			continue
		}
		at := int64(next) * pageSize
		if _, err := f.ReadAt(page, at); err != nil {
			return next, false, err
		}
		if bytes.Equal(page, zeros) {
			continue
		}
		if _, err := f.WriteAt(zeros, at); err != nil {
			return next, false, err
		}
		n++
	}
	return next, false, nil
}

// noReader is asked under bbolt's write lock. Who begins to read afterwards
// reads what was committed last, which refers to no free page.
func (s *Store) noReader() bool {
	s.durable.Lock() // no beginRead is half-way
	defer s.durable.Unlock()
	return s.db.Stats().OpenTxN == 0
}
