package boltstore

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"accord/broker/store"
	"accord/consent/audit"
)

// reasonRefreshReuse is why a replaced refresh token that comes back ends its
// grant: one of the two who hold it is not the client. RFC 9700 §4.14.2.
const reasonRefreshReuse = "refresh_reuse"

// mostRenewed bounds the access tokens of one grant that live at once.
const mostRenewed = 64

// Renew implements store.Store. Beyond mostRenewed access tokens of one grant
// it is ErrOverloaded, until one ends.
func (s *Store) Renew(ctx context.Context, cmd store.RenewCmd) (r store.Redeemed, err error) {
	var refused error // what the caller is told although something was written
	err = s.do(ctx, "renewing", func(b *batch) (err error) {
		r, refused, err = b.renew(cmd)
		return err
	})
	if err == nil && refused != nil {
		return store.Redeemed{}, fmt.Errorf("renewing: %w", refused)
	}
	return r, err
}

func (b *batch) renew(cmd store.RenewCmd) (r store.Redeemed, refused, err error) {
	row, g, err := b.refreshOf(cmd)
	if err != nil {
		return r, nil, err
	}
	if !row.Replaced.IsZero() && !b.now.Before(row.Replaced.Add(cmd.Window)) {
		_, err := b.end(row.Grant, g, ending{state: store.Revoked, kind: audit.ConsentRevoked, reason: reasonRefreshReuse})
		return r, store.ErrUsed, err
	}
	if err := b.renewable(g); err != nil {
		return r, nil, err
	}
	bound, handed, err := b.renewing(cmd, row)
	if err != nil {
		return r, nil, err
	}
	token, err := callOpen(cmd.Open, bound, handed)
	if err != nil {
		return r, nil, fmt.Errorf("%w: %w", store.ErrBinding, err)
	}
	r, err = b.putRenewed(cmd, row, g, token)
	return r, nil, err
}

// refreshOf is a refresh token of this client that is not dead, and its live
// grant.
func (b *batch) refreshOf(cmd store.RenewCmd) (refreshRow, grantRow, error) {
	row, found, err := getJSON[refreshRow](b.tx, refreshBucket, cmd.Refresh[:])
	if err == nil && (!found || row.Client != cmd.Client) {
		err = store.ErrNotFound
	}
	if err != nil {
		return row, grantRow{}, err
	}
	g, err := b.grantAt(row.Grant)
	switch {
	case err != nil:
	case row.Dead:
		err = store.ErrRevoked
	default:
		err = g.live(b.now)
	}
	return row, g, err
}

// renewable: a token would open something.
func (b *batch) renewable(g grantRow) error {
	a, err := b.approvalOf(g.Grant)
	if err == nil {
		err = g.fetchLeft(a)
	}
	return err
}

// renewing is what Open gets: the token's own binding or, of a replaced one,
// its successor, while that was not replaced itself.
func (b *batch) renewing(cmd store.RenewCmd, row refreshRow) (bound, handed []byte, err error) {
	if row.Replaced.IsZero() {
		return row.Bound, nil, nil
	}
	next, found, err := getJSON[refreshRow](b.tx, refreshBucket, row.By)
	if err != nil {
		return nil, nil, err
	}
	value, err := getRow(b.tx, handedBucket, cmd.Refresh[:])
	if err != nil {
		return nil, nil, err
	}
	if !found || next.Dead || !next.Replaced.IsZero() || value == nil {
		return nil, nil, fmt.Errorf("its successor was used: %w", store.ErrConflict)
	}
	_, handed, err = splitTimed(value)
	return next.Bound, handed, err
}

func (b *batch) putRenewed(cmd store.RenewCmd, row refreshRow, g grantRow, t store.Token) (store.Redeemed, error) {
	replaces := t.Refresh != nil
	switch {
	case b.exists(tokenBucket, t.Hash[:]):
		return store.Redeemed{}, fmt.Errorf("token: %w", store.ErrConflict)
	case replaces && (t.Refresh.Handed == nil || !row.Replaced.IsZero()):
		return store.Redeemed{}, fmt.Errorf("a successor is made once, and handed over: %w", errIncomplete)
	}
	living, gone, err := b.livingTokens(g)
	if err == nil && len(living) >= mostRenewed {
		err = fmt.Errorf("access tokens of one grant: %w", store.ErrOverloaded)
	}
	if err == nil {
		err = b.newRefresh(g, t.Refresh)
	}
	if err != nil {
		return store.Redeemed{}, err
	}
	expires := b.now.Add(t.Expires)
	if g.Grant.ValidUntil.Before(expires) {
		expires = g.Grant.ValidUntil
	}
	g.Tokens = append(living, t.Hash[:])
	if replaces {
		err = b.replace(cmd, row, t.Refresh)
	}
	return store.Redeemed{Grant: g.Grant, ExpiresAt: expires}, errors.Join(
		err, b.wipeTokens(gone),
		b.putJSON(tokenBucket, t.Hash[:], tokenRow{
			Client: row.Client, Expires: expires, Grant: row.Grant, Renewed: true, Bound: t.Bound, Wrapped: t.Wrapped,
		}),
		b.expire(tokenBucket, t.Hash[:], expires.Add(keepUsed)),
		b.putRefresh(row.Grant, &g, t.Refresh),
		b.putJSON(grantBucket, row.Grant, g),
	)
}

// livingTokens parts the grant's tokens: those that live, and those whose rows
// have to be wiped or are gone.
func (b *batch) livingTokens(g grantRow) (living, gone [][]byte, err error) {
	for _, h := range g.Tokens {
		row, found, err := getJSON[tokenRow](b.tx, tokenBucket, h)
		if err != nil {
			return nil, nil, err
		}
		if found && !row.Dead && b.now.Before(row.Expires) {
			living = append(living, h)
		} else {
			gone = append(gone, h)
		}
	}
	return living, gone, nil
}

func (b *batch) wipeTokens(hashes [][]byte) (err error) {
	for _, h := range hashes {
		err = errors.Join(err, b.wipeToken(h))
	}
	return err
}

// replace ends the old token, which hands its successor over for a while.
func (b *batch) replace(cmd store.RenewCmd, row refreshRow, next *store.Refresh) error {
	until := b.now.Add(cmd.Window)
	before := row.Before
	row.Replaced, row.By, row.Bound = b.now, next.Hash[:], nil
	err := errors.Join(
		b.putJSON(refreshBucket, cmd.Refresh[:], row),
		b.put(handedBucket, cmd.Refresh[:], timed(until, next.Handed)),
		b.expire(handedBucket, cmd.Refresh[:], until),
	)
	if before == nil {
		return err
	}
	return errors.Join(err, b.delete(handedBucket, before))
}

// newRefresh checks what putRefresh writes.
func (b *batch) newRefresh(g grantRow, r *store.Refresh) error {
	switch {
	case r == nil:
		return nil
	case g.Grant.FetchMode != repeated:
		return fmt.Errorf("refresh token under a grant of one fetch: %w", store.ErrNotCovered)
	case len(r.Bound) == 0 || b.exists(refreshBucket, r.Hash[:]):
		return fmt.Errorf("refresh token: %w", store.ErrConflict)
	}
	return nil
}

// putRefresh makes r the one that renews; the caller writes the grant's row.
func (b *batch) putRefresh(at []byte, g *grantRow, r *store.Refresh) error {
	if r == nil {
		return nil
	}
	row := refreshRow{Client: g.Grant.Client, Expires: g.Grant.ValidUntil, Grant: at, Before: g.Refresh, Bound: r.Bound}
	g.Refresh = slices.Clone(r.Hash[:])
	return errors.Join(
		b.putJSON(refreshBucket, r.Hash[:], row),
		b.expire(refreshBucket, r.Hash[:], row.Expires.Add(keepUsed)),
	)
}

// renewedFor: the access token was given for a refresh token of this grant, and
// lives.
func (b *batch) renewedFor(at place, token store.Hash) error {
	row, g, err := b.liveToken(token)
	if err == nil && (!row.Renewed || !slices.Equal(row.Grant, at[:]) || row.Client != g.Grant.Client) {
		err = fmt.Errorf("token is no renewed one of this grant: %w", store.ErrNotCovered)
	}
	return err
}
