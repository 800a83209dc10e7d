package serviceprovider

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// A Grant is what a person agreed to, and what is left of it (Grant Management
// for OAuth 2.0, §6.4).
type Grant struct {
	ID          string          `json:"grant_id"`
	State       string          `json:"state"` // given, withdrawn (by the person), revoked, expired
	Details     json.RawMessage `json:"authorization_details"`
	Fetches     int             `json:"fetches"` // agreed to, the first included
	FetchesMade int             `json:"fetches_made"`
	CreatedAt   int64           `json:"created_at"` // Unix seconds, like the rest
	UpdatedAt   int64           `json:"last_updated_at"`
	ExpiresAt   int64           `json:"expires_at"`
}

// Grant asks what has become of an agreement (Token.GrantID). The client must be
// registered for client_credentials. Another client's is *Refused with status
// 404.
func (c *Client) Grant(ctx context.Context, id string) (Grant, error) {
	var g Grant
	body, err := c.manage(ctx, http.MethodGet, "grant_management_query", id, http.StatusOK)
	if err == nil {
		err = json.Unmarshal(body, &g)
	}
	if err != nil {
		return Grant{}, fmt.Errorf("asking about a grant: %w", err)
	}
	return g, nil
}

// EndGrant ends an agreement that is no longer needed: nothing is fetched or
// delivered under it any more, and the person sees who ended it.
func (c *Client) EndGrant(ctx context.Context, id string) error {
	if _, err := c.manage(ctx, http.MethodDelete, "grant_management_revoke", id, http.StatusNoContent); err != nil {
		return fmt.Errorf("ending a grant: %w", err)
	}
	return nil
}

// manage calls the grant management endpoint with a token for that one call.
func (c *Client) manage(ctx context.Context, method, scope, id string, want int) ([]byte, error) {
	at, err := c.discover(ctx)
	if err != nil {
		return nil, err
	}
	if !secure(at.Grants) {
		return nil, errors.New("this Accord manages no grants")
	}
	var t Token
	err = c.post(ctx, at.Token, url.Values{"grant_type": {"client_credentials"}, "scope": {scope}}, http.StatusOK, &t)
	if err == nil {
		err = c.usable(t)
	}
	if err != nil {
		return nil, err
	}
	status, _, body, err := c.sendProved(func() (*http.Request, error) {
		r, err := http.NewRequestWithContext(ctx, method, at.Grants+"/"+url.PathEscape(id), nil)
		if err == nil {
			r.Header.Set("Authorization", c.tokenType()+" "+t.Access)
		}
		return r, err
	}, t.Access)
	if err != nil {
		return nil, err
	}
	if status != want {
		return nil, oauthRefusal(status, body)
	}
	return body, nil
}
