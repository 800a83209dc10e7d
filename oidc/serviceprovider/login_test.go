package serviceprovider

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// sign gives claims as a JWS of the fake's ID-token key, or another.
func (f *fake) sign(claims map[string]any, key jose.SigningKey, kid string) string {
	f.t.Helper()
	payload, err := json.Marshal(claims)
	if err != nil {
		f.t.Fatal(err)
	}
	signer, err := jose.NewSigner(key, &jose.SignerOptions{ExtraHeaders: map[jose.HeaderKey]any{"kid": kid}})
	if err != nil {
		f.t.Fatal(err)
	}
	jws, err := signer.Sign(payload)
	if err != nil {
		f.t.Fatal(err)
	}
	compact, err := jws.CompactSerialize()
	if err != nil {
		f.t.Fatal(err)
	}
	return compact
}

func (f *fake) claims(a Attempt) map[string]any {
	return map[string]any{
		"iss": f.URL, "aud": "editor", "sub": "pairwise", "nonce": a.Nonce, "acr": "eidas1",
		"iat": time.Now().Unix(), "exp": time.Now().Add(5 * time.Minute).Unix(),
	}
}

func TestALoginIsPushedWithStateNonceAndPKCE(t *testing.T) {
	f := newFake(t)
	a := f.login(f.client())
	sent := f.forms["/par"]
	challenge := sha256.Sum256([]byte(a.Verifier))
	for name, want := range map[string]string{
		"state": a.State, "nonce": a.Nonce, "code_challenge": base64.RawURLEncoding.EncodeToString(challenge[:]), "code_challenge_method": "S256",
		"scope": "openid cnaf_quotient_familial", "recipient": testRecipient, "purpose": "canteen", "basic": "editor", "code_verifier": "",
	} {
		if sent.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, sent.Get(name), want)
		}
	}
	u, err := url.Parse(a.URL)
	if err != nil || len(u.Query()) != 2 || u.Query().Get("request_uri") != "urn:invented" {
		t.Errorf("the browser is sent to %s", a.URL)
	}
	if b := f.login(f.client()); b.State == a.State || b.Nonce == a.Nonce || b.Verifier == a.Verifier || len(a.Verifier) < 43 {
		t.Error("two attempts share a secret, or the verifier is short")
	}
}

func TestOnlyTheAnswerToThisAttemptIsTaken(t *testing.T) {
	f := newFake(t)
	c := f.client()
	a := f.login(c)
	f.idToken = func() string { return f.sign(f.claims(a), jose.SigningKey{Algorithm: jose.ES256, Key: f.idKey}, "id") }
	for name, change := range map[string]func(url.Values){
		"state":       func(v url.Values) { v.Set("state", "other") },
		"no state":    func(v url.Values) { v.Del("state") },
		"two states":  func(v url.Values) { v.Add("state", a.State) },
		"iss":         func(v url.Values) { v.Set("iss", "https://evil.example") },
		"no iss":      func(v url.Values) { v.Del("iss") },
		"other error": func(v url.Values) { v.Set("error", "access_denied"); v.Set("iss", "https://evil.example") },
	} {
		back := f.back(a)
		change(back)
		if _, err := c.Callback(t.Context(), a, back); !errors.Is(err, ErrState) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(f.forms["/token"]) != 0 {
		t.Error("a code of another answer was sent")
	}
	tok, err := c.Callback(t.Context(), a, f.back(a))
	if err != nil || tok.Subject != "pairwise" || tok.ACR != "eidas1" || f.forms["/token"].Get("code_verifier") != a.Verifier {
		t.Errorf("the honest answer: %+v, %v", tok, err)
	}
	if _, err := c.Callback(t.Context(), Attempt{}, url.Values{"iss": {f.URL}, "code": {"c"}}); !errors.Is(err, ErrState) {
		t.Errorf("an answer without an attempt: %v", err)
	}
}

func TestARefusalIsAnOrdinaryOutcome(t *testing.T) {
	f := newFake(t)
	c := f.client()
	a := f.login(c)
	_, err := c.Callback(t.Context(), a, url.Values{"state": {a.State}, "iss": {f.URL}, "error": {"access_denied"}})
	var denied *Denied
	if !errors.As(err, &denied) || denied.Code != "access_denied" {
		t.Errorf("a refusal: %v", err)
	}
}

func TestAnIDTokenOfAnotherIsRefused(t *testing.T) {
	f := newFake(t)
	own := jose.SigningKey{Algorithm: jose.ES256, Key: f.idKey}
	for name, token := range map[string]func(map[string]any) string{
		"iss":           func(c map[string]any) string { c["iss"] = "https://evil.example"; return f.sign(c, own, "id") },
		"aud":           func(c map[string]any) string { c["aud"] = "other"; return f.sign(c, own, "id") },
		"two audiences": func(c map[string]any) string { c["aud"] = []string{"editor", "other"}; return f.sign(c, own, "id") },
		"azp":           func(c map[string]any) string { c["azp"] = "other"; return f.sign(c, own, "id") },
		"nonce":         func(c map[string]any) string { c["nonce"] = "other"; return f.sign(c, own, "id") },
		"no nonce":      func(c map[string]any) string { delete(c, "nonce"); return f.sign(c, own, "id") },
		"expired": func(c map[string]any) string {
			c["exp"] = time.Now().Add(-time.Minute).Unix()
			return f.sign(c, own, "id")
		},
		"no exp": func(c map[string]any) string { delete(c, "exp"); return f.sign(c, own, "id") },
		"not yet": func(c map[string]any) string {
			c["iat"] = time.Now().Add(time.Hour).Unix()
			return f.sign(c, own, "id")
		},
		"no sub":      func(c map[string]any) string { delete(c, "sub"); return f.sign(c, own, "id") },
		"unknown kid": func(c map[string]any) string { return f.sign(c, own, "other") },
		"other key": func(c map[string]any) string {
			return f.sign(c, jose.SigningKey{Algorithm: jose.ES256, Key: newKey(t)}, "id")
		},
		"HS256": func(c map[string]any) string {
			return f.sign(c, jose.SigningKey{Algorithm: jose.HS256, Key: []byte(strings.Repeat("k", 32))}, "id")
		},
		"none": func(c map[string]any) string {
			parts := strings.Split(f.sign(c, own, "id"), ".")
			return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","kid":"id"}`)) + "." + parts[1] + "."
		},
		"nothing": func(map[string]any) string { return "" },
	} {
		c := f.client()
		a := f.login(c)
		f.idToken = func() string { return token(f.claims(a)) }
		if tok, err := c.Callback(t.Context(), a, f.back(a)); !errors.Is(err, ErrIDToken) || tok.Access != "" {
			t.Errorf("%s: token %+v, error %v", name, tok, err)
		}
	}
}

func TestAClientWithAKeyAuthenticatesByAssertion(t *testing.T) {
	f := newFake(t)
	key := newKey(t)
	config := f.config()
	config.Secret, config.Key = "", &jose.JSONWebKey{Key: key, KeyID: "mine", Algorithm: "ES256"}
	c, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	f.login(c)
	sent := f.forms["/par"]
	jws, err := jose.ParseSignedCompact(sent.Get("client_assertion"), []jose.SignatureAlgorithm{jose.ES256})
	if err != nil || sent.Get("basic") != "" || sent.Get("client_assertion_type") != assertionType || jws.Signatures[0].Header.KeyID != "mine" {
		t.Fatalf("sent %v: %v", sent, err)
	}
	payload, err := jws.Verify(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(payload, &claims); err != nil || claims["aud"] != f.URL || claims["iss"] != "editor" || claims["sub"] != "editor" || claims["jti"] == "" {
		t.Errorf("claims %s: %v", payload, err)
	}
}

func TestAnUnsafeConfigurationIsRefused(t *testing.T) {
	f := newFake(t)
	for name, change := range map[string]func(*Config){
		"http":          func(c *Config) { c.Issuer = "http://accord.example" },
		"slash":         func(c *Config) { c.Issuer += "/" },
		"no list":       func(c *Config) { c.Releases = "" },
		"no secret":     func(c *Config) { c.Secret = "" },
		"both":          func(c *Config) { c.Key = &jose.JSONWebKey{Key: newKey(t)} },
		"public key":    func(c *Config) { c.Secret, c.Key = "", &jose.JSONWebKey{Key: &newKey(t).PublicKey} },
		"no recipient":  func(c *Config) { c.Recipient = "" },
		"no client":     func(c *Config) { c.ClientID = "" },
		"no way back":   func(c *Config) { c.RedirectURI = "" },
		"not an issuer": func(c *Config) { c.Issuer = "accord" },
	} {
		config := f.config()
		change(&config)
		if _, err := New(config); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
