package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"accord/broker/boltstore"
	"accord/broker/keyring"
	"accord/broker/store"
	"accord/consent/audit"
)

const starts = 5

// start measures how long a store with a long log takes to open: the root is
// rebuilt from every leaf and held against checkpoint and guard.
func start(o options, w io.Writer) (err error) {
	dir, err := os.MkdirTemp(o.dir, "accord-bench-")
	if err != nil {
		return fmt.Errorf("making a folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	ring, db, err := emptyStore(dir)
	if err != nil {
		return err
	}
	began := time.Now()
	size, err := fill(db, o.leaves)
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	filled := time.Since(began)
	var took []time.Duration
	for range starts {
		d, err := reopen(dir, ring)
		if err != nil {
			return err
		}
		took = append(took, d)
	}
	slices.Sort(took)
	middle := took[len(took)/2]
	fmt.Fprintf(w, "Start: a store of %d leaves opens in %.0f ms, median of %d [%.0f..%.0f] (%.0f leaves/s; file %d MiB in the page cache, filled in %.1f s).\n",
		size, ms(middle), starts, ms(took[0]), ms(took[starts-1]), float64(size)/middle.Seconds(), fileSize(dir)>>20, filled.Seconds())
	fmt.Fprintln(w, "Goal: 10^6 leaves in less than 1 s.")
	return nil
}

// fill makes leaves the quickest way: a leaf is 34 bytes whatever its event.
func fill(db *boltstore.Store, leaves int) (int64, error) {
	const chunk = 5000
	for n := 0; n < leaves; n += chunk {
		things := make([]store.Public, min(chunk, leaves-n))
		for i := range things {
			things[i] = store.Public{Kind: audit.PolicyChanged, ID: fmt.Sprint(n + i), Digest: "d"}
		}
		if err := db.Announce(context.Background(), things); err != nil {
			return 0, err
		}
	}
	return db.Health(context.Background()).Size, nil
}

func reopen(dir string, ring *keyring.Ring) (time.Duration, error) {
	began := time.Now()
	db, err := openStore(dir, ring, slog.New(slog.DiscardHandler))
	took := time.Since(began)
	if err != nil {
		return 0, err
	}
	return took, db.Close()
}

func fileSize(dir string) int64 {
	info, err := os.Stat(filepath.Join(dir, "data", "accord.db"))
	if err != nil {
		return 0
	}
	return info.Size()
}
