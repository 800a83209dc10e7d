package boltstore

import (
	"context"
	"errors"
	"fmt"

	"accord/broker/store"
	"accord/consent/audit"
)

// Withdraw implements store.Store. A grant past its end has ended too: the
// error is then ErrExpired as well as ErrRevoked.
func (s *Store) Withdraw(ctx context.Context, cmd store.WithdrawCmd) (logged store.Logged, err error) {
	err = s.do(ctx, "withdrawing", func(b *batch) error {
		logged, err = b.withdraw(cmd)
		return err
	})
	return logged, err
}

func (b *batch) withdraw(cmd store.WithdrawCmd) (store.Logged, error) {
	at, g, err := b.grantByID(cmd.Grant)
	if err != nil {
		return store.Logged{}, err
	}
	if cmd.Citizen == "" || g.Grant.Citizen != cmd.Citizen {
		return store.Logged{}, store.ErrNotFound
	}
	if err := g.live(b.now); errors.Is(err, store.ErrExpired) {
		return store.Logged{}, fmt.Errorf("%w: %w", store.ErrRevoked, err)
	} else if err != nil {
		return store.Logged{}, err
	}
	if err := b.newReceipt(cmd.Receipt); err != nil {
		return store.Logged{}, err
	}
	if differs(g.ReceiptDigest, cmd.Receipt.Previous) {
		return store.Logged{}, fmt.Errorf("receipt follows another one: %w", store.ErrConflict)
	}
	body, err := receiptBody(cmd.Receipt, receiptHead{
		Interaction: g.Interaction, Citizen: g.Grant.Citizen, Client: g.Grant.Client, Grant: g.Grant.ID,
	})
	if err != nil {
		return store.Logged{}, err
	}
	logged, err := b.end(at[:], g, ending{
		state: store.Withdrawn, kind: audit.ConsentWithdrawn, digest: cmd.Receipt.Digest, receipt: body,
	})
	if err != nil {
		return store.Logged{}, err
	}
	return logged, b.indexReceipt(b.place(logged.Position.Index), cmd.Receipt.ID, g.Grant.Citizen)
}

// Revoke implements store.Store: another than the citizen ends a grant.
// ErrNotFound, or ErrRevoked when it ended already.
func (s *Store) Revoke(ctx context.Context, grant, reason string) (logged store.Logged, err error) {
	err = s.do(ctx, "revoking", func(b *batch) error {
		at, g, err := b.grantByID(grant)
		if err != nil {
			return err
		}
		if g.Grant.State != store.Given {
			return store.ErrRevoked
		}
		logged, err = b.end(at[:], g, ending{state: store.Revoked, kind: audit.ConsentRevoked, reason: reason})
		return err
	})
	return logged, err
}

// RevokeToken implements store.Store. A token unknown, or another client's, is
// answered as if revoked and stays what it was. RFC 7009 §2.2.
func (s *Store) RevokeToken(ctx context.Context, client string, token store.Hash) error {
	return s.do(ctx, "revoking a token", func(b *batch) error {
		if b.exists(refreshBucket, token[:]) {
			return b.revokeRefresh(client, token[:])
		}
		row, found, err := getJSON[tokenRow](b.tx, tokenBucket, token[:])
		if err != nil || !found || row.Client != client || row.Dead {
			return err
		}
		return b.killToken(token[:], row)
	})
}

// An ending is how a grant ends.
type ending struct {
	state   store.GrantState
	kind    audit.Kind
	reason  string
	digest  string // of the receipt of this act
	receipt []byte // its row
}

// end logs the act, changes the state, and kills codes, tokens and snapshot. It
// is the last step of its callers: they have checked.
func (b *batch) end(at []byte, g grantRow, how ending) (store.Logged, error) {
	ev := completeEvent(audit.Event{
		Interaction: g.Interaction, Receipt: how.digest, Reason: how.reason, ApprovalDigest: g.ApprovalDigest,
	}, &g.Grant)
	tokens, codes, snapshot, refresh := g.Tokens, g.codes(), g.Snapshot, g.Refresh
	g.Grant.State, g.Grant.StateTime, g.Snapshot = how.state, b.now, ""
	logged, err := b.appendGrant(at, &g, entry{kind: how.kind, event: ev, receipt: how.receipt})
	if err != nil {
		return store.Logged{}, err
	}
	err = errors.Join(b.wipeCodes(codes), b.wipeSnapshot(snapshot), b.wipeRefresh(refresh))
	for _, h := range tokens {
		err = errors.Join(err, b.wipeToken(h))
	}
	return logged, err
}

// wipeCodes leaves the rows, so that their reuse is still seen.
func (b *batch) wipeCodes(hashes [][]byte) (err error) {
	for _, h := range hashes {
		row, found, errRow := getJSON[codeRow](b.tx, codeBucket, h)
		if errRow == nil && found {
			row.Bound, row.Wrapped = nil, nil
			errRow = b.putJSON(codeBucket, h, row)
		}
		err = errors.Join(err, errRow)
	}
	return err
}

func (b *batch) wipeToken(h []byte) error {
	row, found, err := getJSON[tokenRow](b.tx, tokenBucket, h)
	if err != nil || !found {
		return err
	}
	return b.killToken(h, row)
}

func (b *batch) killToken(h []byte, row tokenRow) error {
	row.Dead, row.Bound, row.Wrapped = true, nil, nil
	return b.putJSON(tokenBucket, h, row)
}

func (b *batch) wipeSnapshot(id string) error {
	if id == "" {
		return nil
	}
	return b.delete(snapshotBucket, []byte(id))
}

func (b *batch) grantByID(id string) (place, grantRow, error) {
	at, found, err := getPlace(b.tx, gidBucket, []byte(id))
	if err != nil {
		return place{}, grantRow{}, err
	}
	if !found {
		return place{}, grantRow{}, store.ErrNotFound
	}
	g, err := b.grantAt(at[:])
	return at, g, err
}
