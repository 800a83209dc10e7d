package boltstore

import (
	"context"
	"fmt"

	"go.etcd.io/bbolt"
	"golang.org/x/mod/sumdb/tlog"

	"accord/broker/store"
	"accord/consent/ledger"
)

// tileWidth is how many hashes or leaves a full tile holds. C2SP tlog-tiles.
const tileWidth = 1 << ledger.TileHeight

// published is the last checkpoint that may leave the process. Only a run that
// has just begun waits, until the guard holds what the run before it left.
func (s *Store) published(ctx context.Context) (guarded, error) {
	if err := s.guard.reach(ctx, 1); err != nil {
		return guarded{}, err
	}
	return s.guard.current(), nil
}

// Tile implements store.Store. Each width up to what is published is a prefix
// of one stored row.
func (s *Store) Tile(ctx context.Context, level int, index int64, width int) ([]byte, error) {
	return s.prefix(ctx, "reading a tile", level, index, width, func(tx *bbolt.Tx) ([]byte, error) {
		row, err := storedTiles{tx, s.number}.Tile(level, index)
		if err == nil && len(row) < width*tlog.HashSize {
			err = ErrDamaged
		}
		if err != nil {
			return nil, err
		}
		return append([]byte(nil), row[:width*tlog.HashSize]...), nil
	})
}

// EntryTile implements store.Store.
func (s *Store) EntryTile(ctx context.Context, index int64, width int) ([]byte, error) {
	return s.prefix(ctx, "reading an entry bundle", 0, index, width, func(tx *bbolt.Tx) ([]byte, error) {
		key := placeOf(s.number, index)
		row, err := getRow(tx, entryBucket, key[:])
		if err != nil {
			return nil, err
		}
		leaves, err := ledger.ParseEntryBundle(row)
		if err != nil || len(leaves) < width {
			return nil, fmt.Errorf("%d of %d leaves: %w", len(leaves), width, ErrDamaged)
		}
		return ledger.EntryBundle(leaves[:width]), nil
	})
}

// prefix reads what is published of one tile.
func (s *Store) prefix(ctx context.Context, what string, level int, index int64, width int, read func(*bbolt.Tx) ([]byte, error)) (data []byte, err error) {
	last, err := s.published(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	if !inTree(last.size, level, index, width) {
		return nil, fmt.Errorf("%s: %w", what, store.ErrNotFound)
	}
	err = s.view(ctx, what, func(tx *bbolt.Tx) error {
		data, err = read(tx)
		return err
	})
	return data, err
}

// inTree tells whether a tree of size leaves has width entries in the tile.
func inTree(size int64, level int, index int64, width int) bool {
	if level < 0 || level > 63/ledger.TileHeight || index < 0 || width < 1 || width > tileWidth {
		return false
	}
	entries := size >> (level * ledger.TileHeight)
	return index <= entries/tileWidth && index*tileWidth+int64(width) <= entries
}

// Inclusion implements store.Store.
func (s *Store) Inclusion(ctx context.Context, index int64) (checkpoint []byte, proof []tlog.Hash, err error) {
	last, err := s.published(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("proving inclusion: %w", err)
	}
	if index < 0 || index >= last.size {
		return nil, nil, fmt.Errorf("proving inclusion: leaf %d of %d: %w", index, last.size, store.ErrNotFound)
	}
	err = s.view(ctx, "proving inclusion", func(tx *bbolt.Tx) error {
		proof, err = ledger.ProveInclusion(index, last.size, storedTiles{tx, s.number})
		return err
	})
	return append([]byte(nil), last.note...), proof, err
}
