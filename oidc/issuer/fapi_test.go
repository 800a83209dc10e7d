package issuer

import (
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

// RFC 8707: the one resource there is may be named, at PAR and for the token,
// once or more.
func TestTheOneResourceMayBeNamed(t *testing.T) {
	f := newFixture(t)
	v := f.request("fapi")
	v["resource"] = []string{testIssuer + "/v3", testIssuer + "/v3"}
	uri := member(t, f.post(pathPush, "fapi", v), "request_uri")
	code := location(t, f.authorize(url.Values{"client_id": {"fapi"}, "request_uri": {uri}})).Query().Get("code")
	form := with(exchangeForm("fapi", code), "resource", testIssuer+"/v3")
	if w := f.proved(pathToken, "fapi", form, f.proof(http.MethodPost, pathToken, nil)); w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// FAPI 2.0 without OpenID: an access token, no ID token, no userinfo.
func TestPlainOAuthGetsNoIDToken(t *testing.T) {
	f := newFixture(t)
	form := exchangeForm("fapi", f.boundCode("scope", "family_name", "nonce", ""))
	w := f.proved(pathToken, "fapi", form, f.proof(http.MethodPost, pathToken, nil))
	token := member(t, w, "access_token")
	if body := object(t, w); body["id_token"] != nil || body["scope"] != "family_name" {
		t.Errorf("%v", body)
	}
	seen := f.present("DPoP "+token, f.proof(http.MethodGet, pathUserinfo, claims{"ath": athOf(token)}))
	if seen.Code != http.StatusForbidden || member(t, seen, "error") != "insufficient_scope" || f.journey.delivered != 0 {
		t.Errorf("userinfo: %d %s", seen.Code, seen.Body)
	}
}

// An answer bound to another key than asked, or to none, is not given.
func TestTokenOfAForgetfulJourneyIsNotGiven(t *testing.T) {
	f := newFixture(t)
	f.journey.forgetful = true
	w := f.proved(pathToken, "fapi", exchangeForm("fapi", f.boundCode()), f.proof(http.MethodPost, pathToken, nil))
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "acc_") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestEveryAnswerOfAProvingEndpointHasANonce(t *testing.T) {
	f := newFixture(t)
	for _, path := range []string{pathPush, pathToken, pathUserinfo} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
			w := f.send(httptest.NewRequest(method, testIssuer+path, nil))
			if w.Header().Get("DPoP-Nonce") != f.issuer.Nonce() {
				t.Errorf("%s %s: %v", method, path, w.Header())
			}
		}
	}
}

func TestLivePushedRequestsOfAClientAreBounded(t *testing.T) {
	f := newFixture(t)
	for n := range maxPushed {
		key := sha256.Sum256([]byte{byte(n), byte(n >> 8)})
		if e := f.issuer.pushes.add("fapi", key, f.clock.now().Add(pushedLifetime)); e != nil {
			t.Fatal(n, e)
		}
	}
	w := f.post(pathPush, "fapi", f.request("fapi"))
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
		t.Errorf("beyond the bound: %d %s", w.Code, w.Body)
	}
	f.pushed("fapi2") // has room of its own
	f.clock.add(pushedLifetime)
	uri := f.pushed("fapi")
	location(t, f.authorize(url.Values{"client_id": {"fapi"}, "request_uri": {uri}}))
	if n := len(f.issuer.pushes.live["fapi"]); n != 0 { // one answered leaves its place to the next
		t.Errorf("%d are counted after the only one was answered", n)
	}
}

// private_key_jwt with keys a client publishes: they change without asking.
func TestClientAuthenticatesByKeysItPublishes(t *testing.T) {
	f := newFixture(t)
	published := []jose.JSONWebKey{{Key: f.key.Public(), KeyID: "k1"}}
	fetched := 0
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fetched++
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: published})
	}))
	defer site.Close()
	f.clients["fapi"].JWKS, f.clients["fapi"].JWKSURI = JWKS{}, site.URL
	f.pushed("fapi")
	f.pushed("fapi")
	if fetched != 1 {
		t.Errorf("%d fetches for two requests", fetched)
	}
	stranger := sign(t, f.assertionClaims("fapi", nil), jose.ES256, strangerKey, map[jose.HeaderKey]any{"kid": "k1"})
	invented := sign(t, f.assertionClaims("fapi", nil), jose.ES256, f.key, map[jose.HeaderKey]any{"kid": "k2"})
	for name, assertion := range map[string]string{"a stranger's signature": stranger, "an unknown kid": invented} {
		w := f.post(pathPush, "fapi", with(f.request("fapi"), "client_assertion_type", assertionType, "client_assertion", assertion))
		if w.Code != http.StatusUnauthorized || member(t, w, "error") != "invalid_client" {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	site.Close()
	f.clients["fapi"].JWKSURI = site.URL + "/gone"
	w := f.post(pathPush, "fapi", f.request("fapi"))
	if w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "127.0.0.1") {
		t.Errorf("keys away: %d %s", w.Code, w.Body)
	}
}

func TestPublishedKeyMustBeOneThatCouldBeRegistered(t *testing.T) {
	f := newFixture(t)
	for name, c := range map[string]struct {
		key  jose.JSONWebKey
		want bool
	}{
		"good":      {jose.JSONWebKey{Key: f.key.Public(), KeyID: "a"}, true},
		"private":   {jose.JSONWebKey{Key: f.key, KeyID: "a"}, false},
		"no kid":    {jose.JSONWebKey{Key: f.key.Public()}, false},
		"for enc":   {jose.JSONWebKey{Key: f.key.Public(), KeyID: "a", Use: "enc"}, false},
		"wrong alg": {jose.JSONWebKey{Key: f.key.Public(), KeyID: "a", Algorithm: "RS256"}, false},
	} {
		if got := goodRemoteKey(c.key); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// Everything fapi2 demands is demanded of every client of it, whatever else it
// sends well.
func TestProfileFAPI2RefusesEachThingThatLacks(t *testing.T) {
	f := newFixture(t)
	proof := func() string { return f.proof(http.MethodPost, pathToken, nil) }
	for name, got := range map[string]string{
		"page 400":                    answered(t, f.authorize(f.request("fapi"))),
		"json 400 invalid_request":    answered(t, f.post(pathPush, "fapi", with(f.request("fapi"), "code_challenge", "", "code_challenge_method", ""))),
		"json 401 invalid_client":     answered(t, f.proved(pathToken, "lax", exchangeForm("lax", "x"), proof())),
		"json 400 invalid_dpop_proof": answered(t, f.post(pathToken, "fapi", exchangeForm("fapi", f.boundCode()))),
		"json 400 invalid_grant":      answered(t, f.proved(pathToken, "fapi", with(exchangeForm("fapi", f.boundCode()), "code_verifier", ""), proof())),
	} {
		if got != name {
			t.Errorf("%s, want %s", got, name)
		}
	}
	to := location(t, f.authorize(url.Values{"client_id": {"fapi"}, "request_uri": {f.pushed("fapi")}}))
	if to.Query().Get("iss") != testIssuer || !slices.Contains(f.journey.begun[0].Scopes, "openid") {
		t.Errorf("answered to %s", to)
	}
}
