package boltstore

import (
	"context"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"accord/broker/store"
	"accord/consent/audit"
	"accord/consent/ledger"
)

// settled is the row an announced approval leads to. An operator's suspension
// outlives whatever the file says, but for the version that names it.
func settled(p store.Public, known publicRow, found bool) publicRow {
	state := *p.Approval
	row := publicRow{Digest: p.Digest, Approval: &state, Reason: p.Event.Reason, Suspended: known.Suspended}
	if !state.NotAfter.IsZero() {
		row.Until = state.NotAfter.UTC().Format(audit.TimeLayout)
	}
	if row.Reason != "" { // removed
		state.InForce = false
		return row
	}
	switch s := row.Suspended; {
	case s != nil && state.Resumes == s.Position:
		row.Suspended, row.Reason = nil, audit.ApprovalResumed
	case s != nil:
		state.InForce, row.Reason = false, audit.ApprovalSuspended+":"+s.Reason
	case found && known.Approval != nil && known.Reason != audit.ApprovalRemoved && state.NotAfter.After(known.Approval.NotAfter):
		row.Reason = audit.ApprovalRenewed
	}
	if !state.InForce && row.Suspended == nil { // the registrar's own word in the file
		row.Reason = audit.ApprovalSuspended + ":" + audit.SuspendedByRegistrar
	}
	return row
}

// SuspendApproval implements store.Store.
func (s *Store) SuspendApproval(ctx context.Context, id, reason string) (made store.Suspension, err error) {
	err = s.do(ctx, "suspending an approval", func(b *batch) error {
		made, err = b.suspend(id, reason)
		return err
	})
	return made, err
}

func (b *batch) suspend(id, reason string) (store.Suspension, error) {
	if !slices.Contains(audit.SuspensionReasons(), reason) {
		return store.Suspension{}, errIncomplete
	}
	key := publicKey(audit.ApprovalChanged, id)
	row, found, err := getJSON[publicRow](b.tx, publicBucket, key)
	switch {
	case err != nil:
		return store.Suspension{}, err
	case !found || row.Approval == nil || row.Reason == audit.ApprovalRemoved:
		return store.Suspension{}, store.ErrNotFound
	case row.Suspended != nil:
		return store.Suspension{}, fmt.Errorf("suspended already: %w", store.ErrConflict)
	}
	row.Reason, row.Approval.InForce = audit.ApprovalSuspended+":"+reason, false
	logged, err := b.append(entry{kind: audit.ApprovalChanged, event: audit.Event{
		ID: id, Digest: row.Digest, Reason: row.Reason, ValidUntil: row.Until,
	}})
	if err != nil {
		return store.Suspension{}, err
	}
	made := store.Suspension{Position: logged.Position.String(), Time: logged.Time, Reason: reason}
	row.Suspended, row.Index, row.Time = &made, logged.Position.Index, logged.Time
	return made, b.putJSON(publicBucket, key, row)
}

// Approvals implements store.Store.
func (s *Store) Approvals(ctx context.Context) (all []store.PublishedApproval, err error) {
	err = s.view(ctx, "listing approvals", func(tx *bbolt.Tx) error {
		for _, key := range keysUnder(tx.Bucket([]byte(publicBucket)), []byte{byte(audit.ApprovalChanged)}) {
			row, _, err := getJSON[publicRow](tx, publicBucket, key)
			if err != nil {
				return err
			}
			if row.Approval != nil {
				all = append(all, row.published(s.cfg.Origin))
			}
		}
		return nil
	})
	return all, err
}

func (r publicRow) published(origin string) store.PublishedApproval {
	p := store.PublishedApproval{State: *r.Approval, Time: r.Time, Reason: r.Reason, Suspended: r.Suspended}
	if r.Index >= 0 {
		p.Position = ledger.Position{Origin: origin, Index: r.Index}.String()
	}
	return p
}

// forgetPublished drops what an ended log said, for the next one to say anew.
// What an operator suspended stays so: it is said first of its approval.
func (b *batch) forgetPublished() error {
	kept := map[string]publicRow{}
	for _, key := range keysUnder(b.tx.Bucket([]byte(publicBucket)), []byte{byte(audit.ApprovalChanged)}) {
		row, _, err := getJSON[publicRow](b.tx, publicBucket, key)
		if err != nil {
			return err
		}
		if row.Suspended != nil {
			kept[string(key)] = publicRow{Index: -1, Suspended: row.Suspended}
		}
	}
	if err := dropRows(b.tx, publicBucket); err != nil {
		return err
	}
	for key, row := range kept {
		if err := b.putJSON(publicBucket, []byte(key), row); err != nil {
			return err
		}
	}
	return nil
}
