package boltstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
)

// Restore puts a backup at c.Path after it was found whole and no older than
// the guard (ErrGuard, and nothing is changed). What lay there stays beside it,
// as c.Path + ".before-" and the time. Codes, tokens and snapshots are dropped:
// their use leaves no event, so the guard cannot tell that the copy knows of it.
func Restore(ctx context.Context, c Config, backup string) (Report, error) {
	r, err := c.restore(ctx, backup, func(copied Config) (Report, error) {
		if _, err := Compare(copied); err != nil {
			return Report{}, err
		}
		if err := forgetSecrets(copied.Path); err != nil {
			return Report{}, err
		}
		return Compare(copied)
	})
	if err != nil {
		return Report{}, fmt.Errorf("restoring %s: %w", backup, err)
	}
	return r, nil
}

// restore copies the backup beside its place, has it prepared there, and moves
// it in while no process can have the file open.
func (c Config) restore(ctx context.Context, backup string, prepare func(Config) (Report, error)) (r Report, err error) {
	if c, err = c.complete(); err != nil {
		return Report{}, err
	}
	release, err := hold(c.Path)
	if err != nil {
		return Report{}, err
	}
	defer func() { err = errors.Join(err, release()) }()
	copied := c
	copied.Path = c.Path + ".restoring"
	if err := copyFile(ctx, backup, copied.Path); err != nil {
		return Report{}, err
	}
	defer func() { _ = os.Remove(copied.Path) }() // gone already when it was moved
	if r, err = prepare(copied); err != nil {
		return Report{}, err
	}
	return r, moveIn(copied.Path, c.Path, c.Now())
}

// hold keeps every process from opening the file; a damaged or missing one
// cannot be held, nor served.
func hold(path string) (release func() error, err error) {
	if _, err := os.Stat(path); err != nil {
		return func() error { return nil }, nil //nolint:nilerr // nothing is there
	}
	db, err := openExisting(Config{Path: path})
	if errors.Is(err, ErrLocked) {
		return nil, err
	}
	if err != nil {
		return func() error { return nil }, nil //nolint:nilerr // what is damaged is what a restore is for
	}
	return db.Close, nil
}

func copyFile(ctx context.Context, from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // only read
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(contextWriter{ctx, out}, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// moveIn keeps what lay at path: it may be all that is left of acts the backup
// does not hold.
func moveIn(from, path string, now time.Time) error {
	kept := path + ".before-" + now.UTC().Format("20060102T150405.000")
	if err := os.Rename(path, kept); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.Rename(from, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// forgetSecrets empties what a code or a token opens.
func forgetSecrets(path string) error {
	db, err := openExisting(Config{Path: path})
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		return dropRows(tx, codeBucket, tokenBucket, refreshBucket, handedBucket, snapshotBucket)
	})
	return errors.Join(err, db.Close())
}

func dropRows(tx *bbolt.Tx, all ...bucketName) error {
	for _, bucket := range all {
		rows, prefix := bucket.rows(tx, nil)
		for _, key := range keysUnder(rows, prefix) {
			if err := rows.Delete(key); err != nil {
				return fmt.Errorf("dropping a row of %s: %w", bucket, err)
			}
		}
	}
	return nil
}
