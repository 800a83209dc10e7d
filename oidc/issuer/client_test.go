package issuer

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"math/big"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/goccy/go-yaml"
)

const clientYAML = `
id: mairie-valombreuse
name: Mairie de Valombreuse
editor: Éditeur inventé
profile: oidc
auth_method: private_key_jwt
jwks:
  keys:
    - kty: EC
      crv: P-256
      kid: "2026-11"
      use: sig
      alg: ES256
      x: f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU
      y: x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0
redirect_uris: ["https://mairie.example/cb", "http://127.0.0.1:8082/cb"]
post_logout_redirect_uris: ["https://mairie.example/"]
pkce: required
id_token_alg: ES256
userinfo_claims: true
approvals: [cantine]
`

func parseClient(t *testing.T, text string) (*Client, error) {
	t.Helper()
	c := new(Client)
	return c, yaml.UnmarshalWithOptions([]byte(text), c, yaml.Strict())
}

func TestClientFileIsReadAndGood(t *testing.T) {
	c, err := parseClient(t, clientYAML)
	if err != nil {
		t.Fatal(err)
	}
	if p := c.Validate(); len(p) != 0 {
		t.Errorf("problems: %v", p)
	}
	if key, ok := c.JWKS.key("2026-11"); !ok || keyAlg(key.Key) != jose.ES256 || !c.UserinfoClaims || c.Approvals[0] != "cantine" {
		t.Errorf("read as %+v", c)
	}
	if _, err := parseClient(t, strings.Replace(clientYAML, "x: f83", "x: g83", 1)); err == nil {
		t.Error("a point off its curve was read")
	}
	if _, err := parseClient(t, strings.Replace(clientYAML, "pkce:", "pcke:", 1)); err == nil {
		t.Error("an unknown key was read")
	}
}

func TestEveryMistakeOfAClientIsTold(t *testing.T) {
	f := newFixture(t)
	p384, _ := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	weak := &rsa.PublicKey{N: new(big.Int).Rsh(f.rsa.N, 1100), E: 65537}
	keys := func(k ...jose.JSONWebKey) func(*Client) { return func(c *Client) { c.JWKS.Keys = k } }
	for name, c := range map[string]struct {
		client string
		change func(*Client)
		path   string
	}{
		"id empty":           {"basic", func(c *Client) { c.ID = "" }, "$.id"},
		"id with a slash":    {"basic", func(c *Client) { c.ID = "a/b" }, "$.id"},
		"no name":            {"basic", func(c *Client) { c.Name = " " }, "$.name"},
		"fapi2 with secret":  {"basic", func(c *Client) { c.Profile = FAPI2 }, "$.auth_method"},
		"fapi2 without PKCE": {"fapi", func(c *Client) { c.PKCE = "optional" }, "$.pkce"},
		"fapi2 with RS256":   {"fapi", func(c *Client) { c.IDTokenAlg = "RS256" }, "$.id_token_alg"},
		"jwks and jwks_uri":  {"fapi", func(c *Client) { c.JWKSURI = "https://fapi.example/jwks" }, "$.jwks_uri"},
		"jwks_uri, secret":   {"basic", func(c *Client) { c.JWKSURI = "https://fapi.example/jwks" }, "$.jwks_uri"},
		"jwks_uri on http":   {"jwt", func(c *Client) { c.JWKS, c.JWKSURI = JWKS{}, "http://fapi.example/jwks" }, "$.jwks_uri"},
		"unknown profile":    {"basic", func(c *Client) { c.Profile = "saml" }, "$.profile"},
		"pkce":               {"basic", func(c *Client) { c.PKCE = "no" }, "$.pkce"},
		"alg":                {"basic", func(c *Client) { c.IDTokenAlg = "none" }, "$.id_token_alg"},
		"method":             {"basic", func(c *Client) { c.AuthMethod = "none" }, "$.auth_method"},
		"secret in clear":    {"basic", func(c *Client) { c.SecretHash = testSecret }, "$.secret_hash"},
		"padded hash":        {"basic", func(c *Client) { c.SecretHash += "=" }, "$.secret_hash"},
		"jwks and secret":    {"basic", keys(f.clients["jwt"].JWKS.Keys...), "$.jwks"},
		"secret and jwks":    {"jwt", func(c *Client) { c.SecretHash = "x" }, "$.secret_hash"},
		"no key":             {"jwt", keys(), "$.jwks.keys"},
		"private key":        {"jwt", keys(jose.JSONWebKey{Key: f.key, KeyID: "k"}), "$.jwks.keys[0]"},
		"secret key":         {"jwt", keys(jose.JSONWebKey{Key: []byte("0123456789abcdef"), KeyID: "k"}), "$.jwks.keys[0]"},
		"P-384":              {"jwt", keys(jose.JSONWebKey{Key: p384.Public(), KeyID: "k"}), "$.jwks.keys[0]"},
		"weak RSA":           {"jwt", keys(jose.JSONWebKey{Key: weak, KeyID: "k"}), "$.jwks.keys[0]"},
		"alg of another key": {"jwt", keys(jose.JSONWebKey{Key: f.key.Public(), KeyID: "k", Algorithm: "PS256"}), "$.jwks.keys[0]"},
		"use tls":            {"jwt", keys(jose.JSONWebKey{Key: f.key.Public(), KeyID: "k", Use: "tls"}), "$.jwks.keys[0].use"},
		"no kid":             {"jwt", keys(jose.JSONWebKey{Key: f.key.Public()}), "$.jwks.keys[0].kid"},
		"kid twice":          {"jwt", keys(jose.JSONWebKey{Key: f.key.Public(), KeyID: "k"}, jose.JSONWebKey{Key: f.key.Public(), KeyID: "k"}), "$.jwks.keys[1].kid"},
		"no redirect":        {"basic", func(c *Client) { c.RedirectURIs = nil }, "$.redirect_uris"},
		"no approval":        {"basic", func(c *Client) { c.Approvals = nil }, "$.approvals"},
		"redirect twice":     {"basic", func(c *Client) { c.RedirectURIs[1] = c.RedirectURIs[0] }, "$.redirect_uris[1]"},
		"bad logout":         {"basic", func(c *Client) { c.PostLogoutRedirectURIs[0] = "http://basic.example/" }, "$.post_logout_redirect_uris[0]"},
	} {
		changed := *newFixture(t).clients[c.client]
		c.change(&changed)
		if p := changed.Validate(); len(p) != 1 || p[0].Path != c.path || p[0].Message == "" {
			t.Errorf("%s: %v", name, p)
		}
	}
	for id, c := range newFixture(t).clients {
		if p := c.Validate(); (len(p) == 0) == (id == "lax") {
			t.Errorf("%s: %v", id, p)
		}
		if warned := len(c.Warnings()) != 0; warned != (id == "loose") {
			t.Errorf("%s warned: %v", id, warned)
		}
	}
}

func TestOnlyPlainSecureAddressesAreRegistered(t *testing.T) {
	for uri, good := range map[string]bool{
		"https://a.example/cb": true, "https://a.example": true, "https://a.example/cb?x=1&y=2": true,
		"http://localhost:8082/cb": true, "http://127.0.0.1/cb": true, "http://[::1]:1/cb": true,
		"http://a.example/cb": false, "http://localhost.evil.example/": false, "http://127.0.0.1.evil.example/": false,
		"https://a.example/cb#f": false, "https://a.example/cb#": false, "https://*.example/cb": false, "https://a.example/*": false,
		"https://u:p@a.example/": false, "/cb": false, "": false, "a.example/cb": false, "javascript:alert(1)": false,
		"app://cb": false, "https:///cb": false, "https:a.example": false, "https://a.example/é": false, "https://a.example/ b": false,
		`https://a.example\cb`: false, "https://a.example/cb?code=1": false, "https://a.example/cb?x=1&iss=2": false,
		"https://a.example/%zz": false, "https://a.example/?%zz": false, "https://a.example/" + strings.Repeat("x", 2048): false,
	} {
		if message := badURI(uri); (message == "") != good {
			t.Errorf("%q: %q", uri, message)
		}
	}
}

// A key to encrypt to is none to sign by, goes with any way to authenticate,
// and must be strong.
func TestAnEncryptionKeyIsForDeliveriesAlone(t *testing.T) {
	f := newFixture(t)
	good := jose.JSONWebKey{Key: f.key.Public(), KeyID: "seal", Algorithm: "ECDH-ES", Use: "enc"}
	for _, id := range []string{"basic", "jwt"} {
		c := *f.clients[id]
		c.JWKS.Keys = append([]jose.JSONWebKey{good}, c.JWKS.Keys...)
		if p := c.Validate(); len(p) != 0 {
			t.Errorf("%s: %v", id, p)
		}
		if k, ok := c.EncryptionKey(); !ok || k.KeyID != "seal" {
			t.Errorf("%s: encrypts to %v", id, k.KeyID)
		}
		if _, found := c.JWKS.key("seal"); found {
			t.Errorf("%s: an assertion may be signed by the key to encrypt to", id)
		}
	}
	for name, bad := range map[string]jose.JSONWebKey{
		"no alg":     {Key: f.key.Public(), KeyID: "seal", Use: "enc"},
		"RSA1_5":     {Key: f.rsa.Public(), KeyID: "seal", Algorithm: "RSA1_5", Use: "enc"},
		"RSA-OAEP":   {Key: f.rsa.Public(), KeyID: "seal", Algorithm: "RSA-OAEP", Use: "enc"},
		"other kind": {Key: f.rsa.Public(), KeyID: "seal", Algorithm: "ECDH-ES", Use: "enc"},
		"private":    {Key: f.key, KeyID: "seal", Algorithm: "ECDH-ES", Use: "enc"},
		"symmetric":  {Key: []byte("0123456789abcdef0123456789abcdef"), KeyID: "seal", Algorithm: "A256KW", Use: "enc"},
	} {
		c := *f.clients["basic"]
		c.JWKS.Keys = []jose.JSONWebKey{bad}
		if p := c.Validate(); len(p) != 1 || p[0].Path != "$.jwks.keys[0]" {
			t.Errorf("%s: %v", name, p)
		}
	}
	wanting := *f.clients["basic"]
	wanting.EncryptedDeliveries = true
	if p := wanting.Validate(); len(p) != 1 || p[0].Path != "$.encrypted_deliveries" {
		t.Errorf("wanting encryption without a key: %v", p)
	}
	if _, ok := f.clients["jwt"].EncryptionKey(); ok {
		t.Error("a key to verify by serves to encrypt")
	}
}

// What a registration may hold is what a JWK Set and a DPoP proof can bring: the
// library reads no larger key.
func TestTheLargestRSAKeyThatIsNamedIsRead(t *testing.T) {
	for bits, good := range map[int]bool{2047: false, 2048: true, 4096: true, 4097: false, 8192: false} {
		n := new(big.Int).SetBit(big.NewInt(1), bits-1, 1)
		key := jose.JSONWebKey{Key: &rsa.PublicKey{N: n, E: 65537}, KeyID: "k"}
		text, err := key.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		read := new(jose.JSONWebKey).UnmarshalJSON(text) == nil
		if named := badKey(key) == ""; named != good || named && !read {
			t.Errorf("%d bits: named good %t, read %t", bits, named, read)
		}
	}
}
