package boltstore

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"accord/broker/store"
	"accord/consent/audit"
)

// Change implements store.Store. As for Withdraw, a grant past its end answers
// ErrExpired as well as ErrRevoked.
func (s *Store) Change(ctx context.Context, cmd store.ChangeCmd) (logged store.Logged, err error) {
	err = s.do(ctx, "changing a choice", func(b *batch) error {
		logged, err = b.change(cmd)
		return err
	})
	return logged, err
}

func (b *batch) change(cmd store.ChangeCmd) (store.Logged, error) {
	at, g, err := b.changeable(cmd)
	if err != nil {
		return store.Logged{}, err
	}
	body, err := receiptBody(cmd.Receipt, receiptHead{
		Interaction: g.Interaction, Citizen: g.Grant.Citizen, Client: g.Grant.Client, Grant: g.Grant.ID,
	})
	if err != nil {
		return store.Logged{}, err
	}
	gone := func(scope string) bool {
		return slices.Contains(g.Grant.Data, scope) && !slices.Contains(cmd.Data, scope)
	}
	g.Grant.Scopes, g.Grant.Details = slices.DeleteFunc(slices.Clone(g.Grant.Scopes), gone), slices.Clone(cmd.Details)
	g.Grant.Data, g.Grant.Fields = slices.Clone(cmd.Data), slices.Clone(cmd.Fields)
	g.Grant.Receipt, g.ReceiptDigest = cmd.Receipt.ID, cmd.Receipt.Digest
	g.Grant.StateTime = b.now
	ev := completeEvent(audit.Event{
		Interaction: g.Interaction, Receipt: cmd.Receipt.Digest, ApprovalDigest: g.ApprovalDigest,
		Data: g.Grant.Data, ValidUntil: g.Grant.ValidUntil.UTC().Format(audit.TimeLayout),
	}, &g.Grant)
	logged, err := b.appendGrant(at[:], &g, entry{kind: audit.ConsentRenewed, event: ev, receipt: body})
	if err != nil {
		return store.Logged{}, err
	}
	return logged, b.indexReceipt(b.place(logged.Position.Index), cmd.Receipt.ID, g.Grant.Citizen)
}

// changeable checks all there is to check, and writes nothing.
func (b *batch) changeable(cmd store.ChangeCmd) (place, grantRow, error) {
	at, g, err := b.grantByID(cmd.Grant)
	if err != nil {
		return at, g, err
	}
	if cmd.Citizen == "" || g.Grant.Citizen != cmd.Citizen {
		return at, g, store.ErrNotFound
	}
	if err := g.live(b.now); errors.Is(err, store.ErrExpired) {
		return at, g, fmt.Errorf("%w: %w", store.ErrRevoked, err)
	} else if err != nil {
		return at, g, err
	}
	if _, err := b.approvalOf(g.Grant); err != nil {
		return at, g, err
	}
	if err := b.newReceipt(cmd.Receipt); err != nil {
		return at, g, err
	}
	if cmd.Receipt.Previous == "" || cmd.Receipt.Previous != g.ReceiptDigest {
		return at, g, fmt.Errorf("receipt follows another one: %w", store.ErrConflict)
	}
	return at, g, narrows(cmd, g.Grant)
}

// narrows: fewer of what was agreed, and not nothing.
func narrows(cmd store.ChangeCmd, g store.Grant) error {
	distinct := slices.Compact(slices.Sorted(slices.Values(cmd.Data)))
	if len(cmd.Data) == 0 || len(cmd.Fields) == 0 || len(distinct) != len(cmd.Data) || len(cmd.Data) >= len(g.Data) {
		return fmt.Errorf("a change keeps some of the data, each once, and fewer than before: %w", store.ErrNotCovered)
	}
	if !subset(cmd.Data, g.Data) || !subset(cmd.Fields, g.Fields) {
		return fmt.Errorf("a change adds nothing: %w", store.ErrNotCovered)
	}
	return nil
}
