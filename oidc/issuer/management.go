package issuer

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// GrantInfo is a grant as its client may see it: what was agreed to and what is
// left of it, no value and no person.
type GrantInfo struct {
	Scopes      []string
	Details     json.RawMessage // authorization_details agreed to; null: the identifier alone
	State       string          // given, withdrawn (by the citizen), revoked, expired
	CreatedAt   time.Time
	UpdatedAt   time.Time // of the last change of State
	ExpiresAt   time.Time
	Fetches     int // agreed to, the first included
	FetchesMade int
}

// grantAnswer is the answer to a query (Grant Management for OAuth 2.0, §6.4),
// times in seconds since 1970; state and fetches are Accord's.
type grantAnswer struct {
	GrantID     string          `json:"grant_id"`
	Scopes      []grantScope    `json:"scopes"`
	Details     json.RawMessage `json:"authorization_details,omitempty"`
	State       string          `json:"state"`
	Fetches     int             `json:"fetches"`
	FetchesMade int             `json:"fetches_made"`
	CreatedAt   int64           `json:"created_at"`
	UpdatedAt   int64           `json:"last_updated_at"`
	ExpiresAt   int64           `json:"expires_at"`
}

type grantScope struct {
	Scope string `json:"scope"` // space-separated
}

// checkManagement takes the action create, which is what every request does
// (§5.2). Merging and replacing would change an agreement behind its receipt.
func checkManagement(p parameters, _ *Client, _ *AuthorizationRequest) *Error {
	switch action := p["grant_management_action"]; {
	case action != "" && action != "create":
		return invalidRequest("grant_management_action must be create: a changed agreement is another one")
	case p["grant_id"] != "":
		return invalidRequest("grant_id does not go with a new agreement")
	}
	return nil
}

// grants is one grant of the grant management endpoint (§6.3): GET tells it,
// DELETE ends it.
func (i *Issuer) grants(w http.ResponseWriter, r *http.Request) {
	i.proving(w.Header())
	if !allowed(w, r, http.MethodGet, http.MethodDelete) {
		return
	}
	c, e := i.managing(r)
	if e != nil {
		i.refuseToken(w, r, e)
		return
	}
	if r.Method == http.MethodDelete {
		e = i.endGrant(w, r, c)
	} else {
		e = i.tellGrant(w, r, c)
	}
	if e != nil {
		i.refuse(w, r, e)
	}
}

// managing is the client whose token allows the request (§6.1).
func (i *Issuer) managing(r *http.Request) (*Client, *Error) {
	token, e := accessToken(r)
	if e != nil {
		return nil, e
	}
	m, err := i.manager(r.Context(), token)
	if err != nil {
		return nil, unavailable(err)
	}
	if m == nil {
		return nil, NewError("invalid_token", "the access token is not one of the grant management API")
	}
	if e := i.Possession(r, token, m.DPoPJKT); e != nil {
		return nil, e
	}
	needed := map[string]string{http.MethodGet: scopeQuery, http.MethodDelete: scopeRevoke}[r.Method]
	if !slices.Contains(m.Scopes, needed) {
		return nil, NewError("insufficient_scope", "the access token lacks "+needed)
	}
	c, e := i.client(m.ClientID)
	if e != nil {
		return nil, NewError("invalid_token", "the access token is not valid").WithCause(e)
	}
	return c, nil
}

// noGrant is one answer for a grant that is not there and for another client's.
func noGrant() *Error {
	return &Error{Code: "invalid_request", Status: http.StatusNotFound, Description: "this client has no such grant"}
}

func grantOf(r *http.Request) string { return strings.TrimPrefix(r.URL.Path, pathGrants) }

func (i *Issuer) tellGrant(w http.ResponseWriter, r *http.Request, c *Client) *Error {
	id := grantOf(r)
	g, err := i.config.Hooks.Grant(r.Context(), c, id)
	switch {
	case err != nil:
		return unavailable(err)
	case g == nil:
		return noGrant()
	}
	writeJSON(w, http.StatusOK, grantAnswer{
		GrantID: id, Scopes: []grantScope{{strings.Join(g.Scopes, " ")}}, Details: g.Details, State: g.State,
		Fetches: g.Fetches, FetchesMade: g.FetchesMade,
		CreatedAt: g.CreatedAt.Unix(), UpdatedAt: g.UpdatedAt.Unix(), ExpiresAt: g.ExpiresAt.Unix(),
	})
	return nil
}

func (i *Issuer) endGrant(w http.ResponseWriter, r *http.Request, c *Client) *Error {
	found, err := i.config.Hooks.RevokeGrant(r.Context(), c, grantOf(r))
	switch {
	case err != nil:
		return unavailable(err)
	case !found:
		return noGrant()
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
