package broker_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"accord/broker"
	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/oidc/issuer"
)

// OpenID Connect Basic asks for "openid email" in both orders and reads userinfo
// twice: the address stands there, each time, and not in the ID token. FranceConnect
// does not say whether it is verified, so email_verified is not said either.
func TestTheScopeEmailGivesItsClaimInAnyOrder(t *testing.T) {
	c := ownCountry(t, func(b *broker.Config) {
		at := slices.IndexFunc(b.Clients, func(c *issuer.Client) bool { return c.ID == country.MediaLibrary })
		b.Clients[at].UserinfoClaims, b.Clients[at].AuthMethod = true, issuer.ClientSecretBasic
	})
	client, err := c.Client(country.MediaLibrary, "valbrume-mediatheque", "email")
	if err != nil {
		t.Fatal(err)
	}
	for _, scope := range []string{"openid email", "email openid"} {
		tok := agreedTo(t, c, client, url.Values{"scope": {scope}}, "email")
		if slices.Contains(claims(t, tok.ID), "email") {
			t.Errorf("%s: the ID token says %v", scope, claims(t, tok.ID))
		}
		for range 2 {
			status, _, body, err := headless.Read(c.Accord+"/userinfo", tok.Access)
			var told map[string]any
			if err != nil || json.Unmarshal(body, &told) != nil || status != http.StatusOK || told["email"] != "camille.tremblin@courriel.example" || told["sub"] != tok.Subject || len(told) != 2 {
				t.Errorf("%s: userinfo: %v, %d %s", scope, err, status, body)
			}
		}
	}
}

// agreedTo walks through a request with other parameters, ticking what is named.
func agreedTo(t *testing.T, c *country.Country, client headless.Client, more url.Values, ticked ...string) headless.Token {
	t.Helper()
	w := &country.Walk{Browser: headless.New().StopAt(client.RedirectURI), Country: c, Request: client.Begin()}
	var err error
	if w.Page, err = w.Get(w.Request.URL(more)); err != nil {
		t.Fatal(err)
	}
	see(t, w, "camille")
	page, err := w.Press(w.Page, "accept", url.Values{"item": ticked})
	if err != nil || page.Stopped == nil {
		t.Fatalf("agreeing: %v, %.300s", err, page.Words())
	}
	tok, err := w.Request.Exchange(page.Stopped)
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

// oidcc-codereuse-30seconds: half a minute after its first use a code is still
// known as used, and its reuse ends the access token it gave.
func TestACodeUsedAgainAfterThirtySecondsIsRefusedAndEndsItsToken(t *testing.T) {
	var ahead atomic.Int64
	c, err := country.Start(t.Context(), country.Options{Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close() //nolint:errcheck // the test is over
	_, tok := identifier(t, c, "camille")
	if status, _, body, err := headless.Read(c.Accord+"/userinfo", tok.Access); err != nil || status != http.StatusOK {
		t.Fatalf("before: %v, %d %s", err, status, body)
	}
	ahead.Store(int64(30 * time.Second))
	if again, err := tok.Exchange(); err == nil || again.Status != http.StatusBadRequest || again.Error != "invalid_grant" {
		t.Errorf("the code again: %v, %d %s", err, again.Status, again.Error)
	}
	if status, _, body, err := headless.Read(c.Accord+"/userinfo", tok.Access); err != nil || status != http.StatusUnauthorized {
		t.Errorf("the token after it: %v, %d %s", err, status, body)
	}
}

// The modules of the scopes profile, address and phone, and of all together, are
// skipped because discovery names none of these.
func TestDiscoveryNamesEmailAloneOfTheScopesOfOpenIDConnect(t *testing.T) {
	c := theCountry(t)
	_, _, body, err := headless.Read(c.Accord+"/.well-known/openid-configuration", "")
	var told struct {
		Scopes []string `json:"scopes_supported"`
	}
	if err != nil || json.Unmarshal(body, &told) != nil {
		t.Fatalf("%v: %s", err, body)
	}
	for scope, want := range map[string]bool{"openid": true, "email": true, "profile": false, "address": false, "phone": false, "offline_access": false} {
		if slices.Contains(told.Scopes, scope) != want {
			t.Errorf("%s: %t", scope, !want)
		}
	}
}

// What every module reads first: each key for signatures alone, with alg and a
// kid of its own, public, RS256 among them.
func TestPublishedKeysAreNamedOnceAndSayWhatTheyAreFor(t *testing.T) {
	c := theCountry(t)
	status, _, body, err := headless.Read(c.Accord+"/jwks", "")
	var set jose.JSONWebKeySet
	if err != nil || status != http.StatusOK || json.Unmarshal(body, &set) != nil {
		t.Fatalf("%v, %d %s", err, status, body)
	}
	algs := map[string]bool{}
	for _, k := range set.Keys {
		algs[k.Algorithm] = true
		if k.KeyID == "" || len(set.Key(k.KeyID)) != 1 || k.Use != "sig" || !k.IsPublic() || !k.Valid() {
			t.Errorf("key %q: use %q, alg %q, public %t", k.KeyID, k.Use, k.Algorithm, k.IsPublic())
		}
	}
	if !algs["RS256"] || !algs["ES256"] {
		t.Errorf("keys for %v", algs)
	}
}
