package ledger

import "golang.org/x/mod/sumdb/tlog"

// A Step is one step of recomputing the root from a leaf: the hash so far and
// its sibling make the next hash.
type Step struct {
	Sibling tlog.Hash
	Left    bool      // the sibling stands on the left
	Hash    tlog.Hash // what comes of both
}

// Steps recomputes the way from a leaf to the root as an inclusion proof goes
// (RFC 9162 §2.1.3.2). The last step's hash is the root if, and only if, the
// proof holds: VerifyInclusion judges, Steps shows. A proof of another length
// than the tree wants ends early, or goes on without a meaning.
func Steps(leafHash tlog.Hash, index, size int64, proof []tlog.Hash) []Step {
	steps := make([]Step, 0, len(proof))
	hash, last := leafHash, size-1
	for _, sibling := range proof {
		step := Step{Sibling: sibling, Left: index&1 == 1 || index == last}
		if step.Left {
			hash = tlog.NodeHash(sibling, hash)
			for index&1 == 0 && index != 0 {
				index, last = index>>1, last>>1
			}
		} else {
			hash = tlog.NodeHash(hash, sibling)
		}
		step.Hash = hash
		steps = append(steps, step)
		index, last = index>>1, last>>1
	}
	return steps
}

// RootAt is the root of the tree's first size leaves, read from tiles that hold
// at least as many.
func RootAt(size int64, r TileReader) (tlog.Hash, error) {
	if size == 0 {
		return NewTree().Root(), nil
	}
	return tlog.TreeHash(size, HashReader(size, r))
}
