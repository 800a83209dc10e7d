package boltstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"accord/broker/store"
	"accord/consent/audit"
)

// Deliver implements store.Store. A release id seen before is ErrConflict.
func (s *Store) Deliver(ctx context.Context, cmd store.DeliverCmd) (logged store.Logged, err error) {
	err = s.do(ctx, "delivering", func(b *batch) error {
		if cmd.Grant != "" {
			logged, err = b.deliverFetched(cmd)
		} else {
			logged, err = b.deliver(cmd)
		}
		return err
	})
	return logged, err
}

func (b *batch) deliver(cmd store.DeliverCmd) (store.Logged, error) {
	token, g, err := b.liveToken(cmd.Token)
	if err != nil {
		return store.Logged{}, err
	}
	if cmd.Event.ResponseDigest == "" || token.Client != g.Grant.Client {
		return store.Logged{}, errIncomplete
	}
	if token.Renewed {
		return store.Logged{}, fmt.Errorf("a renewed token delivers what was fetched with it: %w", store.ErrNotCovered)
	}
	if cmd.Recipient != g.Grant.Recipient {
		return store.Logged{}, fmt.Errorf("recipient is not the grant's: %w", store.ErrNotCovered)
	}
	a, err := b.checkRelease(cmd.Event, g)
	if err != nil {
		return store.Logged{}, err
	}
	if err := checkFetches(cmd.Event.Snapshot, g, a); err != nil {
		return store.Logged{}, err
	}
	if sn := cmd.Event.Snapshot; sn != "" && !slices.Contains(g.Grant.Snapshots, sn) {
		g.Grant.Snapshots = slices.Concat(g.Grant.Snapshots, []string{sn}) // the row is shared
	}
	return b.appendRelease(audit.ReleaseCompleted, token.Grant, g, cmd.Event)
}

// liveToken: token and grant live at the stamp. Both rows are shared, see memo.
func (b *batch) liveToken(h store.Hash) (tokenRow, grantRow, error) {
	token, found, err := b.memos.tokens.get(b.tx, tokenBucket, h[:])
	if err != nil {
		return token, grantRow{}, err
	}
	if !found {
		return token, grantRow{}, store.ErrNotFound
	}
	g, found, err := b.memos.grants.get(b.tx, grantBucket, token.Grant)
	if err != nil || !found {
		return token, grantRow{}, cmp.Or(err, errNoGrant)
	}
	return token, g, token.live(g, b)
}

func (t tokenRow) live(g grantRow, b *batch) error {
	if t.Dead {
		return store.ErrRevoked
	}
	if err := g.live(b.now); err != nil {
		return err
	}
	if !b.now.Before(t.Expires) {
		return store.ErrExpired
	}
	return nil
}

// checkRelease: delivered ⊆ agreed ⊆ approved, under a release id of its own.
func (b *batch) checkRelease(ev audit.Event, g grantRow) (*store.ApprovalState, error) {
	if err := b.newRelease(ev.Release); err != nil {
		return nil, err
	}
	if len(g.Grant.Data) == 0 {
		return nil, fmt.Errorf("the identifier alone was agreed: %w", store.ErrNotCovered)
	}
	if !subset(ev.Fields, g.Grant.Fields) || !subset(ev.Data, g.Grant.Data) {
		return nil, fmt.Errorf("delivery beyond what was agreed: %w", store.ErrNotCovered)
	}
	a, err := b.approvalOf(g.Grant)
	if err != nil {
		return nil, err
	}
	if !subset(ev.Data, a.Data) || !subset(ev.Fields, a.Fields) {
		return nil, fmt.Errorf("delivery beyond the approval: %w", store.ErrNotCovered)
	}
	return a, nil
}

// approvalOf is the grant's approval, in force at the stamp.
func (b *batch) approvalOf(g store.Grant) (*store.ApprovalState, error) {
	return b.approvalFor(lookupRow{Client: g.Client, Recipient: g.Recipient, Purpose: g.Purpose, Approval: g.Approval})
}

// inForce tells of it without refusing.
func (b *batch) inForce(g store.Grant) (bool, error) {
	_, err := b.approvalOf(g)
	if errors.Is(err, store.ErrNotCovered) {
		return false, nil
	}
	return err == nil, err
}

// checkFetches: from the snapshot that was seen; ceilings count distinct
// snapshots, never re-deliveries.
func checkFetches(snapshot string, g grantRow, a *store.ApprovalState) error {
	if snapshot != g.Snapshot {
		return fmt.Errorf("snapshot is not the grant's: %w", store.ErrNotCovered)
	}
	if snapshot == "" || slices.Contains(g.Grant.Snapshots, snapshot) {
		return nil
	}
	return g.fetchLeft(a)
}

// fetchLeft: one more fetch stays within what was agreed and approved.
func (g grantRow) fetchLeft(a *store.ApprovalState) error {
	ceiling := max(g.Grant.MaxFetches, 1)
	if a.MaxFetches > 0 {
		ceiling = min(ceiling, a.MaxFetches)
	}
	if len(g.Grant.Snapshots) >= ceiling {
		return fmt.Errorf("more fetches than agreed: %w", store.ErrNotCovered)
	}
	return nil
}

func (b *batch) newRelease(id string) error {
	if id == "" {
		return errIncomplete
	}
	if b.exists(releaseBucket, []byte(id)) {
		return fmt.Errorf("release id: %w", store.ErrConflict)
	}
	return nil
}

// appendRelease is the last step of its callers: the grant is shared from then
// on.
func (b *batch) appendRelease(kind audit.Kind, at []byte, g grantRow, ev audit.Event) (store.Logged, error) {
	logged, err := b.appendGrant(at, &g, entry{kind: kind, event: completeEvent(ev, &g.Grant)})
	if err != nil {
		return store.Logged{}, err
	}
	where := b.place(logged.Position.Index)
	err = b.put(releaseBucket, []byte(ev.Release), where[:])
	return logged, errors.Join(err, b.memos.grants.remember(b.tx, grantBucket, at, g))
}

// FailDelivery implements store.Store. It is logged whatever has become of the
// token since: what failed did fail. ErrNotFound when the token is forgotten.
func (s *Store) FailDelivery(ctx context.Context, cmd store.FailDeliveryCmd) (logged store.Logged, err error) {
	err = s.do(ctx, "recording a failed delivery", func(b *batch) error {
		if cmd.Grant != "" {
			logged, err = b.failFetch(cmd)
			return err
		}
		token, found, err := getJSON[tokenRow](b.tx, tokenBucket, cmd.Token[:])
		if err != nil {
			return err
		}
		if !found {
			return store.ErrNotFound
		}
		if err := b.newRelease(cmd.Event.Release); err != nil {
			return err
		}
		g, err := b.grantAt(token.Grant)
		if err != nil {
			return err
		}
		logged, err = b.appendRelease(audit.ReleaseFailed, token.Grant, g, cmd.Event)
		return err
	})
	return logged, err
}
