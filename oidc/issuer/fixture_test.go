package issuer

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	testSecret = "an-invented-secret-of-40-characters-long"
	verifier   = "an-invented-code-verifier-of-52-unreserved-characters"
)

// fixture is an issuer with its fakes, driven as an http.Handler.
type fixture struct {
	t       testing.TB
	issuer  *Issuer
	clock   *clock
	memory  *memory
	keys    *keys
	journey *journey
	clients map[string]*Client
	handler http.Handler
	key     *ecdsa.PrivateKey // of the clients jwt and jwt2
	rsa     *rsa.PrivateKey   // of the client jwt, kid ps
}

const testIssuer = "http://localhost:8080"

func newFixture(t testing.TB) *fixture { return newFixtureAt(t, testIssuer, time.Time{}) }

func newFixtureAt(t testing.TB, issuer string, unclean time.Time) *fixture {
	t.Helper()
	f := &fixture{t: t, keys: sharedKeys(), clock: &clock{t: time.Now()}}
	f.key, f.rsa = f.keys.ec, f.keys.rsa
	f.memory = &memory{now: f.clock.now, values: map[string][]byte{}, until: map[string]time.Time{}}
	f.journey = &journey{f: f, codes: map[string]*grantedCode{}, tokens: map[string]*TokenInfo{}}
	f.clients = testClients(f)
	made, err := New(Config{
		Issuer: issuer, Keys: f.keys, Hooks: f.journey, Memory: f.memory, Now: f.clock.now, StartedUnclean: unclean,
		Clients: func(id string) (*Client, bool) { c, ok := f.clients[id]; return c, ok },
		Log:     slog.New(slog.DiscardHandler),
		Scopes:  []string{"openid", "family_name"}, Claims: func() []string { return []string{"family_name"} }, ACRValues: []string{"eidas1"}, UILocales: []string{"fr", "en"},
	})
	if err != nil {
		t.Fatal(err)
	}
	f.issuer = made
	mux := http.NewServeMux()
	for _, route := range made.Routes() {
		mux.Handle(route.Path, route.Handler)
	}
	f.handler = mux
	return f
}

func testClients(f *fixture) map[string]*Client {
	hash := sha256.Sum256([]byte(testSecret))
	secret := "sha-256:" + base64.RawURLEncoding.EncodeToString(hash[:])
	public := JWKS{Keys: []jose.JSONWebKey{
		{Key: f.key.Public(), KeyID: "k1", Algorithm: "ES256"},
		{Key: f.rsa.Public(), KeyID: "ps"},
	}}
	clients := map[string]*Client{}
	for _, c := range []Client{
		{ID: "basic", AuthMethod: ClientSecretBasic, SecretHash: secret},
		{ID: "other", AuthMethod: ClientSecretBasic, SecretHash: secret},
		{ID: "post", AuthMethod: ClientSecretPost, SecretHash: secret, UserinfoClaims: true},
		{ID: "loose", AuthMethod: ClientSecretBasic, SecretHash: secret, PKCE: "optional", IDTokenAlg: "RS256"},
		{ID: "jwt", AuthMethod: PrivateKeyJWT, JWKS: public},
		{ID: "jwt2", AuthMethod: PrivateKeyJWT, JWKS: public},
		{ID: "fapi", AuthMethod: PrivateKeyJWT, JWKS: public, Profile: FAPI2, UserinfoClaims: true},
		{ID: "fapi2", AuthMethod: PrivateKeyJWT, JWKS: public, Profile: FAPI2},
		{ID: "lax", AuthMethod: ClientSecretBasic, SecretHash: secret, Profile: FAPI2}, // slipped past Validate
	} {
		c.Name, c.Approvals = "Mairie de Valombreuse", []string{"cantine"}
		c.RedirectURIs = []string{redirectOf(c.ID), redirectOf(c.ID) + "?b=2&a=1"}
		c.PostLogoutRedirectURIs = []string{"https://" + c.ID + ".example/bye"}
		clients[c.ID] = &c
	}
	return clients
}

func redirectOf(client string) string { return "https://" + client + ".example/cb" }

func challengeOf(v string) string {
	sum := sha256.Sum256([]byte(v))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// request is a good authorization request of a client.
func (f *fixture) request(client string) url.Values {
	return url.Values{
		"client_id": {client}, "redirect_uri": {redirectOf(client)}, "response_type": {"code"}, "scope": {"openid family_name"},
		"state": {"st"}, "nonce": {"no"}, "code_challenge": {challengeOf(verifier)}, "code_challenge_method": {"S256"},
	}
}

// with returns v with pairs set; an empty value removes the parameter.
func with(v url.Values, pairs ...string) url.Values {
	for n := 0; n < len(pairs); n += 2 {
		v.Set(pairs[n], pairs[n+1])
		if pairs[n+1] == "" {
			v.Del(pairs[n])
		}
	}
	return v
}

func (f *fixture) send(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	f.handler.ServeHTTP(w, r)
	if e := unlisted(r, w); e != "" {
		f.t.Error(e)
	}
	return w
}

func (f *fixture) authorize(v url.Values) *httptest.ResponseRecorder {
	return f.send(httptest.NewRequest(http.MethodGet, testIssuer+pathAuthorize+"?"+v.Encode(), nil))
}

// form makes a POST, authenticated as the client registered.
func (f *fixture) form(path, client string, v url.Values) *http.Request {
	if c, ok := f.clients[client]; ok && c.AuthMethod == ClientSecretPost {
		with(v, "client_id", client, "client_secret", testSecret)
	}
	if c, ok := f.clients[client]; ok && c.AuthMethod == PrivateKeyJWT && v.Get("client_assertion") == "" {
		with(v, "client_assertion_type", assertionType, "client_assertion", f.assertion(client, nil))
	}
	r := httptest.NewRequest(http.MethodPost, testIssuer+path, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if c, ok := f.clients[client]; ok && c.AuthMethod == ClientSecretBasic {
		r.SetBasicAuth(url.QueryEscape(client), url.QueryEscape(testSecret))
	}
	return r
}

func (f *fixture) post(path, client string, v url.Values) *httptest.ResponseRecorder {
	return f.send(f.form(path, client, v))
}

// code is a fresh code of a client.
func (f *fixture) code(client string, pairs ...string) string {
	f.t.Helper()
	location := location(f.t, f.authorize(with(f.request(client), pairs...)))
	code := location.Query().Get("code")
	if code == "" {
		f.t.Fatalf("no code in %s", location)
	}
	return code
}

func location(t testing.TB, w *httptest.ResponseRecorder) *url.URL {
	t.Helper()
	u, err := url.Parse(w.Header().Get("Location"))
	if err != nil || w.Code != http.StatusSeeOther {
		t.Fatalf("no redirect: %d %s", w.Code, w.Body)
	}
	return u
}

func exchangeForm(client, code string) url.Values {
	return url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirectOf(client)}, "code_verifier": {verifier}}
}

// token is a fresh access token of a client with a secret.
func (f *fixture) token(client string) string {
	f.t.Helper()
	return member(f.t, f.post(pathToken, client, exchangeForm(client, f.code(client))), "access_token")
}
