package journey

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"accord/broker/clocks"
	"accord/broker/seal"
	"accord/broker/store"
	"accord/consent"
	"accord/oidc/issuer"
)

// renews tells whether a grant's client is to hold a refresh token.
func (j *Journey) renews(g *store.Grant) bool {
	if g.FetchMode != consent.ModeRepeated || j.Clients == nil {
		return false
	}
	client, ok := j.Clients(g.Client)
	return ok && client.Renews()
}

func newRefresh() string { return refreshPrefix + base64url(randomBytes(32)) }

// refreshable is the row of a refresh token.
func (b Bound) refreshable(refresh string) (*store.Refresh, error) {
	plain, err := json.Marshal(b)
	if err != nil {
		return nil, fmt.Errorf("encoding what a refresh token is bound to: %w", err)
	}
	return &store.Refresh{Hash: hashOf([]byte(refresh)), Bound: seal.Seal([]byte(refresh), refreshPurpose, plain)}, nil
}

// Refresh gives an access token that fetches anew (issuer.Hooks). The refresh
// token stays where a key holds it (FAPI 2.0 Security Profile §5.3.2.1: no
// rotation of sender-constrained ones); where none does it is replaced.
func (j *Journey) Refresh(ctx context.Context, client *issuer.Client, r issuer.Refreshing) (*issuer.Issued, *issuer.Error) {
	n := renewal{Journey: j, client: client, asked: r, token: newToken(), refresh: r.Token}
	renewed, err := j.Store.Renew(ctx, store.RenewCmd{
		Refresh: hashOf([]byte(r.Token)), Client: client.ID, Window: clocks.RefreshHanded, Open: n.open,
	})
	if err != nil {
		return nil, refreshError(err)
	}
	b, err := n.bound.left(renewed.Grant)
	if err != nil {
		return nil, issuer.NewError("server_error", "").WithCause(err)
	}
	return &issuer.Issued{
		Binding: b.Binding, AccessToken: n.token, RefreshToken: n.refresh,
		ExpiresIn: renewed.ExpiresAt.Sub(j.Now()).Round(time.Second),
		Subject:   b.Subject, ACR: b.ACR, AMR: b.AMR, AuthTime: b.AuthTime, Scopes: b.Scopes, GrantID: b.Grant,
	}, nil
}

// A renewal is one refresh under way: what was asked, and what comes of it.
type renewal struct {
	*Journey
	client  *issuer.Client
	asked   issuer.Refreshing
	token   string // access token to give
	refresh string // refresh token that renews afterwards
	bound   Bound  // what the access token stands for: bound to this proof's key, and to the scopes asked
}

// open is store.RenewCmd's: pure, and called inside the transaction.
func (n *renewal) open(sealed, handed []byte) (store.Token, error) {
	rotate := handed == nil
	if !rotate { // the answer that held the successor may be lost
		successor, err := seal.Open([]byte(n.asked.Token), handedPurpose, handed)
		if err != nil {
			return store.Token{}, err
		}
		n.refresh = string(successor)
	}
	plain, err := seal.Open([]byte(n.refresh), refreshPurpose, sealed)
	if err != nil {
		return store.Token{}, err
	}
	var b Bound
	if err := json.Unmarshal(plain, &b); err != nil {
		return store.Token{}, fmt.Errorf("decoding what a refresh token is bound to: %w", err)
	}
	e := n.check(b)
	if e != nil {
		return store.Token{}, e
	}
	n.bound = b
	n.bound.Scopes, n.bound.Binding.Details, e = n.asked.Narrow(b.Scopes, b.Binding.Details)
	if e != nil {
		return store.Token{}, e
	}
	n.bound.Binding.DPoPJKT, n.bound.Issued = n.asked.DPoPJKT, n.Now()
	var next *store.Refresh
	if rotate && b.Binding.DPoPJKT == "" {
		if next, err = n.successor(b); err != nil {
			return store.Token{}, err
		}
	}
	t, err := n.bound.sealed(n.token)
	t.Refresh = next
	return t, err
}

// check holds the request to what the refresh token is bound to.
func (n *renewal) check(b Bound) *issuer.Error {
	key := b.Binding.DPoPJKT
	mayUse := func(a *consent.Approval) bool { return a.ID == b.Approval }
	switch {
	case b.Binding.ClientID != n.client.ID:
		return issuer.NewError("invalid_grant", "the refresh token is not valid")
	case key != "" && subtle.ConstantTimeCompare([]byte(key), []byte(n.asked.DPoPJKT)) != 1:
		return issuer.NewError("invalid_grant", "the refresh token is bound to another key than the DPoP proof's")
	case !slices.ContainsFunc(n.Approvals(n.client.ID), mayUse):
		return issuer.NewError("invalid_grant", "the approval is not in force, or no longer the client's")
	}
	return nil
}

// successor replaces the refresh token, and hands itself over under it.
func (n *renewal) successor(b Bound) (*store.Refresh, error) {
	n.refresh = newRefresh()
	next, err := b.refreshable(n.refresh)
	if err != nil {
		return nil, err
	}
	next.Handed = seal.Seal([]byte(n.asked.Token), handedPurpose, []byte(n.refresh))
	return next, nil
}

// refreshError tells the service provider no more than RFC 6749 §5.2 allows.
func refreshError(err error) *issuer.Error {
	var bad *issuer.Error
	switch {
	case errors.As(err, &bad):
		return bad
	case errors.Is(err, store.ErrNotCovered):
		return issuer.NewError("invalid_grant", "nothing is left to fetch under the agreement, or its approval is not in force").WithCause(err)
	case errors.Is(err, store.ErrConflict):
		return issuer.NewError("invalid_grant", "the refresh token was replaced").WithCause(err)
	}
	if e := redeemError(err); e.Code != "invalid_grant" {
		return e
	}
	return issuer.NewError("invalid_grant", "the refresh token is unknown, expired, revoked or replaced").WithCause(err)
}
