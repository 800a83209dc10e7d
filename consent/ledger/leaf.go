// Package ledger is Accord's log as pure computation: leaves, the RFC 6962
// tree over them, its C2SP tiles, its proofs and its signed checkpoints. It
// knows no store, no network and no clock.
//
//	event bytes + salt ─ NewLeaf ─▶ Leaf ─ Hash ─▶ Tree.Append ─▶ Root
//	                                 │       │                     │
//	                          EntryBundle  AppendTiles      SignCheckpoint
//	                                         │                     │
//	                    ProveInclusion / ProveConsistency ─▶ Verify… against OpenCheckpoint
//
// A leaf is 34 bytes and says in clear only of which kind its event is; the
// event stands behind a salted commitment, so that a leaf whose salt is
// destroyed says nothing more, for ever, while the tree still verifies.
package ledger

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// LeafSize is the length of a leaf in bytes.
const LeafSize = 34

const (
	leafVersion = 0x01
	leafDomain  = "accord-leaf-v1\x00"
)

// A Leaf is one entry of the log:
//
//	0x01 ‖ kind ‖ HMAC-SHA-256(salt, "accord-leaf-v1" ‖ 0x00 ‖ SHA-256(event))
type Leaf [LeafSize]byte

// NewLeaf commits to event, the exact bytes of an encoded event, under salt:
// 32 random bytes, or zeros for the kinds whose opening is public.
func NewLeaf(kind byte, salt [32]byte, event []byte) Leaf {
	digest := sha256.Sum256(event)
	mac := hmac.New(sha256.New, salt[:])
	mac.Write([]byte(leafDomain))
	mac.Write(digest[:])
	leaf := Leaf{leafVersion, kind}
	mac.Sum(leaf[2:2])
	return leaf
}

// ParseLeaf reads a leaf of exactly LeafSize bytes and version 1.
func ParseLeaf(b []byte) (Leaf, error) {
	if len(b) != LeafSize {
		return Leaf{}, fmt.Errorf("parsing leaf: %d bytes instead of %d", len(b), LeafSize)
	}
	if b[0] != leafVersion {
		return Leaf{}, fmt.Errorf("parsing leaf: unknown version %d", b[0])
	}
	return Leaf(b), nil
}

// Kind is the public kind of the leaf's event.
func (l Leaf) Kind() byte { return l[1] }

// Hash is the leaf's hash in the tree: SHA-256(0x00 ‖ leaf). RFC 6962 §2.1.
func (l Leaf) Hash() tlog.Hash {
	var prefixed [1 + LeafSize]byte
	copy(prefixed[1:], l[:])
	return sha256.Sum256(prefixed[:])
}
