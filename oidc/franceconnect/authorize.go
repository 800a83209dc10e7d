package franceconnect

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// MinNonce is the fewest characters FranceConnect takes as a nonce.
const MinNonce = 22

// An AuthorizationRequest is one citizen's leg to FranceConnect. State and
// Nonce are used once and chosen by the caller.
type AuthorizationRequest struct {
	State    string   // unguessable, bound to the browser
	Nonce    string   // at least MinNonce characters; comes back in the ID token
	Verifier string   // PKCE code verifier, 43-128 characters (RFC 7636 §4.1); only with Config.PKCE
	Scopes   []string // with openid
	Fresh    bool     // the citizen must log in now, whatever session FranceConnect holds (prompt=login)
}

// scopeToken is RFC 6749 §3.3's scope-token.
var scopeToken = regexp.MustCompile(`^[\x21\x23-\x5B\x5D-\x7E]+$`)

var codeVerifier = regexp.MustCompile(`^[A-Za-z0-9._~-]{43,128}$`)

// AuthorizationURL gives where to send the browser. It needs the discovery
// document and answers Unavailable without it; the URL holds only parameters
// that FranceConnect lists (any other is answered Y030007).
func (rp *RelyingParty) AuthorizationURL(ctx context.Context, r AuthorizationRequest) (string, error) {
	if err := rp.checkRequest(r); err != nil {
		return "", err
	}
	e, err := rp.discovery.get(ctx)
	if err != nil {
		return "", err
	}
	q := url.Values{
		"response_type": {"code"},
		"client_id":     {rp.config.ClientID},
		"redirect_uri":  {rp.config.RedirectURI},
		"scope":         {strings.Join(unique(r.Scopes), " ")},
		"acr_values":    {rp.config.ACR},
		"nonce":         {r.Nonce},
		"state":         {r.State},
	}
	if r.Fresh {
		q.Set("prompt", "login")
	}
	if rp.plain() {
		q.Set("max_age", trialAge)
	}
	if rp.config.PKCE {
		sum := sha256.Sum256([]byte(r.Verifier))
		q.Set("code_challenge", base64.RawURLEncoding.EncodeToString(sum[:]))
		q.Set("code_challenge_method", "S256")
	}
	return withQuery(e.Authorization, q), nil
}

// checkRequest refuses what FranceConnect would refuse with a page of its own,
// from which the citizen does not come back.
func (rp *RelyingParty) checkRequest(r AuthorizationRequest) error {
	switch {
	case r.State == "":
		return invalid("authorization request without state")
	case len(r.Nonce) < MinNonce:
		return invalid("authorization request with a short nonce")
	case !slices.Contains(r.Scopes, "openid"):
		return invalid("authorization request without openid")
	case slices.ContainsFunc(r.Scopes, func(s string) bool { return !scopeToken.MatchString(s) }):
		return invalid("authorization request with a malformed scope")
	case rp.config.PKCE && !codeVerifier.MatchString(r.Verifier):
		return invalid("authorization request with a malformed code verifier")
	}
	return nil
}

// unique keeps the first of equal scopes, in order.
func unique(scopes []string) []string {
	var out []string
	for _, s := range scopes {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// withQuery adds q to an endpoint that may already have a query (RFC 6749 §3.1).
func withQuery(endpoint string, q url.Values) string {
	if strings.Contains(endpoint, "?") {
		return endpoint + "&" + q.Encode()
	}
	return endpoint + "?" + q.Encode()
}
