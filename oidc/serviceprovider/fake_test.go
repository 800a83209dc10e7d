package serviceprovider

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"accord/consent/receipt"
)

const (
	testRecipient = "99900010200015"
	testRelease   = "019ab000-0000-7000-8000-000000000001"
	testPosition  = "accord.example/log/1#7"
	testKey       = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" // 32 bytes
	testValue     = "742170318"
)

// fake is an Accord that says what a test wants it to.
type fake struct {
	*httptest.Server
	t       *testing.T
	idKey   *ecdsa.PrivateKey
	signer  receipt.Signer // of deliveries
	forms   map[string]url.Values
	idToken func() string // of the token answer
	deliver http.HandlerFunc
}

func newFake(t *testing.T) *fake {
	t.Helper()
	f := &fake{t: t, idKey: newKey(t), forms: map[string]url.Values{}}
	key := newKey(t)
	kid, err := receipt.KeyID(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	f.signer = receipt.Signer{KeyID: kid, Key: key}
	m := http.NewServeMux()
	m.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		f.json(w, http.StatusOK, map[string]string{
			"issuer": f.URL, "pushed_authorization_request_endpoint": f.URL + "/par", "authorization_endpoint": f.URL + "/authorize",
			"token_endpoint": f.URL + "/token", "jwks_uri": f.URL + "/jwks",
		})
	})
	m.HandleFunc("GET /jwks", func(w http.ResponseWriter, _ *http.Request) {
		f.json(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &f.idKey.PublicKey, KeyID: "id", Algorithm: "ES256", Use: "sig"}}})
	})
	m.HandleFunc("POST /par", func(w http.ResponseWriter, r *http.Request) {
		f.keep(r)
		f.json(w, http.StatusCreated, map[string]any{"request_uri": "urn:invented", "expires_in": 60})
	})
	m.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		f.keep(r)
		f.json(w, http.StatusOK, map[string]any{"access_token": "acc_x", "token_type": "Bearer", "id_token": f.idToken(), "grant_id": "g_x"})
	})
	m.HandleFunc("GET /v3/", func(w http.ResponseWriter, r *http.Request) { f.deliver(w, r) })
	m.HandleFunc("GET "+KeyHistory, f.history)
	f.Server = httptest.NewServer(m)
	t.Cleanup(f.Close)
	return f
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (f *fake) history(w http.ResponseWriter, _ *http.Request) {
	set, err := receipt.KeySet{{KeyID: f.signer.KeyID, Public: &f.signer.Key.(*ecdsa.PrivateKey).PublicKey, NotBefore: time.Now().Add(-time.Hour)}}.JWKS()
	if err != nil {
		f.t.Error(err)
	}
	_, _ = w.Write(set) // a test's client reads it
}

func (f *fake) keep(r *http.Request) {
	if err := r.ParseForm(); err != nil {
		f.t.Error(err)
	}
	id, _, _ := r.BasicAuth()
	f.forms[r.URL.Path] = r.PostForm
	f.forms[r.URL.Path].Set("basic", id)
}

func (f *fake) json(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(v); err != nil {
		f.t.Error(err)
	}
}

// client is one with a secret and a list in a folder of the test's own.
func (f *fake) client() *Client {
	f.t.Helper()
	c, err := New(f.config())
	if err != nil {
		f.t.Fatal(err)
	}
	return c
}

func (f *fake) config() Config {
	return Config{
		Issuer: f.URL, ClientID: "editor", Secret: "invented", RedirectURI: "https://town.example/back",
		Recipient: testRecipient, Releases: filepath.Join(f.t.TempDir(), "releases.txt"),
	}
}

// answered answers as Accord does.
func answered(w http.ResponseWriter, form, body string) {
	h := w.Header()
	h.Set("Accord-Release-Id", testRelease)
	h.Set("Accord-Log", testPosition)
	h.Set("Accord-Release-Key", testKey)
	h.Set("Content-Type", form)
	fmt.Fprint(w, body)
}

// back is what a browser comes back with after the attempt.
func (f *fake) back(a Attempt) url.Values {
	return url.Values{"state": {a.State}, "iss": {f.URL}, "code": {"c"}}
}

func (f *fake) login(c *Client) Attempt {
	f.t.Helper()
	a, err := c.Login(context.Background(), Request{Purpose: "canteen", Scopes: []string{"cnaf_quotient_familial"}})
	if err != nil {
		f.t.Fatal(err)
	}
	return a
}
