package boltstore

import (
	"fmt"
	"time"

	"accord/broker/store"
	"accord/consent/audit"
)

// A publicRow mirrors a published thing: what the log last said of it.
type publicRow struct {
	Digest   string
	Index    int64
	Role     string               `json:",omitempty"`
	Approval *store.ApprovalState `json:",omitempty"`

	// Of an approval:
	Time      time.Time         `json:",omitzero"`
	Reason    string            `json:",omitempty"`
	Until     string            `json:",omitempty"` // valid_until of the event
	Suspended *store.Suspension `json:",omitempty"`
}

func publicKey(kind audit.Kind, id string) []byte {
	return append([]byte{byte(kind)}, id...)
}

// approval returns the approval's mirror if it is in force at the stamp, else
// an error wrapping ErrNotCovered.
func (b *batch) approval(id string) (*store.ApprovalState, error) {
	row, found, err := b.memos.public.get(b.tx, publicBucket, publicKey(audit.ApprovalChanged, id))
	if err != nil {
		return nil, err
	}
	if !found || row.Approval == nil || !row.Approval.InForce {
		return nil, fmt.Errorf("approval is not in force: %w", store.ErrNotCovered)
	}
	a := row.Approval
	early := !a.NotBefore.IsZero() && b.now.Before(a.NotBefore)
	late := !a.NotAfter.IsZero() && !b.now.Before(a.NotAfter) // the first instant that is no longer its own
	if early || late {
		return nil, fmt.Errorf("approval is out of its dates: %w", store.ErrNotCovered)
	}
	return a, nil
}

// approvalFor also holds the approval to who asks, and to the digest of what
// the citizen was shown when one is given.
func (b *batch) approvalFor(l lookupRow) (*store.ApprovalState, error) {
	a, err := b.approval(l.Approval)
	if err != nil {
		return nil, err
	}
	if differs(a.Client, l.Client) || differs(a.Recipient, l.Recipient) || differs(a.Purpose, l.Purpose) {
		return nil, fmt.Errorf("approval is another party's: %w", store.ErrNotCovered)
	}
	if differs(a.Digest, l.ApprovalDigest) {
		return nil, fmt.Errorf("approval has changed meanwhile: %w", store.ErrNotCovered)
	}
	return a, nil
}

// differs compares what both sides state.
func differs(approved, asked string) bool {
	return approved != "" && asked != "" && approved != asked
}

// receiptKeyActive is ErrStale unless the key was announced for receipts and
// neither retired nor compromised since.
func (b *batch) receiptKeyActive(id string) error {
	row, found, err := b.memos.public.get(b.tx, publicBucket, publicKey(audit.KeyActivated, id))
	if err != nil {
		return err
	}
	ended := b.exists(publicBucket, publicKey(audit.KeyRetired, id)) || b.exists(publicBucket, publicKey(audit.KeyCompromised, id))
	if !found || row.Role != "receipt" || ended {
		return fmt.Errorf("receipt key is not active: %w", store.ErrStale)
	}
	return nil
}
