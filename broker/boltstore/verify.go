package boltstore

import (
	"bytes"
	"errors"
	"fmt"
	"runtime/debug"

	"go.etcd.io/bbolt"
	"golang.org/x/mod/sumdb/tlog"

	"accord/consent/ledger"
)

// Up to verifyAll leaves, the start recomputes every one; beyond that the last
// verifyLast and the right edge of the tree.
const (
	verifyAll  = 2_000_000
	verifyLast = 1_000_000
)

// verify reads the head and holds it against leaves, tiles, checkpoint and
// guard. It returns the checkpoint in store, zero for an empty log.
func (s *Store) verify() (last guarded, err error) { return s.verifyAnd(s.checkGuard) }

// verifyAnd is verify with another last step than the guard's.
func (s *Store) verifyAnd(last func(*bbolt.Tx) error) (in guarded, err error) {
	// A damaged page number leads bbolt beyond the file: a fault, not an error.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("checking the log: %v: %w", p, ErrDamaged)
		}
	}()
	err = s.db.View(func(tx *bbolt.Tx) error {
		if err := checkSchema(tx); err != nil {
			return err
		}
		in, err = s.verifyLog(tx)
		if err != nil {
			return err
		}
		return last(tx)
	})
	return in, err
}

func checkSchema(tx *bbolt.Tx) error {
	for _, name := range homes() {
		if tx.Bucket([]byte(name)) == nil {
			return fmt.Errorf("bucket %s is missing: %w", name, ErrDamaged)
		}
	}
	version, err := getRow(tx, metaBucket, []byte("schema"))
	if err != nil {
		return err
	}
	switch {
	case len(version) != 1:
		return fmt.Errorf("schema version of %d bytes: %w", len(version), ErrDamaged)
	case version[0] > schemaVersion:
		return fmt.Errorf("schema version %d, this program knows %d: %w", version[0], schemaVersion, ErrNewer)
	case version[0] == 0:
		return fmt.Errorf("schema version 0: %w", ErrDamaged)
	}
	return nil
}

func (s *Store) verifyLog(tx *bbolt.Tx) (guarded, error) {
	value, err := getRow(tx, metaBucket, headKey(s.number))
	if err != nil {
		return guarded{}, err
	}
	signed, err := getRow(tx, metaBucket, checkpointKey(s.number))
	if err != nil {
		return guarded{}, err
	}
	if value == nil && signed == nil {
		return guarded{}, s.refuseOtherLog(tx)
	}
	if err := s.head.unmarshal(value); err != nil {
		return guarded{}, err
	}
	s.size.Store(s.head.tree.Size())
	s.lastTime.Store(s.head.time.UnixMilli())
	if err := s.verifyCheckpoint(tx, signed); err != nil {
		return guarded{}, err
	}
	return guarded{size: s.size.Load(), note: bytes.Clone(signed)}, nil
}

// refuseOtherLog: a file that holds leaves of another log is not a fresh one.
func (s *Store) refuseOtherLog(tx *bbolt.Tx) error {
	if key, _ := tx.Bucket([]byte(entryBucket)).Cursor().First(); key != nil {
		return fmt.Errorf("the file holds another log than %s: %w", s.cfg.Origin, ErrGuard)
	}
	return nil
}

func (s *Store) verifyCheckpoint(tx *bbolt.Tx, signed []byte) error {
	c, err := ledger.OpenCheckpoint(signed, s.cfg.Origin, s.cfg.Verifier)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if c.Size != s.head.tree.Size() || c.Root != s.head.tree.Root() {
		return fmt.Errorf("head of %d leaves does not agree with the signed checkpoint of %d: %w", s.head.tree.Size(), c.Size, ErrDamaged)
	}
	from := int64(0)
	if c.Size > verifyAll {
		from = c.Size - verifyLast
	}
	if err := s.verifyTiles(tx, c.Size, from); err != nil {
		return err
	}
	if err := s.verifyOpenings(s.reader(tx), c.Size, from); err != nil {
		return err
	}
	root, err := tlog.TreeHash(c.Size, ledger.HashReader(c.Size, storedTiles{tx, s.number}))
	if err != nil {
		return fmt.Errorf("computing the root: %w: %w", ErrDamaged, err)
	}
	if root != c.Root {
		return fmt.Errorf("root of the %d leaves is not the signed one: %w", c.Size, ErrDamaged)
	}
	return nil
}

// verifyTiles recomputes, from leaf index from on, the leaf hashes out of the
// leaves and each tile's root out of its hashes, and compares with what the
// tiles hold. With the root over all this leaves no stored hash unchecked.
func (s *Store) verifyTiles(tx *bbolt.Tx, size, from int64) error {
	tiles := storedTiles{tx, s.number}
	for index := from / 256; index*256 < size; index++ {
		if err := s.verifyLeaves(tx, tiles, index, min(256, size-index*256)); err != nil {
			return err
		}
	}
	for level := 0; size>>(8*(level+1)) > 0; level++ {
		entries := size >> (8 * (level + 1)) // full tiles of this level
		for index := from >> (8 * (level + 1)); index < entries; index++ {
			if err := verifyParent(tiles, level, index, size); err != nil {
				return err
			}
		}
		if err := verifyLength(tiles, level+1, entries); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) verifyLeaves(tx *bbolt.Tx, tiles storedTiles, index, n int64) error {
	key := placeOf(s.number, index)
	bundle, err := getRow(tx, entryBucket, key[:])
	if err != nil {
		return fmt.Errorf("leaves from %d: %w", index*256, err)
	}
	leaves, err := ledger.ParseEntryBundle(bundle)
	if err != nil || int64(len(leaves)) != n {
		return fmt.Errorf("leaves from %d: %d of %d: %w", index*256, len(leaves), n, errors.Join(ErrDamaged, err))
	}
	hashes, err := tiles.Tile(0, index)
	if err != nil || int64(len(hashes)) != n*tlog.HashSize {
		return fmt.Errorf("tile 0/%d: %w", index, errors.Join(ErrDamaged, err))
	}
	for i, l := range leaves {
		if tlog.Hash(hashes[i*tlog.HashSize:][:tlog.HashSize]) != l.Hash() {
			return fmt.Errorf("leaf %d does not agree with its tile: %w", index*256+int64(i), ErrDamaged)
		}
	}
	return nil
}

// verifyParent holds a full tile's root against the entry one level up.
func verifyParent(tiles storedTiles, level int, index, size int64) error {
	r := ledger.HashReader(size, tiles)
	below := tlog.StoredHashIndex(8*level+7, 2*index)
	above := tlog.StoredHashIndex(8*(level+1), index)
	halves, err := r.ReadHashes([]int64{below, tlog.StoredHashIndex(8*level+7, 2*index+1), above})
	if err != nil {
		return fmt.Errorf("tile %d/%d: %w: %w", level, index, ErrDamaged, err)
	}
	if tlog.NodeHash(halves[0], halves[1]) != halves[2] {
		return fmt.Errorf("tile %d/%d does not agree with the level above: %w", level, index, ErrDamaged)
	}
	return nil
}

// verifyLength refuses an edge tile that holds more or fewer hashes than the size says.
func verifyLength(tiles storedTiles, level int, entries int64) error {
	edge, err := tiles.Tile(level, entries>>8)
	if err != nil {
		return err
	}
	if int64(len(edge)) != (entries&255)*tlog.HashSize {
		return fmt.Errorf("tile %d/%d holds %d bytes: %w", level, entries>>8, len(edge), ErrDamaged)
	}
	return nil
}
