package issuer

import (
	"context"
	"slices"
	"strings"
)

// refresh gives another access token for a refresh token (RFC 6749 §6). There
// is no ID token: the citizen did not log in again.
func (i *Issuer) refresh(ctx context.Context, c *Client, p parameters, jkt string) (*tokenAnswer, *Error) {
	if !c.Renews() {
		return nil, NewError("unauthorized_client", "the client is not registered for refresh_token")
	}
	r, e := readRefreshing(p)
	if e != nil {
		return nil, e
	}
	r.DPoPJKT = jkt
	issued, e := i.config.Hooks.Refresh(ctx, c, r)
	if e != nil {
		return nil, e
	}
	if issued.DPoPJKT != jkt {
		return nil, serverError("the token is bound otherwise than asked", nil)
	}
	return newTokenAnswer(issued, ""), nil
}

func readRefreshing(p parameters) (Refreshing, *Error) {
	switch token := p["refresh_token"]; {
	case token == "":
		return Refreshing{}, invalidRequest("refresh_token is missing")
	case len(token) > 512 || !only(token, base64url):
		return Refreshing{}, NewError("invalid_grant", "the refresh token is not valid")
	case len(p["scope"]) > maxOpaque || !scopeToken(strings.ReplaceAll(p["scope"], " ", "")):
		return Refreshing{}, NewError("invalid_scope", "scope is too long or holds characters no scope has")
	}
	scopes := strings.Fields(p["scope"])
	slices.Sort(scopes)
	return Refreshing{Token: p["refresh_token"], Scopes: slices.Compact(scopes)}, nil
}

// CheckScopes is nil when the scopes asked at a refresh are among those granted;
// otherwise invalid_scope (RFC 6749 §6).
func (r Refreshing) CheckScopes(granted []string) *Error {
	for _, s := range r.Scopes {
		if !slices.Contains(granted, s) {
			return NewError("invalid_scope", "scope goes beyond what was agreed to: ask the citizen anew")
		}
	}
	return nil
}
