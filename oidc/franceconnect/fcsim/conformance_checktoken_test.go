package fcsim_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"accord/oidc/franceconnect/fcsim"
)

const (
	providerID     = "data-provider-of-the-tests-000000000"
	providerSecret = "data-provider-secret-of-the-tests-00"
)

// A dataProvider is a bench with a data provider that publishes keys.
type dataProvider struct {
	*bench
	alg       string
	key       any // private
	published []jose.JSONWebKey
}

func encryptionKey(t *testing.T, alg string) any {
	t.Helper()
	if alg == "ECDH-ES" {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func public(private any) any {
	if k, ok := private.(*ecdsa.PrivateKey); ok {
		return k.Public()
	}
	return private.(*rsa.PrivateKey).Public()
}

func newDataProvider(t *testing.T, alg string, change ...func(*fcsim.Options)) *dataProvider {
	t.Helper()
	p := &dataProvider{alg: alg, key: encryptionKey(t, alg)}
	p.published = []jose.JSONWebKey{{Key: public(p.key), KeyID: "enc-1", Use: "enc", Algorithm: alg}}
	keys := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: p.published})
	}))
	t.Cleanup(keys.Close)
	p.bench = newBench(t, append(change, func(o *fcsim.Options) {
		o.DataProviders = []fcsim.DataProvider{{
			ClientID: providerID, ClientSecret: providerSecret, JWKSURI: keys.URL, EncryptionAlg: alg, Scopes: []string{"dgfip_rfr", "dgfip_nbpart"},
		}}
	})...)
	return p
}

func checktokenForm(token string) url.Values {
	return url.Values{"token": {token}, "client_id": {providerID}, "client_secret": {providerSecret}}
}

// ask decrypts and verifies an answer, and gives the JWE's header, the JWS's
// and the claims.
func (p *dataProvider) ask(token string) (jwe, jws, claims map[string]any) {
	p.t.Helper()
	a := p.post(p.issuer+"/checktoken", checktokenForm(token))
	if a.StatusCode != 200 || a.Header.Get("Content-Type") != "application/token-introspection+jwt" {
		p.t.Fatalf("HTTP %d %s", a.StatusCode, a.Header.Get("Content-Type"))
	}
	sealed, err := jose.ParseEncryptedCompact(a.body, []jose.KeyAlgorithm{jose.KeyAlgorithm(p.alg)}, []jose.ContentEncryption{jose.A256GCM})
	if err != nil {
		p.t.Fatal(err)
	}
	inner, err := sealed.Decrypt(p.key)
	if err != nil {
		p.t.Fatal(err)
	}
	return object(p.t, decoded(p.t, a.body)), part(p.t, string(inner), 0), p.verified(string(inner))
}

// decoded gives the header of a compact token.
func decoded(t *testing.T, compact string) string {
	t.Helper()
	first, _, _ := strings.Cut(compact, ".")
	header, _ := json.Marshal(part(t, first+"..", 0))
	return string(header)
}

func (b *bench) verified(compact string) map[string]any {
	b.t.Helper()
	var set jose.JSONWebKeySet
	if err := json.Unmarshal([]byte(b.get(b.issuer+"/jwks").body), &set); err != nil {
		b.t.Fatal(err)
	}
	signed, err := jose.ParseSignedCompact(compact, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		b.t.Fatal(err)
	}
	payload, err := signed.Verify(set)
	if err != nil {
		b.t.Fatal(err)
	}
	return object(b.t, string(payload))
}

func members(m map[string]any) string { return strings.Join(slices.Sorted(maps.Keys(m)), " ") }

func (b *bench) accessToken(persona, scopes string) string {
	b.t.Helper()
	token, _ := b.tokens(b.login(persona, scopes).Get("code"))["access_token"].(string)
	return token
}

func checktokenTellsTheWholeIdentity(t *testing.T) {
	p := newDataProvider(t, "RSA-OAEP-256")
	token := p.accessToken("lise", "openid dgfip_rfr cnaf_enfants")
	_, _, outer := p.ask(token)
	if members(outer) != "aud iat iss token_introspection" || outer["iss"] != p.issuer || outer["aud"] != providerID {
		t.Errorf("claims %v", members(outer))
	}
	in, _ := outer["token_introspection"].(map[string]any)
	if members(in) != "acr active aud birthcountry birthdate birthplace exp family_name gender given_name given_name_array iat jti scope sub" {
		t.Errorf("introspection %s", members(in))
	}
	if in["active"] != true || in["aud"] != clientID || in["acr"] != "eidas1" || in["jti"] != token || in["scope"] != "dgfip_rfr" {
		t.Errorf("introspection %v", in)
	}
	if iat, _ := in["iat"].(float64); in["exp"] != iat+60 || in["family_name"] != "QUENOUILLE" {
		t.Errorf("introspection %v", in)
	}
	sub, _ := in["sub"].(string)
	mine, _ := p.claimsOf("lise", "openid")["sub"].(string)
	if len(sub) != 66 || sub == mine {
		t.Errorf("sub %s, the client's %s", sub, mine)
	}
	_, _, none := p.ask(p.accessToken("lise", "openid cnaf_enfants"))
	if in, _ := none["token_introspection"].(map[string]any); in["active"] != true || in["scope"] != "" || in["birthdate"] != "1984-05-17" {
		t.Errorf("no scope left: %v", in)
	}
}

func checktokenIsEncryptedAsRegistered(t *testing.T) {
	for alg, want := range map[string]string{"RSA-OAEP-256": "alg enc", "RSA-OAEP": "alg enc", "ECDH-ES": "alg enc epk"} {
		p := newDataProvider(t, alg)
		jwe, jws, _ := p.ask("unknown")
		if members(jwe) != want || jwe["alg"] != alg || jwe["enc"] != "A256GCM" {
			t.Errorf("%s: JWE header %v", alg, jwe)
		}
		if members(jws) != "alg kid" {
			t.Errorf("%s: JWS header %v", alg, jws)
		}
	}
}

func checktokenRefusesOtherForms(t *testing.T) {
	p := newDataProvider(t, "ECDH-ES")
	for name, change := range map[string]func(url.Values){
		"no token":   func(f url.Values) { f.Del("token") },
		"no id":      func(f url.Values) { f.Del("client_id") },
		"no secret":  func(f url.Values) { f.Del("client_secret") },
		"more":       func(f url.Values) { f.Set("token_type_hint", "access_token") },
		"one twice":  func(f url.Values) { f.Add("token", "x") },
		"one varied": func(f url.Values) { f.Del("token"); f.Set("Token", "x") },
	} {
		f := checktokenForm("x")
		change(f)
		p.refusedChecktoken(name, f, 400, "invalid_request", "Required parameter missing or invalid.")
	}
	for _, name := range []string{"client_id", "client_secret"} {
		f := checktokenForm("x")
		f.Set(name, strings.Repeat("x", 36))
		p.refusedChecktoken(name, f, 401, "invalid_client", "Client authentication failed.")
	}
}

// refusedChecktoken checks the fourth error shape: two members, no cookie.
func (p *dataProvider) refusedChecktoken(name string, f url.Values, status int, code, description string) {
	p.t.Helper()
	a := p.post(p.issuer+"/checktoken", f)
	e := object(p.t, a.body)
	if a.StatusCode != status || len(e) != 2 || e["error"] != code || e["error_description"] != description || len(a.Cookies()) != 0 {
		p.t.Errorf("%s: HTTP %d %v", name, a.StatusCode, e)
	}
}

func (p *dataProvider) inactive(name, token string) {
	p.t.Helper()
	_, _, c := p.ask(token)
	if in, _ := c["token_introspection"].(map[string]any); len(in) != 1 || in["active"] != false {
		p.t.Errorf("%s: %v", name, in)
	}
}

func deadTokensAreInactive(t *testing.T) {
	p := newDataProvider(t, "ECDH-ES")
	p.inactive("unknown", "unknown")
	revoked := p.accessToken("lise", "openid")
	p.post(p.issuer+"/token/revocation", url.Values{"token": {revoked}, "client_id": {clientID}, "client_secret": {secret}})
	p.inactive("revoked", revoked)
	got := p.tokens(p.login("lise", "openid").Get("code"))
	token, _ := got["access_token"].(string)
	hint, _ := got["id_token"].(string)
	p.get(p.issuer + "/session/end?id_token_hint=" + hint)
	p.inactive("logged out", token)
	late := p.accessToken("lise", "openid")
	p.clock.pass(59 * time.Second)
	if _, _, c := p.ask(late); c["token_introspection"].(map[string]any)["active"] != true {
		t.Error("dead before its 60 s, after its grant's 30")
	}
	p.clock.pass(time.Second)
	p.inactive("expired", late)
}

func checktokenNeedsTheProvidersKey(t *testing.T) {
	p := newDataProvider(t, "ECDH-ES")
	old := p.published[0]
	other := old
	other.Use = "sig"
	p.published = []jose.JSONWebKey{other}
	p.refusedChecktoken("no key", checktokenForm("x"), 500, "server_error", "authentication aborted due to a technical error on the authorization server")
	next := encryptionKey(t, "ECDH-ES")
	p.key = next
	p.published = []jose.JSONWebKey{other, {Key: public(next), Use: "enc", Algorithm: "ECDH-ES", KeyID: "enc-2"}, old}
	p.inactive("the first matching key, read again at once", "unknown")
}

func plusHasNoChecktoken(t *testing.T) {
	p := newDataProvider(t, "ECDH-ES", plus)
	if a := p.post(p.issuer+"/checktoken", checktokenForm("x")); a.StatusCode != 404 {
		t.Errorf("HTTP %d", a.StatusCode)
	}
}
