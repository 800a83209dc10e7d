package issuer

import (
	"net/http"

	"github.com/zitadel/oidc/v3/pkg/oidc"
)

// introspect is the introspection endpoint (RFC 7662). A client learns about
// its own tokens only: another's is as inactive as one never issued (§4),
// and so is a frozen one, as long as it is.
func (i *Issuer) introspect(w http.ResponseWriter, r *http.Request) {
	noStore(w.Header())
	if !allowed(w, r, http.MethodPost) {
		return
	}
	c, token, e := i.tokenRequest(w, r)
	if e != nil {
		i.refuse(w, r, e)
		return
	}
	info, err := i.tokenInfo(r.Context(), token)
	if err != nil {
		i.refuse(w, r, unavailable(err))
		return
	}
	if info == nil || info.Frozen || info.ClientID != c.ID {
		writeJSON(w, http.StatusOK, &oidc.IntrospectionResponse{})
		return
	}
	writeJSON(w, http.StatusOK, i.introspection(info))
}

func (i *Issuer) introspection(info *TokenInfo) *oidc.IntrospectionResponse {
	answer := &oidc.IntrospectionResponse{
		Active:     true,
		Scope:      info.Scopes,
		ClientID:   info.ClientID,
		TokenType:  tokenType(info.DPoPJKT),
		Expiration: oidc.FromTime(info.ExpiresAt),
		IssuedAt:   oidc.FromTime(info.IssuedAt),
		Subject:    info.Subject,
		Issuer:     i.config.Issuer,
	}
	answer.Claims = map[string]any{}
	if info.GrantID != "" {
		answer.Claims["grant_id"] = info.GrantID
	}
	if info.Details != nil {
		answer.Claims["authorization_details"] = info.Details
	}
	if info.DPoPJKT != "" { // RFC 9449 §6.2
		answer.Claims["cnf"] = map[string]string{"jkt": info.DPoPJKT}
	}
	return answer
}

// revoke is the revocation endpoint (RFC 7009). Unknown tokens and those of
// another client are answered as if revoked, and stay what they were.
func (i *Issuer) revoke(w http.ResponseWriter, r *http.Request) {
	noStore(w.Header())
	if !allowed(w, r, http.MethodPost) {
		return
	}
	c, token, e := i.tokenRequest(w, r)
	if e != nil {
		i.refuse(w, r, e)
		return
	}
	if err := i.revokeToken(r.Context(), c, token); err != nil {
		i.refuse(w, r, unavailable(err))
		return
	}
	w.WriteHeader(http.StatusOK)
}

// tokenRequest reads who asks about which token. token_type_hint is only ever
// a hint, and there is one type.
func (i *Issuer) tokenRequest(w http.ResponseWriter, r *http.Request) (*Client, string, *Error) {
	p, e := formParameters(w, r)
	if e != nil {
		return nil, "", e
	}
	c, e := i.authenticate(r, p)
	if e != nil {
		return nil, "", e
	}
	if p["token"] == "" {
		return nil, "", invalidRequest("token is missing")
	}
	return c, p["token"], nil
}
