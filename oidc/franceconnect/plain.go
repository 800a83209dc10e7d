package franceconnect

import (
	"context"
	"net/http"
	"net/url"

	"github.com/go-jose/go-jose/v4"
)

// plain tells that another OpenID provider stands in FranceConnect's place, for
// trials and conformance runs. What OpenID Connect Core leaves to a provider and
// FranceConnect always does may then be absent: iss in the callback (RFC 9207),
// acr and, with one key published, kid in the ID token. Where it stands it must
// be right all the same. The client authenticates by HTTP Basic, which every
// provider takes (OpenID Connect Core §9).
func (rp *RelyingParty) plain() bool { return rp.config.PlainProvider }

// onlyKey finds the key of a token that names none: there must be one
// (OpenID Connect Core §10.1).
func (rp *RelyingParty) onlyKey(ctx context.Context) (jose.JSONWebKey, bool, error) {
	keys, err := rp.keys.get(ctx)
	if err != nil || len(keys) != 1 {
		return jose.JSONWebKey{}, false, err
	}
	return keys[0], true, nil
}

// authenticate puts the client's secret where the provider takes it: into the
// form for FranceConnect, else into the header (RFC 6749 §2.3.1).
func (rp *RelyingParty) authenticate(r *http.Request) {
	if rp.plain() {
		r.SetBasicAuth(url.QueryEscape(rp.config.ClientID), url.QueryEscape(rp.config.ClientSecret))
	}
}
