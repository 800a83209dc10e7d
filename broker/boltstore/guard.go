package boltstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	"golang.org/x/mod/sumdb/tlog"

	"accord/broker/store"
	"accord/consent/ledger"
)

// guarded is a signed checkpoint and its size.
type guarded struct {
	size int64
	note []byte
}

// A guard keeps the last signed checkpoint in a file outside the database, so
// that a restored database cannot sign a second history: whatever left the
// process is no larger than what the guard holds.
type guard struct {
	path  string
	every time.Duration
	fail  func(error)

	wake    chan struct{} // something larger is there, or someone waits
	quit    chan struct{}
	stopped chan struct{}

	mu      sync.Mutex
	want    guarded       // the last one committed
	have    guarded       // the last one on disk
	wrote   time.Time     // when have was written; zero before the first
	changed chan struct{} // closed when have changes
}

// newGuard starts the writer. last is what the store holds; it becomes the
// guard's at once when larger.
func newGuard(c Config, last guarded, fail func(error)) *guard {
	g := &guard{
		path: c.Guard, every: c.GuardInterval, fail: fail, changed: make(chan struct{}),
		wake: make(chan struct{}, 1), quit: make(chan struct{}), stopped: make(chan struct{}),
	}
	go g.run()
	if last.size > 0 {
		g.offer(last)
	}
	return g
}

// offer hands over a committed checkpoint; it never waits.
func (g *guard) offer(c guarded) {
	g.mu.Lock()
	g.want = c
	g.mu.Unlock()
	select {
	case g.wake <- struct{}{}:
	default:
	}
}

// reach waits until the guard holds a checkpoint of at least size.
func (g *guard) reach(ctx context.Context, size int64) error {
	for {
		g.mu.Lock()
		have, changed := g.have.size, g.changed
		g.mu.Unlock()
		if have >= size {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		case <-g.stopped:
			return store.ErrUnavailable
		}
	}
}

func (g *guard) current() guarded {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.have
}

// written is when the guard last took a checkpoint.
func (g *guard) written() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.wrote
}

func (g *guard) run() {
	defer close(g.stopped)
	for {
		select {
		case <-g.wake:
		case <-g.quit:
			g.flush()
			return
		}
		if !g.flush() {
			return
		}
		select {
		case <-time.After(g.every):
		case <-g.quit:
			g.flush()
			return
		}
	}
}

// flush writes what is wanted, if that is not there yet. It is false after a
// failure, which stops the store.
func (g *guard) flush() bool {
	g.mu.Lock()
	want, have := g.want, g.have
	g.mu.Unlock()
	if want.size <= have.size {
		return true
	}
	if err := replaceFile(g.path, want.note); err != nil {
		g.fail(fmt.Errorf("writing guard %s: %w", g.path, err))
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.have, g.wrote = want, time.Now()
	close(g.changed)
	g.changed = make(chan struct{})
	return true
}

// stop writes what is still wanted and ends the writer.
func (g *guard) stop() {
	close(g.quit)
	<-g.stopped
}

// replaceFile writes a file so that after a crash it holds the old or the new
// bytes, never a mixture.
func replaceFile(path string, data []byte) error {
	tmp := path + ".tmp"
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// checkGuard refuses a store that does not continue the guarded log.
func (s *Store) checkGuard(tx *bbolt.Tx) error {
	size := s.size.Load()
	data, err := os.ReadFile(s.cfg.Guard)
	switch {
	case errors.Is(err, os.ErrNotExist) && size <= 1:
		return nil // a new log: log.opened is all there is, and nothing of it was shown
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("guard %s is missing, put it back: %w", s.cfg.Guard, ErrGuard)
	case err != nil:
		return fmt.Errorf("reading guard: %w", err)
	}
	c, err := ledger.OpenCheckpoint(data, s.cfg.Origin, s.cfg.Verifier)
	if err != nil {
		return fmt.Errorf("reading guard %s: %w: %w", s.cfg.Guard, ErrGuard, err)
	}
	if c.Size > size {
		return fmt.Errorf("store holds %d leaves, guard %s knows %d: %w", size, s.cfg.Guard, c.Size, ErrGuard)
	}
	return s.checkPrefix(tx, c)
}

func (s *Store) checkPrefix(tx *bbolt.Tx, c ledger.Checkpoint) error {
	if c.Size == 0 {
		return nil
	}
	root, err := tlog.TreeHash(c.Size, ledger.HashReader(c.Size, storedTiles{tx, s.number}))
	if err != nil {
		return fmt.Errorf("computing the root at %d: %w: %w", c.Size, ErrDamaged, err)
	}
	if root != c.Root {
		return fmt.Errorf("the first %d leaves are not those of guard %s: %w", c.Size, s.cfg.Guard, ErrGuard)
	}
	return nil
}
