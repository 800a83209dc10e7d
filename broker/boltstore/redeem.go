package boltstore

import (
	"context"
	"errors"
	"fmt"

	"accord/broker/store"
	"accord/consent/audit"
)

// reasonCodeReuse is why a code used twice revokes what it gave. RFC 6749 §4.1.2.
const reasonCodeReuse = "code_reuse"

// Redeem implements store.Store.
func (s *Store) Redeem(ctx context.Context, cmd store.RedeemCmd) (r store.Redeemed, err error) {
	var refused error // what the caller is told although something was written
	err = s.do(ctx, "redeeming a code", func(b *batch) (err error) {
		r, refused, err = b.redeem(cmd)
		return err
	})
	if err == nil && refused != nil {
		return store.Redeemed{}, fmt.Errorf("redeeming a code: %w", refused)
	}
	return r, err
}

func (b *batch) redeem(cmd store.RedeemCmd) (r store.Redeemed, refused, err error) {
	code, found, err := getJSON[codeRow](b.tx, codeBucket, cmd.Code[:])
	if err != nil {
		return r, nil, err
	}
	if !found || code.Client != cmd.Client {
		return r, nil, store.ErrNotFound
	}
	g, err := b.grantAt(code.Grant)
	if err != nil {
		return r, nil, err
	}
	if code.Used {
		return r, store.ErrUsed, b.revokeReused(code.Grant, g)
	}
	if !b.now.Before(code.Expires) {
		return r, nil, store.ErrExpired
	}
	if err := g.live(b.now); err != nil {
		return r, nil, err
	}
	if err := b.identifiable(g); err != nil {
		return r, nil, err
	}
	token, err := callOpen(cmd.Open, code.Bound, code.Wrapped)
	if err != nil {
		return r, fmt.Errorf("%w: %w", store.ErrBinding, err), b.burn(cmd.Code, code, g)
	}
	return b.putRedeemed(cmd, code, g, token)
}

// callOpen keeps a panic of the caller's function out of the sequencer.
func callOpen(open func(_, _ []byte) (store.Token, error), bound, beside []byte) (t store.Token, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("opening a code or token: panic: %v", p)
		}
	}()
	return open(bound, beside)
}

func (b *batch) putRedeemed(cmd store.RedeemCmd, code codeRow, g grantRow, t store.Token) (store.Redeemed, error, error) {
	if b.exists(tokenBucket, t.Hash[:]) {
		return store.Redeemed{}, nil, fmt.Errorf("token: %w", store.ErrConflict)
	}
	expires := b.now.Add(t.Expires)
	if g.Grant.ValidUntil.Before(expires) {
		expires = g.Grant.ValidUntil
	}
	row := tokenRow{Client: code.Client, Expires: expires, Grant: code.Grant, Bound: t.Bound, Wrapped: t.Wrapped}
	if err := b.newRefresh(g, t.Refresh); err != nil {
		return store.Redeemed{}, nil, err
	}
	g.Tokens = append(g.Tokens, t.Hash[:])
	err := errors.Join(
		b.useCode(cmd.Code, code),
		b.putJSON(tokenBucket, t.Hash[:], row),
		b.expire(tokenBucket, t.Hash[:], expires.Add(keepUsed)),
		b.putRefresh(code.Grant, &g, t.Refresh),
		b.putJSON(grantBucket, code.Grant, g),
		b.memos.grants.remember(b.tx, grantBucket, code.Grant, g), // the first delivery follows at once
	)
	return store.Redeemed{Grant: cloned(g.Grant), ExpiresAt: expires}, nil, err
}

// useCode keeps the row, so that its reuse is seen, without what it led to.
func (b *batch) useCode(h store.Hash, code codeRow) error {
	code.Used, code.Bound, code.Wrapped = true, nil, nil
	return b.putJSON(codeBucket, h[:], code)
}

// burn uses up a code without giving a token: nothing can open the snapshot now.
func (b *batch) burn(h store.Hash, code codeRow, g grantRow) error {
	snapshot := g.Snapshot
	g.Snapshot = ""
	return errors.Join(b.useCode(h, code), b.putJSON(grantBucket, code.Grant, g), b.wipeSnapshot(snapshot))
}

// revokeReused ends what a code gave when it comes a second time.
func (b *batch) revokeReused(at []byte, g grantRow) error {
	if g.Grant.State != store.Given {
		return nil
	}
	_, err := b.end(at, g, ending{state: store.Revoked, kind: audit.ConsentRevoked, reason: reasonCodeReuse})
	return err
}
