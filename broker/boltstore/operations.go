package boltstore

import (
	"context"
	"fmt"
	"io"

	"go.etcd.io/bbolt"

	"accord/broker/store"
)

// Checkpoint implements store.Store: the log as it is now, once the guard holds
// it too, which takes up to Config.GuardInterval.
func (s *Store) Checkpoint(ctx context.Context) ([]byte, error) {
	if s.failed.Load() != nil {
		return nil, fmt.Errorf("reading the checkpoint: %w", store.ErrUnavailable)
	}
	if err := s.guard.reach(ctx, s.size.Load()); err != nil {
		return nil, fmt.Errorf("reading the checkpoint: %w", err)
	}
	return append([]byte(nil), s.guard.current().note...), nil
}

// Backup implements store.Store: a consistent copy of the file, written while
// the store goes on. It holds neither keys nor temporary values. A slow w slows
// nobody but lets the file grow meanwhile.
func (s *Store) Backup(ctx context.Context, w io.Writer) error {
	return s.view(ctx, "backing up", func(tx *bbolt.Tx) error {
		_, err := tx.WriteTo(contextWriter{ctx, w})
		return err
	})
}

// contextWriter ends a copy whose context has ended.
type contextWriter struct {
	ctx context.Context
	w   io.Writer
}

func (c contextWriter) Write(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.w.Write(p)
}

// Health implements store.Store.
func (s *Store) Health(context.Context) store.Health {
	s.intake.RLock()
	defer s.intake.RUnlock()
	return store.Health{
		Writable:   !s.closed && s.failed.Load() == nil,
		Size:       s.size.Load(),
		Queue:      len(s.queue),
		Guarded:    s.guard.current().size,
		Checkpoint: s.guard.written(),
	}
}
