package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"accord/cmd/accord-demo/country"
)

// A suiteClient is a client of a configuration file.
type suiteClient struct {
	ID     string `json:"client_id"`
	Secret string `json:"client_secret"`
	Scope  string
	JWKS   jose.JSONWebKeySet
}

// A suiteRun is one request of the suite, with what it must remember.
type suiteRun struct {
	t        *testing.T
	c        *country.Country
	http     *http.Client
	client   suiteClient
	redirect string
	verifier string
	held     *ecdsa.PrivateKey // of DPoP
	nonce    string
}

func newSuiteRun(t *testing.T, c *country.Country, client suiteClient, redirect string) *suiteRun {
	t.Helper()
	held, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &suiteRun{
		t: t, c: c, client: client, redirect: redirect, verifier: rand.Text() + rand.Text(), held: held,
		http: &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: c.Roots()}}},
	}
}

func (s *suiteRun) sign(key any, claims map[string]any, o *jose.SignerOptions) string {
	s.t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, o)
	if err != nil {
		s.t.Fatal(err)
	}
	body, _ := json.Marshal(claims)
	signed, err := signer.Sign(body)
	if err != nil {
		s.t.Fatal(err)
	}
	compact, err := signed.CompactSerialize()
	if err != nil {
		s.t.Fatal(err)
	}
	return compact
}

// post sends a form of the client, authenticated by its key or secret.
func (s *suiteRun) post(path string, form url.Values) (int, map[string]any) {
	s.t.Helper()
	now := time.Now().Unix()
	var key any
	if len(s.client.JWKS.Keys) == 1 {
		key = s.client.JWKS.Keys[0]
		form.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
		form.Set("client_assertion", s.sign(key, map[string]any{"iss": s.client.ID, "sub": s.client.ID, "aud": s.c.Accord, "jti": rand.Text(), "iat": now, "exp": now + 60}, nil))
	}
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.c.Accord+path, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if key == nil {
		r.SetBasicAuth(s.client.ID, s.client.Secret)
	} else if path == "/token" {
		r.Header.Set("DPoP", s.proof(http.MethodPost, s.c.Accord+path, ""))
	}
	return s.send(r)
}

func (s *suiteRun) send(r *http.Request) (int, map[string]any) {
	s.t.Helper()
	res, err := s.http.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	s.nonce = res.Header.Get("DPoP-Nonce")
	var body map[string]any
	_ = json.NewDecoder(res.Body).Decode(&body) // not every answer is JSON
	return res.StatusCode, body
}

func (s *suiteRun) proof(method, address, token string) string {
	claims := map[string]any{"jti": rand.Text(), "htm": method, "htu": address, "iat": time.Now().Unix(), "nonce": s.nonce}
	if token != "" {
		sum := sha256.Sum256([]byte(token))
		claims["ath"] = base64.RawURLEncoding.EncodeToString(sum[:])
	}
	return s.sign(s.held, claims, (&jose.SignerOptions{EmbedJWK: true}).WithType("dpop+jwt"))
}

// request is what is asked: pushed by a client with a key, else in the address.
func (s *suiteRun) request(scope string) string {
	s.t.Helper()
	v := url.Values{"client_id": {s.client.ID}, "redirect_uri": {s.redirect}, "response_type": {"code"}, "scope": {scope}, "state": {"st"}, "nonce": {"no"}}
	if len(s.client.JWKS.Keys) == 0 {
		return s.c.Accord + "/authorize?" + v.Encode()
	}
	sum := sha256.Sum256([]byte(s.verifier))
	v.Set("code_challenge", base64.RawURLEncoding.EncodeToString(sum[:]))
	v.Set("code_challenge_method", "S256")
	status, pushed := s.post("/par", v)
	uri, _ := pushed["request_uri"].(string)
	if status != http.StatusCreated || uri == "" {
		s.t.Fatalf("PAR: %d %v", status, pushed)
	}
	return s.c.Accord + "/authorize?" + url.Values{"client_id": {s.client.ID}, "request_uri": {uri}}.Encode()
}

// redeem exchanges the code of an authorization response.
func (s *suiteRun) redeem(back *url.URL) map[string]any {
	s.t.Helper()
	if back == nil || !strings.HasPrefix(back.String(), s.redirect) || back.Query().Get("state") != "st" || back.Query().Get("iss") != s.c.Accord {
		s.t.Fatalf("authorization response %v", back)
	}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {back.Query().Get("code")}, "redirect_uri": {s.redirect}}
	if len(s.client.JWKS.Keys) > 0 {
		form.Set("code_verifier", s.verifier)
	}
	status, answer := s.post("/token", form)
	if status != http.StatusOK {
		s.t.Fatalf("token: %d %v", status, answer)
	}
	return answer
}

// read asks the protected resource with the access token.
func (s *suiteRun) read(address, token string) (int, map[string]any) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, address, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	if len(s.client.JWKS.Keys) > 0 {
		r.Header.Set("Authorization", "DPoP "+token)
		r.Header.Set("DPoP", s.proof(http.MethodGet, address, token))
	}
	return s.send(r)
}
