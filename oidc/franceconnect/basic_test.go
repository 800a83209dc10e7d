package franceconnect_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"accord/oidc/franceconnect"
)

// A basicLogin is one module of the plan oidcc-client-basic: what its provider
// does, and whether the login must go on.
type basicLogin struct {
	module string
	does   func(*basicProvider)
	taken  bool
	asked  int // how often userinfo is asked for
}

// Logins as the conformance plan oidcc-client-basic has them, by module, one
// after the other at one issuer that makes new keys for each: what is wrong is
// refused before userinfo is asked for, but for what is wrong in userinfo.
// Without a signature, or by one of several keys without kid, the plan leaves
// the choice: Accord refuses.
func TestLoginsOfOpenIDConnectBasicAreTakenByTheBook(t *testing.T) {
	b := newBasicProvider(t)
	rp, clock, calls := b.relyingParty()
	for n, row := range []basicLogin{
		{"oidcc-client-test", func(*basicProvider) {}, true, 1},
		{"oidcc-client-test-invalid-iss", claim("iss", "https://evil.example/"), false, 0},
		{"oidcc-client-test-missing-sub", claim("sub", nil), false, 0},
		{"oidcc-client-test-invalid-aud", claim("aud", "another"), false, 0},
		{"oidcc-client-test-missing-iat", claim("iat", nil), false, 0},
		{"oidcc-client-test-kid-absent-single-jwks", func(b *basicProvider) { b.publish("", 1) }, true, 1},
		{"oidcc-client-test-kid-absent-multiple-jwks", func(b *basicProvider) { b.publish("", 2) }, false, 0},
		{"oidcc-client-test-idtoken-sig-rs256", func(*basicProvider) {}, true, 1},
		{"oidcc-client-test-idtoken-sig-none", func(b *basicProvider) { b.sign = unsigned }, false, 0},
		{"oidcc-client-test-invalid-sig-rs256", func(b *basicProvider) {
			good := b.sign
			b.sign = func(c map[string]any) string { return spoiled(good(c)) }
		}, false, 0},
		{"oidcc-client-test-userinfo-invalid-sub", func(b *basicProvider) { b.info["sub"] = "another" }, false, 1},
		{"oidcc-client-test-nonce-invalid", claim("nonce", nonceMark+"x"), false, 0},
		{"oidcc-client-test-scope-userinfo-claims", func(b *basicProvider) { b.info["email"] = "camille@valbrume.example" }, true, 1},
		{"oidcc-client-test-client-secret-basic", func(*basicProvider) {}, true, 1},
	} {
		clock.pass(2 * time.Second) // between two logins of a scripted run
		b.next(fmt.Sprintf("key of login %d", n))
		row.does(b)
		before := calls.of("/userinfo")
		at, err := rp.AuthorizationURL(t.Context(), franceconnect.AuthorizationRequest{State: stateMark, Nonce: nonceMark, Scopes: []string{"openid", "email"}})
		if err != nil || !strings.Contains(at, "scope=openid+email") || !strings.Contains(at, "max_age=") {
			t.Fatalf("%s: %v, %s", row.module, err, at)
		}
		login, err := exchange(rp)
		if asked := calls.of("/userinfo") - before; (err == nil) != row.taken || asked != row.asked {
			t.Errorf("%s: %v, userinfo asked for %d times", row.module, err, asked)
		}
		if err == nil && (login.Subject != "subject-1" || login.ACR != franceconnect.NoLevel || login.Evidence() != "" || login.Identity.Email != b.info["email"] && b.info["email"] != nil) {
			t.Errorf("%s: %+v", row.module, login)
		}
		r := <-b.asked
		if id, secret, ok := r.BasicAuth(); !ok || id != clientID || secret != secretMark || r.PostForm.Has("client_secret") {
			t.Errorf("%s: client_secret_basic: %v %v", row.module, ok, r.PostForm)
		}
	}
}

// A basicProvider is the plan's: issuer with a slash at its end, RS256, keys
// without alg among others nobody can read, userinfo in JSON, no iss in the
// callback, no acr, no expires_in, auth_time where max_age asks for it.
type basicProvider struct {
	*provider
	t    *testing.T
	turn int
}

func newBasicProvider(t *testing.T) *basicProvider {
	t.Helper()
	b := &basicProvider{provider: newProvider(t), t: t}
	b.discovery["issuer"] = b.server.URL + "/"
	b.answer["/userinfo"] = func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+tokenMark {
			b.t.Errorf("userinfo by %q", r.Header.Get("Authorization"))
		}
		b.json(w, b.info)
	}
	return b
}

func (b *basicProvider) relyingParty() (*franceconnect.RelyingParty, *clock, *counting) {
	c, n := newClock(), &counting{n: map[string]int{}}
	return b.provider.relyingParty(b.t, func(f *franceconnect.Config) {
		f.Issuer, f.SigningAlg, f.PlainProvider, f.AllowPlainUserinfo = b.server.URL+"/", "RS256", true, true
		f.Now, f.HTTP = c.now, &http.Client{Transport: n}
	}), c, n
}

// next prepares a good login by a new key.
func (b *basicProvider) next(kid string) {
	b.turn++
	now, sum := time.Now().Unix(), sha256.Sum256([]byte(tokenMark))
	b.id = map[string]any{
		"iss": b.server.URL + "/", "aud": clientID, "sub": "subject-1", "nonce": nonceMark, "iat": now, "exp": now + 300, "auth_time": now,
		"at_hash": base64.RawURLEncoding.EncodeToString(sum[:16]),
	}
	b.info, b.token["expires_in"] = map[string]any{"sub": "subject-1"}, nil
	b.publish(kid, 2)
}

// publish makes so many RSA keys known, the first of which signs.
func (b *basicProvider) publish(kid string, keys int) {
	var all []any
	for n := range keys {
		k := jose.JSONWebKey{Key: basicKeys()[(b.turn+n)%2].Public(), KeyID: kid, Use: "sig"}
		if n > 0 && kid != "" {
			k.KeyID = kid + " bis"
		}
		all = append(all, k)
	}
	unknown := []any{
		map[string]string{"kty": "EC", "crv": "secp256k1", "use": "sig", "x": "AA", "y": "AA"},
		map[string]string{"kty": "AKP", "alg": "ML-DSA-00", "use": "sig", "pub": "AA"},
		jose.JSONWebKey{Key: testKey().Public(), Use: "sig"},
		jose.JSONWebKey{Key: basicKeys()[0].Public(), Use: "enc", Algorithm: "RSA-OAEP"},
	}
	set, err := json.Marshal(map[string]any{"keys": append(unknown, all...)})
	if err != nil {
		b.t.Fatal(err)
	}
	b.answer["/jwks"] = func(w http.ResponseWriter, _ *http.Request) { b.json(w, json.RawMessage(set)) }
	b.sign = signedBy(jose.RS256, jose.JSONWebKey{Key: basicKeys()[b.turn%2], KeyID: kid})
}

var basicKeys = sync.OnceValue(func() (keys [2]*rsa.PrivateKey) {
	for n := range keys {
		k, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		keys[n] = k
	}
	return keys
})

// claim lays a claim over the ID token; nil removes it.
func claim(name string, value any) func(*basicProvider) {
	return func(b *basicProvider) { lay(b.id, map[string]any{name: value}) }
}
