package franceconnect

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-jose/go-jose/v4/json"
)

// endpoints is what is taken from the discovery document (OpenID Connect
// Discovery §3). Capabilities are not: what we use is configured, because the
// document advertises what FranceConnect refuses (PKCE).
type endpoints struct {
	Issuer        string `json:"issuer"`
	Authorization string `json:"authorization_endpoint"`
	Token         string `json:"token_endpoint"`
	Userinfo      string `json:"userinfo_endpoint"`
	EndSession    string `json:"end_session_endpoint"`
	JWKS          string `json:"jwks_uri"`
}

func (rp *RelyingParty) loadDiscovery(ctx context.Context) (endpoints, error) {
	// A slash at the issuer's end is removed first (OpenID Connect Discovery §4).
	at := strings.TrimSuffix(rp.config.Issuer, "/") + "/.well-known/openid-configuration"
	a, err := rp.getDocument(ctx, "discovery", at)
	if err != nil {
		return endpoints{}, err
	}
	var e endpoints
	if json.Unmarshal(a.body, &e) != nil {
		return endpoints{}, invalid("discovery: not a JSON object")
	}
	return e, rp.checkEndpoints(e)
}

// checkEndpoints refuses a document of another issuer, and one that would send
// a secret in the clear.
func (rp *RelyingParty) checkEndpoints(e endpoints) error {
	if e.Issuer != rp.config.Issuer {
		return invalid("discovery: another issuer")
	}
	for _, s := range []string{e.Authorization, e.Token, e.Userinfo, e.JWKS} {
		if !rp.sameScheme(s) {
			return invalid("discovery: an endpoint is missing or unsafe")
		}
	}
	if e.EndSession != "" && !rp.sameScheme(e.EndSession) {
		return invalid("discovery: an endpoint is missing or unsafe")
	}
	return nil
}

func (rp *RelyingParty) sameScheme(endpoint string) bool {
	issuer, err := url.Parse(rp.config.Issuer)
	if err != nil || !safeURL(endpoint) {
		return false
	}
	u, err := url.Parse(endpoint)
	return err == nil && u.Scheme == issuer.Scheme
}

// getDocument gets a public document; anything but 200 means it is not there
// now.
func (rp *RelyingParty) getDocument(ctx context.Context, what, at string) (answer, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return answer{}, invalid(what + ": malformed address")
	}
	r.Header.Set("Accept", "application/json")
	a, err := rp.fetch(ctx, what, r)
	if err == nil && a.status != http.StatusOK {
		err = &Error{Kind: Unavailable, Reason: what + ": HTTP " + strconv.Itoa(a.status)}
	}
	return a, err
}
