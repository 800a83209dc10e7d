package boltstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"

	"accord/consent/ledger"
)

// A Report says what the file of a store holds.
type Report struct {
	Origin     string
	Size       int64     // leaves
	Time       time.Time // stamp of the last event
	Checkpoint []byte    // signed note
	Bytes      int64     // of the file
}

// Inspect reads the file at c.Path, which no process may be writing, and
// changes nothing: the log against its signed checkpoint as Open does, and
// every row against its sum, the epoch keys being there. It does not ask the
// guard. Errors: ErrDamaged, ErrNewer, ErrLocked, and what Config.Epochs says.
func Inspect(c Config) (Report, error) {
	return inspect(c, func(*Store, *bbolt.Tx) error { return nil })
}

// Compare is Inspect, and holds the file against the guard as Open does: a copy
// older than the guard gets ErrGuard.
func Compare(c Config) (Report, error) { return inspect(c, (*Store).checkGuard) }

func inspect(c Config, further func(*Store, *bbolt.Tx) error) (r Report, err error) {
	s, err := openReadOnly(c)
	if err != nil {
		return Report{}, fmt.Errorf("inspecting store %s: %w", c.Path, err)
	}
	defer func() { err = errors.Join(err, s.db.Close()) }()
	last, err := s.verifyAnd(func(tx *bbolt.Tx) error {
		r.Bytes = tx.Size()
		return errors.Join(s.checkRows(tx), further(s, tx))
	})
	if err != nil {
		return Report{}, fmt.Errorf("inspecting store %s: %w", c.Path, err)
	}
	r.Origin, r.Size, r.Time, r.Checkpoint = s.cfg.Origin, last.size, s.head.time, last.note
	return r, nil
}

// Copy writes the file at c.Path, which no process may be writing, to w: what
// Store.Backup does for a store that is open.
func Copy(ctx context.Context, c Config, w io.Writer) (err error) {
	s, err := openReadOnly(c)
	if err != nil {
		return fmt.Errorf("copying store %s: %w", c.Path, err)
	}
	defer func() { err = errors.Join(err, s.db.Close()) }()
	return s.db.View(func(tx *bbolt.Tx) error {
		_, err := tx.WriteTo(contextWriter{ctx, w})
		return err
	})
}

// openReadOnly makes a store that can only be read, without any goroutine.
func openReadOnly(c Config) (*Store, error) {
	c, err := c.complete()
	if err != nil {
		return nil, err
	}
	number, err := logNumber(c.Origin)
	if err != nil {
		return nil, err
	}
	db, err := openShared(c.Path)
	if err != nil {
		return nil, err
	}
	return &Store{cfg: c, number: number, db: db, sealer: newSealer(c.Epochs), head: head{tree: ledger.NewTree()}}, nil
}

// openShared makes no file, and turns bbolt's panics on damaged pages into
// errors.
func openShared(path string) (db *bbolt.DB, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v: %w", p, ErrDamaged)
		}
	}()
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	db, err = bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockWait, ReadOnly: true})
	return db, named(err)
}

// named gives bbolt's errors our names.
func named(err error) error {
	switch {
	case errors.Is(err, bbolterrors.ErrTimeout):
		return ErrLocked
	case errors.Is(err, bbolterrors.ErrInvalid), errors.Is(err, bbolterrors.ErrChecksum), errors.Is(err, bbolterrors.ErrVersionMismatch):
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return err
}

// checkRows holds every row against its sum, and every epoch that wraps one
// against the keys folder: a backup whose epoch key is lost cannot be read.
func (s *Store) checkRows(tx *bbolt.Tx) error {
	for _, bucket := range buckets() {
		rows, prefix := bucket.rows(tx, nil)
		c := rows.Cursor()
		for k, v := c.Seek(prefix); k != nil && bytes.HasPrefix(k, prefix); k, v = c.Next() {
			value, err := checkRow(bucket, k[len(prefix):], v)
			if err != nil {
				return err
			}
			if err := s.checkEpoch(bucket, value); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Store) checkEpoch(bucket bucketName, value []byte) error {
	if bucket != wrapBucket {
		return nil
	}
	if len(value) == 0 || len(value) < 1+int(value[0]) {
		return fmt.Errorf("row of %s: %w", bucket, ErrDamaged)
	}
	_, err := s.sealer.byID(string(value[1 : 1+int(value[0])]))
	return err
}
