package boltstore

import (
	"context"
	"fmt"
	"reflect"

	"accord/broker/store"
	"accord/consent/audit"
)

// Announce implements store.Store: one transaction for all of them. What the
// log already says is not said again.
func (s *Store) Announce(ctx context.Context, things []store.Public) error {
	return s.do(ctx, "announcing", func(b *batch) error {
		for _, p := range things {
			if err := checkPublic(p); err != nil {
				return err
			}
		}
		for _, p := range things {
			if err := b.announce(p); err != nil {
				return err
			}
		}
		return nil
	})
}

func checkPublic(p store.Public) error {
	switch p.Kind {
	case audit.KeyActivated, audit.KeyRetired, audit.KeyCompromised, audit.NoticePublished, audit.PolicyChanged:
	case audit.ApprovalChanged:
		if p.Approval == nil || p.Approval.ID != p.ID {
			return fmt.Errorf("approval without its state: %w", errIncomplete)
		}
	default:
		return fmt.Errorf("%s is not announced: %w", p.Kind, errIncomplete)
	}
	ended := p.Kind == audit.KeyRetired || p.Kind == audit.KeyCompromised // whose 9 said the digest
	if p.ID == "" || p.Digest == "" && !ended {
		return errIncomplete
	}
	return checkText(p)
}

func (b *batch) announce(p store.Public) error {
	if err := b.keepText(p); err != nil {
		return err
	}
	key := publicKey(p.Kind, p.ID)
	known, found, err := getJSON[publicRow](b.tx, publicBucket, key)
	if err != nil {
		return err
	}
	if found && known.Digest == p.Digest && sameApproval(known.Approval, p.Approval) {
		return nil
	}
	ev := p.Event
	ev.ID, ev.Digest = p.ID, p.Digest
	logged, err := b.append(entry{kind: p.Kind, event: ev})
	if err != nil {
		return err
	}
	at := b.place(logged.Position.Index)
	row := publicRow{Digest: p.Digest, Index: logged.Position.Index, Role: ev.Role, Approval: p.Approval}
	if err := b.putJSON(publicBucket, key, row); err != nil {
		return err
	}
	if !keyEvent(p.Kind) {
		return nil
	}
	return b.put(keyEventBucket, at[:], []byte{byte(p.Kind)})
}

func keyEvent(k audit.Kind) bool {
	return k == audit.KeyActivated || k == audit.KeyRetired || k == audit.KeyCompromised
}

// sameApproval: suspension and dates change what a delivery may do although
// the file's digest stays.
func sameApproval(known, now *store.ApprovalState) bool {
	if known == nil || now == nil {
		return known == now
	}
	a, b := *known, *now
	if !a.NotBefore.Equal(b.NotBefore) || !a.NotAfter.Equal(b.NotAfter) {
		return false
	}
	a.NotBefore, a.NotAfter = b.NotBefore, b.NotAfter
	a.Data, b.Data = append([]string{}, a.Data...), append([]string{}, b.Data...)
	a.Fields, b.Fields = append([]string{}, a.Fields...), append([]string{}, b.Fields...)
	a.Helpers, b.Helpers = append([]string{}, a.Helpers...), append([]string{}, b.Helpers...)
	return reflect.DeepEqual(a, b)
}
