package issuer

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// fuzzFixture has a key and a clock that are the same in every process, so
// that found inputs stay good.
func fuzzFixture(t testing.TB) *fixture {
	t.Helper()
	f := newFixture(t)
	f.clock.t = time.Unix(1_900_000_000, 0)
	scalar := []byte(strings.Repeat("\x01", 32))
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar)
	if err != nil {
		t.Fatal(err)
	}
	f.key = key
	f.clients["jwt"].JWKS = JWKS{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "k1"}}}
	return f
}

// FuzzAssertion: a token that authenticates is its own and only encoding, and
// serves once; of a client that signs whatever it likes, only claims within
// the rules pass.
func FuzzAssertion(f *testing.F) {
	fix := fuzzFixture(f)
	for _, bad := range badAssertions(fix) {
		f.Add(bad, []byte(`{}`))
	}
	good, _ := json.Marshal(fix.assertionClaims("jwt", nil))
	f.Add(fix.assertion("jwt", nil), good)
	f.Add("", []byte(`{"iss":"jwt","sub":"jwt","aud":["http://localhost:8080"],"jti":"\u0000","exp":19000000.1e2,"iat":null}`))
	f.Fuzz(func(t *testing.T, compact string, payload []byte) {
		fix := fuzzFixture(t)
		tryAssertion(t, fix, compact)
		signed := sign(t, payload, jose.ES256, fix.key, map[jose.HeaderKey]any{"kid": "k1"})
		if tryAssertion(t, fix, signed) {
			checkClaims(t, fix, payload)
		}
	})
}

// tryAssertion reports whether an assertion authenticated the client.
func tryAssertion(t *testing.T, f *fixture, compact string) bool {
	t.Helper()
	offered := credentials{method: PrivateKeyJWT, assertion: compact}
	c, e := f.spendAssertion(t.Context(), offered)
	if (c == nil) == (e == nil) {
		t.Fatal("neither or both of client and error")
	}
	if e != nil {
		return false
	}
	var parts []string
	for _, part := range strings.Split(compact, ".") {
		decoded, _ := base64.RawURLEncoding.DecodeString(part)
		parts = append(parts, base64.RawURLEncoding.EncodeToString(decoded))
	}
	if len(parts) != 3 || strings.Join(parts, ".") != compact {
		t.Fatalf("accepted, but is not its own encoding: %q", compact)
	}
	if _, e := f.spendAssertion(t.Context(), offered); e == nil {
		t.Fatal("accepted twice")
	}
	return true
}

// spendAssertion verifies an assertion and uses it up.
func (f *fixture) spendAssertion(ctx context.Context, offered credentials) (*Client, *Error) {
	c, a, e := f.issuer.verifyAssertion(ctx, offered)
	if e == nil {
		e = f.issuer.useAssertion(ctx, a)
	}
	if e != nil {
		return nil, e
	}
	return c, nil
}

// checkClaims reads accepted claims with another decoder.
func checkClaims(t *testing.T, f *fixture, payload []byte) {
	t.Helper()
	var got map[string]any
	if err := json.Unmarshal(payload, &got); err != nil {
		t.Fatalf("accepted what is no object: %q", payload)
	}
	id, _ := got["jti"].(string)
	exp, _ := got["exp"].(float64)
	now := float64(f.clock.now().Unix())
	if got["iss"] != "jwt" || got["sub"] != "jwt" || id == "" || len(id) > 256 || exp <= now-10 || exp > now+600 {
		t.Fatalf("accepted %q", payload)
	}
	for _, name := range []string{"iat", "nbf"} {
		if at, there := got[name].(float64); there && at > now+10 {
			t.Fatalf("accepted from the future: %q", payload)
		}
	}
	one, _ := got["aud"].(string)
	if many, ok := got["aud"].([]any); ok && len(many) == 1 {
		one, _ = many[0].(string)
	}
	if one != testIssuer {
		t.Fatalf("accepted for %v", got["aud"])
	}
}
