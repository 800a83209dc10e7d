package resource

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"

	"accord/broker/journey"
	"accord/broker/store"
	"accord/consent"
	"accord/oidc/issuer"
)

// UserinfoClaims gives the agreed data as claims of userinfo, for clients
// registered so (issuer.Hooks): identity claims under their own names, other
// resources under theirs. One delivery covers them all.
func (d *Deliverer) UserinfoClaims(ctx context.Context, _ *issuer.Client, token string) (map[string]any, http.Header, *issuer.Error) {
	state, err := d.Store.Token(ctx, HashOf(token))
	if err != nil {
		return nil, nil, userinfoError(err)
	}
	// The identifier alone, or a renewed token, whose data are fetched at their
	// own addresses: sub, and no delivery.
	if state.Renewed || state.Snapshot == nil && len(state.Grant.Data) == 0 {
		return nil, nil, nil
	}
	o, err := d.open(state, token)
	if err != nil {
		d.fail(ctx, token, "snapshot_unreadable")
		return nil, nil, issuer.NewError("server_error", "").WithCause(err)
	}
	claims, body, err := claimsOf(o)
	if err != nil {
		return nil, nil, issuer.NewError("server_error", "").WithCause(err)
	}
	r, err := d.deliver(ctx, o, slices.Sorted(maps.Keys(o.snapshot.Parts)), body)
	if err != nil {
		return nil, nil, userinfoError(err)
	}
	header := http.Header{}
	r.setHeaders(header)
	return claims, header, nil
}

// claimsOf joins the parts of a snapshot; an agreed absence is a null member.
func claimsOf(o opened) (map[string]any, []byte, error) {
	claims := map[string]any{}
	for name, part := range o.snapshot.Parts {
		if name != consent.ResourceIdentity {
			claims[name] = part.Document
			continue
		}
		var members map[string]json.RawMessage
		if err := json.Unmarshal(part.Document, &members); err != nil {
			return nil, nil, err
		}
		for k, v := range members {
			claims[k] = v
		}
	}
	body, err := json.Marshal(claims) // keys sorted: what the digest covers
	return claims, body, err
}

func userinfoError(err error) *issuer.Error {
	switch {
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrExpired), errors.Is(err, store.ErrRevoked):
		return issuer.NewError("invalid_token", "the token is unknown, expired or its consent has ended").WithCause(err)
	case errors.Is(err, store.ErrNotCovered):
		return issuer.NewError("insufficient_scope", "not covered by what was agreed").WithCause(err)
	}
	return issuer.NewError("temporarily_unavailable", "").WithCause(err)
}

// TokenInfo tells what a live access token leads to (RFC 7662), nil for a dead
// one.
func (d *Deliverer) TokenInfo(ctx context.Context, token string) (*issuer.TokenInfo, error) {
	state, err := d.Store.Token(ctx, HashOf(token))
	switch {
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrExpired), errors.Is(err, store.ErrRevoked):
		return nil, nil
	case err != nil:
		return nil, err
	}
	b, err := boundOf(state, token)
	if err != nil {
		return nil, err
	}
	left, err := journey.DetailsLeft(b.Binding.Details, state.Grant)
	if err != nil {
		return nil, err
	}
	return &issuer.TokenInfo{
		ClientID: state.Client, Subject: b.Subject, Scopes: journey.ScopesLeft(b.Scopes, state.Grant), GrantID: b.Grant,
		IssuedAt: b.Issued, ExpiresAt: state.ExpiresAt, DPoPJKT: b.Binding.DPoPJKT,
		Details: left, Frozen: !state.InForce,
	}, nil
}
