package ledger

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// HashReader gives the hashes of the tree of size leaves out of its tiles, in
// the form golang.org/x/mod/sumdb/tlog computes with. It refuses what lies
// beyond size, so that a proof never uses leaves the checkpoint does not
// cover, and a tile shorter than it must be. It trusts the tiles: to judge
// tiles of someone else, use tlog.TileHashReader.
func HashReader(size int64, r TileReader) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, stored := range indexes {
			level, n := tlog.SplitStoredHashIndex(stored)
			h, err := readHash(r, size, level, n)
			if err != nil {
				return nil, fmt.Errorf("reading hash %d of level %d: %w", n, level, err)
			}
			hashes[i] = h
		}
		return hashes, nil
	})
}

// readHash is the root of the complete subtree n of 2^level leaves: 2^(level
// mod 8) neighbours within one tile.
func readHash(r TileReader, size int64, level int, n int64) (tlog.Hash, error) {
	if n < 0 || level > 62 || n >= size>>level {
		return tlog.Hash{}, fmt.Errorf("not in the tree of %d leaves", size)
	}
	below := level % TileHeight
	first := n << below
	data, err := r.Tile(level/TileHeight, first>>TileHeight)
	if err != nil {
		return tlog.Hash{}, fmt.Errorf("reading tile %d: %w", first>>TileHeight, err)
	}
	start := int(first&(tileWidth-1)) * tlog.HashSize
	end := start + tlog.HashSize<<below
	if len(data) < end || len(data)%tlog.HashSize != 0 {
		return tlog.Hash{}, fmt.Errorf("tile %d holds %d bytes, want at least %d", first>>TileHeight, len(data), end)
	}
	return subtreeRoot(data[start:end]), nil
}
