package ledger

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// A Tree is the frontier of an append-only Merkle tree: its size and the
// roots of its complete subtrees, at most 63 hashes. It is what must be kept
// to append and to know the root. RFC 6962 §2.1.
//
// The zero Tree is empty and ready to use. A Tree is not safe for concurrent use.
type Tree struct {
	size  int64
	roots []tlog.Hash // complete subtrees, largest (leftmost) first; one per bit set in size
}

// NewTree returns the empty tree.
func NewTree() *Tree { return new(Tree) }

// Size is the number of leaves.
func (t *Tree) Size() int64 { return t.size }

// Append adds one leaf by its hash (Leaf.Hash).
func (t *Tree) Append(leafHash tlog.Hash) {
	h := leafHash
	for s := t.size; s&1 == 1; s >>= 1 {
		last := len(t.roots) - 1
		h = tlog.NodeHash(t.roots[last], h)
		t.roots = t.roots[:last]
	}
	t.roots = append(t.roots, h)
	t.size++
}

// Root is the tree's root hash; that of the empty tree is SHA-256 of nothing.
func (t *Tree) Root() tlog.Hash {
	if t.size == 0 {
		return sha256.Sum256(nil)
	}
	last := len(t.roots) - 1
	h := t.roots[last]
	for i := last - 1; i >= 0; i-- {
		h = tlog.NodeHash(t.roots[i], h)
	}
	return h
}

// Clone returns a tree that can be appended to without touching t.
func (t *Tree) Clone() *Tree {
	return &Tree{size: t.size, roots: slices.Clone(t.roots)}
}

// MarshalBinary gives the frontier: size as 8 bytes big-endian, then the
// roots of the complete subtrees, largest first, 32 bytes each.
func (t *Tree) MarshalBinary() ([]byte, error) {
	out := binary.BigEndian.AppendUint64(make([]byte, 0, 8+len(t.roots)*tlog.HashSize), uint64(t.size))
	for _, h := range t.roots {
		out = append(out, h[:]...)
	}
	return out, nil
}

// UnmarshalBinary reads what MarshalBinary wrote; t is unchanged on error.
func (t *Tree) UnmarshalBinary(data []byte) error {
	if len(data) < 8 {
		return fmt.Errorf("reading tree frontier: %d bytes", len(data))
	}
	size, data := binary.BigEndian.Uint64(data), data[8:]
	if size > 1<<62 || len(data) != bits.OnesCount64(size)*tlog.HashSize {
		return fmt.Errorf("reading tree frontier: %d bytes of hashes for size %d", len(data), size)
	}
	t.size, t.roots = int64(size), splitHashes(data)
	return nil
}

func splitHashes(data []byte) []tlog.Hash {
	hashes := make([]tlog.Hash, len(data)/tlog.HashSize)
	for i := range hashes {
		hashes[i] = tlog.Hash(data[i*tlog.HashSize:])
	}
	return hashes
}
