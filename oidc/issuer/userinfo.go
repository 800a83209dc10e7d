package issuer

import (
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/zitadel/oidc/v3/pkg/oidc"
)

// userinfo is the UserInfo endpoint (OpenID Connect Core §5.3): sub, and the
// agreed data for clients registered so.
func (i *Issuer) userinfo(w http.ResponseWriter, r *http.Request) {
	i.proving(w.Header())
	if !allowed(w, r, http.MethodGet, http.MethodPost) {
		return
	}
	token, e := userinfoToken(w, r)
	if e != nil {
		i.refuseToken(w, r, e)
		return
	}
	claims, header, e := i.claims(r, token)
	if e != nil {
		i.refuseToken(w, r, e)
		return
	}
	for name, values := range header {
		w.Header()[http.CanonicalHeaderKey(name)] = slices.Clone(values)
	}
	writeJSON(w, http.StatusOK, claims)
}

// claims never lets the journey's claims speak for the issuer's own.
func (i *Issuer) claims(r *http.Request, token string) (map[string]any, http.Header, *Error) {
	info, e := i.presented(r, token)
	if e != nil {
		return nil, nil, e
	}
	c, e := i.client(info.ClientID)
	if e != nil {
		return nil, nil, NewError("invalid_token", "the access token is not valid").WithCause(e)
	}
	if !slices.Contains(info.Scopes, oidc.ScopeOpenID) {
		return nil, nil, NewError("insufficient_scope", "the access token was given without openid")
	}
	claims, header := map[string]any{}, http.Header(nil)
	if c.UserinfoClaims {
		var data map[string]any
		if data, header, e = i.config.Hooks.UserinfoClaims(r.Context(), c, token); e != nil {
			return nil, nil, e
		}
		maps.Copy(claims, data)
	}
	claims["sub"] = info.Subject
	return claims, header, nil
}

// presented is what a token leads to, for who holds its key.
func (i *Issuer) presented(r *http.Request, token string) (*TokenInfo, *Error) {
	info, err := i.config.Hooks.Token(r.Context(), token)
	if err != nil {
		return nil, unavailable(err)
	}
	if info == nil {
		return nil, NewError("invalid_token", "the access token is not valid")
	}
	// Before anything is read for it: possession comes before any delivery.
	if e := i.Possession(r, token, info.DPoPJKT); e != nil {
		return nil, e
	}
	if info.Frozen {
		return nil, NewError("insufficient_scope", "the approval is not in force")
	}
	return info, nil
}

// userinfoToken reads the access token from the Authorization header or, of a
// POST, from its form (RFC 6750 §2.2; OpenID Connect Core §5.3.1), by one way
// alone.
func userinfoToken(w http.ResponseWriter, r *http.Request) (string, *Error) {
	posted, e := postedToken(w, r)
	switch {
	case e != nil:
		return "", e
	case posted != "" && (len(r.Header.Values("Authorization")) > 0 || r.URL.RawQuery != ""):
		return "", invalidRequest("more than one access token")
	case posted != "":
		return wellFormed(posted)
	}
	return accessToken(r)
}

// accessToken reads the access token from the Authorization header (RFC 6750
// §2.1). Queries stand in logs: none is read there (RFC 9700 §4.3.2).
func accessToken(r *http.Request) (string, *Error) {
	if strings.Contains(r.URL.RawQuery, "access_token") {
		return "", invalidRequest("the access token belongs in the Authorization header")
	}
	headers := r.Header.Values("Authorization")
	if len(headers) > 1 {
		return "", invalidRequest("more than one Authorization header")
	}
	if len(headers) == 0 {
		return "", &Error{Status: http.StatusUnauthorized, Description: "no access token"}
	}
	scheme, token, _ := strings.Cut(headers[0], " ")
	if !strings.EqualFold(scheme, bearerScheme) && !strings.EqualFold(scheme, dpopScheme) {
		token = ""
	}
	return wellFormed(token)
}

func wellFormed(token string) (string, *Error) {
	if token == "" || len(token) > 512 || !only(token, unreserved+"+/=") {
		return "", NewError("invalid_token", "the access token is not valid")
	}
	return token, nil
}

// postedToken is the access token of a form; "" without. It can be bound to no
// key: that needs the scheme DPoP.
func postedToken(w http.ResponseWriter, r *http.Request) (string, *Error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if r.Method != http.MethodPost || err != nil || kind != "application/x-www-form-urlencoded" {
		return "", nil
	}
	p, e := formParameters(w, r)
	if e != nil {
		return "", e
	}
	return p["access_token"], nil
}

// refuseToken answers as RFC 6750 §3 and RFC 9449 §7.1 want; a request without
// any token is told the schemes and nothing else.
func (i *Issuer) refuseToken(w http.ResponseWriter, r *http.Request, e *Error) {
	i.logRefusal(r.Context(), r.URL.Path, e)
	switch s := e.HTTPStatus(); {
	case e.Code == "":
		w.Header()["Www-Authenticate"] = Schemes(i.config.Issuer)
	case s < http.StatusInternalServerError:
		w.Header().Set("WWW-Authenticate", Challenge(r, e))
	case s == http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "2")
	}
	body := e.body()
	if e.Code == "" {
		body.Code = "invalid_token"
	}
	writeJSON(w, e.HTTPStatus(), body)
}
