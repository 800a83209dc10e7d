package issuer

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"accord/oidc/issuer/details"
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
	r := Refreshing{Token: p["refresh_token"], Scopes: slices.Compact(scopes)}
	if sent, given := p["authorization_details"]; given {
		d, err := details.Parse(sent)
		if err != nil {
			return Refreshing{}, invalidDetails(err)
		}
		r.Details = &d
	}
	return r, nil
}

// Narrow gives of the scopes and authorization_details granted those a refresh
// asks for, all where it asks for none; invalid_scope beyond them (RFC 6749 §6).
func (r Refreshing) Narrow(scopes []string, granted json.RawMessage) ([]string, json.RawMessage, *Error) {
	all, e := grantedDetails(scopes, granted)
	if e != nil {
		return nil, nil, e
	}
	if !subset(r.Scopes, scopes) || r.Details != nil && !r.Details.Within(all) {
		return nil, nil, NewError("invalid_scope", "this goes beyond what was agreed to: ask the citizen anew")
	}
	kept := slices.DeleteFunc(slices.Clone(scopes), func(s string) bool {
		data := s != oidc.ScopeOpenID
		return len(r.Scopes) > 0 && !slices.Contains(r.Scopes, s) && (r.Details == nil || data) ||
			r.Details != nil && data && !slices.Contains(r.Details.Data(), s)
	})
	if granted == nil {
		return kept, nil, nil
	}
	narrowed, err := json.Marshal([]details.Request{all.Only(kept)})
	if err != nil {
		return nil, nil, serverError("the agreement could not be written", err)
	}
	return kept, narrowed, nil
}

// grantedDetails are the agreement as details say it; of one made by scopes,
// each datum may be named as the client likes.
func grantedDetails(scopes []string, granted json.RawMessage) (details.Request, *Error) {
	if granted == nil {
		return details.Request{Required: scopes, Optional: scopes}, nil
	}
	var list []details.Request
	if err := json.Unmarshal(granted, &list); err != nil || len(list) != 1 {
		return details.Request{}, serverError("the agreement could not be read", err)
	}
	return list[0], nil
}

func subset(some, all []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}
