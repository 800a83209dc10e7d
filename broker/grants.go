package broker

import (
	"context"
	"errors"

	"accord/broker/store"
	"accord/oidc/issuer"
)

// reasonServiceProvider is why a grant its own client ended is revoked.
const reasonServiceProvider = "service_provider"

// grantOf is a grant of this client's; found is false for another's too.
func (h hooks) grantOf(ctx context.Context, c *issuer.Client, id string) (g store.Grant, found bool, err error) {
	g, err = h.config.Store.Grant(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return g, false, nil
	}
	return g, err == nil && g.Client == c.ID, err
}

// Grant tells a grant to the client it was given to (issuer.Hooks).
func (h hooks) Grant(ctx context.Context, c *issuer.Client, id string) (*issuer.GrantInfo, error) {
	g, found, err := h.grantOf(ctx, c, id)
	if err != nil || !found {
		return nil, err
	}
	told := &issuer.GrantInfo{
		Scopes: g.Scopes, Details: g.Details, State: string(g.State), CreatedAt: g.ValidFrom, UpdatedAt: g.StateTime,
		ExpiresAt: g.ValidUntil, Fetches: max(g.MaxFetches, 1), FetchesMade: len(g.Snapshots),
	}
	if told.Scopes == nil {
		told.Scopes = g.Data
	}
	if g.State == store.Given && !h.config.Now().Before(g.ValidUntil) {
		told.State = "expired"
	}
	return told, nil
}

// RevokeGrant ends a grant at its own client's wish (issuer.Hooks): its citizen
// sees it so, and the receipt stays.
func (h hooks) RevokeGrant(ctx context.Context, c *issuer.Client, id string) (bool, error) {
	_, found, err := h.grantOf(ctx, c, id)
	if err != nil || !found {
		return false, err
	}
	_, err = h.config.Store.Revoke(ctx, id, reasonServiceProvider)
	if errors.Is(err, store.ErrRevoked) {
		return true, nil
	}
	return err == nil, err
}
