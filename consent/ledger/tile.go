package ledger

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// TileHeight is the height of a tile: 2⁸ hashes a full one. C2SP tlog-tiles.
const TileHeight = 8

const tileWidth = 1 << TileHeight

// TileBytes is the length of a full tile.
const TileBytes = tileWidth * tlog.HashSize

// A TileReader gives stored tiles. Tile returns the hashes stored so far at
// (level, index), 32 bytes each, or nothing when there is no such tile. The
// bytes need only stay valid until the next call on the same reader or
// writer; they are never changed.
//
// Level 0 holds leaf hashes; entry n of level l is the root of the complete
// subtree n of 256^l leaves.
type TileReader interface {
	Tile(level int, index int64) ([]byte, error)
}

// A TileWriter is a TileReader that can also replace a tile by a longer one
// with the same beginning. PutTile owns data.
type TileWriter interface {
	TileReader
	PutTile(level int, index int64, data []byte) error
}

// AppendTiles adds leaf hashes to a log of size leaves: it lengthens the edge
// tiles of each level and starts new ones. Every touched tile is put once.
// It is an error when the stored edge does not agree with size.
func AppendTiles(w TileWriter, size int64, hashes []tlog.Hash) error {
	for level := 0; len(hashes) > 0; level++ {
		parents, err := appendLevel(w, level, size, hashes)
		if err != nil {
			return fmt.Errorf("appending tiles at level %d: %w", level, err)
		}
		size, hashes = size>>TileHeight, parents
	}
	return nil
}

// appendLevel adds hashes from entry size on, and returns the roots of the
// tiles that became full: the next level's new entries.
func appendLevel(w TileWriter, level int, size int64, hashes []tlog.Hash) ([]tlog.Hash, error) {
	var full []tlog.Hash
	for len(hashes) > 0 {
		index, have := size>>TileHeight, int(size&(tileWidth-1))
		n := min(tileWidth-have, len(hashes))
		data, err := extendTile(w, level, index, have, hashes[:n])
		if err != nil {
			return nil, err
		}
		if len(data) == TileBytes {
			full = append(full, subtreeRoot(data))
		}
		if err := w.PutTile(level, index, data); err != nil {
			return nil, fmt.Errorf("writing tile %d: %w", index, err)
		}
		size, hashes = size+int64(n), hashes[n:]
	}
	return full, nil
}

func extendTile(r TileReader, level int, index int64, have int, hashes []tlog.Hash) ([]byte, error) {
	old, err := r.Tile(level, index)
	if err != nil {
		return nil, fmt.Errorf("reading tile %d: %w", index, err)
	}
	if len(old) != have*tlog.HashSize {
		return nil, fmt.Errorf("tile %d holds %d bytes instead of %d", index, len(old), have*tlog.HashSize)
	}
	data := make([]byte, 0, len(old)+len(hashes)*tlog.HashSize)
	data = append(data, old...)
	for _, h := range hashes {
		data = append(data, h[:]...)
	}
	return data, nil
}

// subtreeRoot is the root over 2^k hashes, concatenated.
func subtreeRoot(data []byte) tlog.Hash {
	hashes := splitHashes(data)
	for len(hashes) > 1 {
		for i := 0; i < len(hashes); i += 2 {
			hashes[i/2] = tlog.NodeHash(hashes[i], hashes[i+1])
		}
		hashes = hashes[:len(hashes)/2]
	}
	return hashes[0]
}
