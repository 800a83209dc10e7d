package ledger

import (
	"crypto/sha256"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// ErrProof is returned when a proof does not show what it should.
var ErrProof = errors.New("proof does not hold")

// ProveInclusion shows that leaf index stands in the tree of size leaves:
// the siblings from the leaf to the root. RFC 6962 §2.1.1.
func ProveInclusion(index, size int64, r TileReader) ([]tlog.Hash, error) {
	if index < 0 || index >= size {
		return nil, fmt.Errorf("proving inclusion: no leaf %d in a tree of %d", index, size)
	}
	proof, err := tlog.ProveRecord(size, index, HashReader(size, r))
	if err != nil {
		return nil, fmt.Errorf("proving inclusion of leaf %d in a tree of %d: %w", index, size, err)
	}
	return proof, nil
}

// VerifyInclusion returns nil when proof shows that the tree of size leaves
// with this root holds leafHash at index, else an error wrapping ErrProof.
func VerifyInclusion(leafHash tlog.Hash, index, size int64, root tlog.Hash, proof []tlog.Hash) error {
	if index < 0 || index >= size {
		return fmt.Errorf("verifying inclusion: no leaf %d in a tree of %d: %w", index, size, ErrProof)
	}
	if err := tlog.CheckRecord(proof, size, root, index, leafHash); err != nil {
		return fmt.Errorf("verifying inclusion of leaf %d in a tree of %d: %w", index, size, ErrProof)
	}
	return nil
}

// ProveConsistency shows that the tree of from leaves is the beginning of
// that of to leaves. The proof from the empty tree is empty. RFC 6962 §2.1.2.
func ProveConsistency(from, to int64, r TileReader) ([]tlog.Hash, error) {
	if from < 0 || from > to {
		return nil, fmt.Errorf("proving consistency: %d leaves do not grow to %d", from, to)
	}
	if from == 0 {
		return nil, nil
	}
	proof, err := tlog.ProveTree(to, from, HashReader(to, r))
	if err != nil {
		return nil, fmt.Errorf("proving consistency of %d with %d leaves: %w", from, to, err)
	}
	return proof, nil
}

// VerifyConsistency returns nil when proof shows that the log of from leaves
// and fromRoot only grew to the one of to leaves and toRoot, else an error
// wrapping ErrProof.
func VerifyConsistency(from, to int64, fromRoot, toRoot tlog.Hash, proof []tlog.Hash) error {
	if from < 0 || from > to {
		return fmt.Errorf("verifying consistency: %d leaves do not grow to %d: %w", from, to, ErrProof)
	}
	if from == 0 {
		return verifyFromEmpty(to, fromRoot, toRoot, proof)
	}
	if err := tlog.CheckTree(proof, to, toRoot, from, fromRoot); err != nil {
		return fmt.Errorf("verifying consistency of %d with %d leaves: %w", from, to, ErrProof)
	}
	return nil
}

func verifyFromEmpty(to int64, fromRoot, toRoot tlog.Hash, proof []tlog.Hash) error {
	empty := tlog.Hash(sha256.Sum256(nil))
	if fromRoot != empty || len(proof) != 0 || (to == 0 && toRoot != empty) {
		return fmt.Errorf("verifying consistency with the empty log: %w", ErrProof)
	}
	return nil
}
