package audit

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"accord/consent/ledger"
)

// growth rebuilds the tree and meets older checkpoints on the way.
type growth struct {
	tree  *ledger.Tree
	older []ledger.Checkpoint // by size, those still to come
	good  int64               // size of the last one that agreed
}

func newGrowth(older []ledger.Checkpoint) growth {
	older = slices.Clone(older)
	slices.SortFunc(older, func(a, b ledger.Checkpoint) int { return cmp.Compare(a.Size, b.Size) })
	return growth{tree: ledger.NewTree(), older: older}
}

func (r *Replay) grow(h tlog.Hash) {
	r.meet()
	r.growth.tree.Append(h)
}

// meet compares the older checkpoints of the present size.
func (r *Replay) meet() {
	g := &r.growth
	for len(g.older) > 0 && g.older[0].Size <= g.tree.Size() {
		c := g.older[0]
		g.older = g.older[1:]
		r.report.Older++
		if c.Size == g.tree.Size() && c.Origin == r.options.Origin && c.Root == g.tree.Root() {
			g.good = c.Size
			continue
		}
		r.found(-1, RuleOlder, fmt.Sprintf("the checkpoint of size %d is not a beginning of this log, which agrees up to %d", c.Size, g.good))
	}
}

func (r *Replay) finishTree(head ledger.Checkpoint) {
	r.meet()
	size, root := r.growth.tree.Size(), r.growth.tree.Root()
	r.report.Root = base64.StdEncoding.EncodeToString(root[:])
	for _, c := range r.growth.older {
		r.found(-1, RuleOlder, fmt.Sprintf("a checkpoint of size %d was seen: the log has shrunk to %d", c.Size, size))
	}
	switch {
	case r.next != head.Size:
		r.found(min(r.next, head.Size), RuleCount, fmt.Sprintf("%d lines, the checkpoint has %d leaves", r.next, head.Size))
	case head.Root != root || head.Origin != r.options.Origin:
		r.found(-1, RuleRoot, fmt.Sprintf("the leaves do not give the signed root; they agree up to %d", r.growth.good))
	}
}

// RootOf rebuilds the root of the tree over leaves: complete subtrees on all
// cores, then what joins them. RFC 6962 §2.1.
func RootOf(leaves []ledger.Leaf) tlog.Hash {
	roots := make([]tlog.Hash, len(leaves)>>subtreeHeight)
	spread(len(roots), func(i int) {
		roots[i] = rootOf(leaves[i<<subtreeHeight:][:1<<subtreeHeight])
	})
	rest := leaves[len(roots)<<subtreeHeight:]
	if len(rest) > 0 || len(roots) == 0 {
		return joined(roots, rootOf(rest))
	}
	return joined(roots[:len(roots)-1], roots[len(roots)-1])
}

const subtreeHeight = 10

func rootOf(leaves []ledger.Leaf) tlog.Hash {
	tree := ledger.NewTree()
	for _, l := range leaves {
		tree.Append(l.Hash())
	}
	return tree.Root()
}

// joined is the root over complete subtrees and the last one.
func joined(roots []tlog.Hash, last tlog.Hash) tlog.Hash {
	if len(roots) == 0 {
		return last
	}
	split := 1
	for split*2 <= len(roots) {
		split *= 2
	}
	return tlog.NodeHash(joined(roots[:split-1], roots[split-1]), joined(roots[split:], last))
}
