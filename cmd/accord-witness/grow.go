package main

import (
	"context"
	"errors"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"

	"accord/consent/ledger"
)

// grow checks that the log under head is the remembered one and more, and
// returns its tree, rebuilt from the leaves alone: the new ones after the
// remembered frontier, or all with monitor.full.
func (m *monitor) grow(ctx context.Context, known memory, head ledger.Checkpoint) (*ledger.Tree, error) {
	proven := tlog.TileHashReader(tlog.Tree{N: head.Size, Hash: head.Root}, newTileSource(ctx, m.log))
	if err := begins(known.tree, proven); err != nil {
		return nil, m.locate(ctx, err, known.tree.Size(), head.Size)
	}
	tree := known.tree.Clone()
	if m.full {
		tree = ledger.NewTree()
	}
	from := tree.Size()
	for n := from >> ledger.TileHeight; n<<ledger.TileHeight < head.Size; n++ {
		if err := m.addBundle(ctx, tree, n, head.Size, proven); err != nil {
			return nil, m.locate(ctx, err, n<<ledger.TileHeight, head.Size)
		}
	}
	if tree.Root() != head.Root {
		return nil, &trouble{badRoot, from, nil}
	}
	return tree, nil
}

// begins tells whether the log proven begins with the leaves of the frontier
// known: each of its complete subtrees stands at its place. RFC 6962 §2.1.2
// proves the same with fewer hashes; this way a fork has an index.
func begins(known *ledger.Tree, proven tlog.HashReader) error {
	size := known.Size()
	if size == 0 {
		return nil
	}
	root, err := tlog.TreeHash(size, proven)
	if err != nil {
		return err
	}
	if root == known.Root() {
		return nil
	}
	return &trouble{fork, firstDifference(known, proven), errors.New("the leaves already seen are not the first ones any more")}
}

// firstDifference is the first leaf of the first subtree of the frontier that
// is another one now.
func firstDifference(known *ledger.Tree, proven tlog.HashReader) int64 {
	frontier, err := known.MarshalBinary()
	if err != nil {
		return 0
	}
	hashes, first := frontier[8:], int64(0)
	for left := known.Size(); left > 0; {
		level := bits.Len64(uint64(left)) - 1
		now, err := proven.ReadHashes([]int64{tlog.StoredHashIndex(level, first>>level)})
		if err != nil || tlog.Hash(hashes) != now[0] {
			return first
		}
		hashes, first, left = hashes[tlog.HashSize:], first+1<<level, left-1<<level
	}
	return first
}

// addBundle fetches bundle n, holds each leaf to its proven hash, and appends
// those that tree has not yet.
func (m *monitor) addBundle(ctx context.Context, tree *ledger.Tree, n, size int64, proven tlog.HashReader) error {
	leaves, err := m.log.entries(ctx, n, size)
	if err != nil {
		return err
	}
	first := n << ledger.TileHeight
	stored := make([]int64, len(leaves))
	for i := range leaves {
		stored[i] = tlog.StoredHashIndex(0, first+int64(i))
	}
	hashes, err := proven.ReadHashes(stored)
	if err != nil {
		return err
	}
	for i, leaf := range leaves {
		index := first + int64(i)
		if leaf.Hash() != hashes[i] {
			return &trouble{badEntry, index, nil}
		}
		if index >= tree.Size() {
			tree.Append(leaf.Hash())
		}
	}
	return nil
}

// locate gives a tile that did not prove itself the index of the first leaf
// at which it and the entries differ. Where they agree, all that is known is
// from which leaf on the hashes do not lead to the signed root.
func (m *monitor) locate(ctx context.Context, err error, from, size int64) error {
	var known *trouble
	if errors.As(err, &known) {
		return known
	}
	if ctx.Err() != nil {
		return &trouble{unreachable, -1, ctx.Err()}
	}
	for n := from >> ledger.TileHeight; n<<ledger.TileHeight < size; n++ {
		index, differs, failed := m.differs(ctx, n, size)
		if failed != nil {
			break
		}
		if differs {
			return &trouble{badTile, index, err}
		}
	}
	return &trouble{badTile, from, err}
}

// differs compares bundle n with the unproven tile over it.
func (m *monitor) differs(ctx context.Context, n, size int64) (int64, bool, error) {
	leaves, err := m.log.entries(ctx, n, size)
	if err != nil {
		return 0, false, err
	}
	tile, err := m.log.cut(ctx, "0", n, len(leaves), tlog.HashSize)
	if err != nil {
		return 0, false, err
	}
	for i, leaf := range leaves {
		if leaf.Hash() != tlog.Hash(tile[i*tlog.HashSize:]) {
			return n<<ledger.TileHeight + int64(i), true, nil
		}
	}
	return 0, false, nil
}
