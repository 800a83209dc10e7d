package franceconnect

import (
	"context"
	"crypto"
	"encoding/base64"
	"net/http"
	"net/url"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// plain tells that another OpenID provider stands in FranceConnect's place, for
// trials and conformance runs. What OpenID Connect Core leaves to a provider and
// FranceConnect always does may then be absent: iss in the callback (RFC 9207),
// acr, kid of a published key and, with one key published, kid in the ID token.
// Where it stands it must be right all the same; auth_time is asked for. The
// client authenticates by HTTP Basic, which every provider takes (OpenID Connect
// Core §9).
func (rp *RelyingParty) plain() bool { return rp.config.PlainProvider }

// trialWait stands for forcedWait: a conformance suite makes new keys for each
// of its logins.
const trialWait = time.Second

// NoLevel is the acr of a login whose provider states none (OpenID Connect Core
// §2: no confidence that it is the same person).
const NoLevel = "0"

// trialAge is sent as max_age, in seconds, for the auth_time which is due then
// (OpenID Connect Core §2, §3.1.2.1); FranceConnect sends one unasked.
const trialAge = "86400"

// checkPlain is checkLogin of another provider: acr may be absent.
func (c *idClaims) checkPlain(nonce, asked string, now time.Time) error {
	switch {
	case c.AuthTime == nil:
		return invalid("ID token: without auth_time")
	case c.ACR != "":
		return c.checkLogin(nonce, asked, now)
	}
	c.ACR = NoLevel
	return c.checkFresh(nonce, now)
}

// named gives a key without kid its thumbprint as one (RFC 7638), so that it can
// be kept beside others. No token calls it so.
func named(k jose.JSONWebKey) jose.JSONWebKey {
	if k.KeyID != "" {
		return k
	}
	if sum, err := k.Thumbprint(crypto.SHA256); err == nil {
		k.KeyID = base64.RawURLEncoding.EncodeToString(sum)
	}
	return k
}

// openUnnamed verifies a token that names no key: a single one must be published
// (OpenID Connect Core §10.1). Where the one known does not fit, the keys are
// read again: they may have changed a moment ago.
func (rp *RelyingParty) openUnnamed(ctx context.Context, what string, jws *jose.JSONWebSignature) ([]byte, error) {
	for _, read := range []func(context.Context) ([]jose.JSONWebKey, error){rp.keys.get, rp.keys.reload} {
		keys, err := read(ctx)
		if err != nil {
			return nil, err
		}
		if len(keys) != 1 {
			continue
		}
		if payload, err := jws.Verify(keys[0]); err == nil {
			return payload, nil
		}
	}
	return nil, invalid(what + ": names no key, and no single one verifies it")
}

// authenticate puts the client's secret where the provider takes it: into the
// form for FranceConnect, else into the header (RFC 6749 §2.3.1).
func (rp *RelyingParty) authenticate(r *http.Request) {
	if rp.plain() {
		r.SetBasicAuth(url.QueryEscape(rp.config.ClientID), url.QueryEscape(rp.config.ClientSecret))
	}
}
