package boltstore

import (
	"context"
	"fmt"

	"accord/broker/store"
)

// AnotherCode implements store.Store.
func (s *Store) AnotherCode(ctx context.Context, cmd store.AnotherCodeCmd) error {
	return s.do(ctx, "giving another code", func(b *batch) error { return b.anotherCode(cmd) })
}

func (b *batch) anotherCode(cmd store.AnotherCodeCmd) error {
	at, g, err := b.grantByID(cmd.Grant)
	if err != nil {
		return err
	}
	if err := b.identifies(g, cmd); err != nil {
		return err
	}
	if len(g.Others)+1 >= store.MostCodes {
		return fmt.Errorf("codes of one grant: %w", store.ErrCapped)
	}
	if b.exists(codeBucket, cmd.Code.Hash[:]) {
		return fmt.Errorf("code: %w", store.ErrConflict)
	}
	g.Others = append(g.Others, cmd.Code.Hash[:])
	if err := b.putJSON(grantBucket, at[:], g); err != nil {
		return err
	}
	return b.putCode(at, cmd.Code)
}

// identifies: the grant still lets this client recognise this citizen, and
// gives nothing else.
func (b *batch) identifies(g grantRow, cmd store.AnotherCodeCmd) error {
	if cmd.Citizen == "" || g.Grant.Citizen != cmd.Citizen || g.Grant.Client != cmd.Code.Client {
		return store.ErrNotFound
	}
	if err := g.live(b.now); err != nil {
		return err
	}
	if len(g.Grant.Data) > 0 {
		return fmt.Errorf("data are agreed to on a page, each time: %w", store.ErrNotCovered)
	}
	_, err := b.approvalFor(lookupRow{
		Client: g.Grant.Client, Recipient: g.Grant.Recipient, Purpose: g.Grant.Purpose,
		Approval: g.Grant.Approval, ApprovalDigest: g.ApprovalDigest,
	})
	return err
}

// identifiable: where the identifier is all that was agreed, redeeming a code
// delivers it, and nothing is delivered unless the approval is in force.
func (b *batch) identifiable(g grantRow) error {
	if len(g.Grant.Data) == 0 {
		_, err := b.approvalOf(g.Grant)
		return err
	}
	return nil
}

// codes are the hashes of all codes of a grant.
func (g grantRow) codes() [][]byte {
	return append([][]byte{g.Code}, g.Others...)
}
