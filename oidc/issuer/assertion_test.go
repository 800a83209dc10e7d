package issuer

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

type claims map[string]any

// claims of a good assertion; nil in changes removes a claim.
func (f *fixture) assertionClaims(client string, changes claims) claims {
	now := f.clock.now().Unix()
	all := claims{"iss": client, "sub": client, "aud": testIssuer, "jti": random(""), "iat": now, "exp": now + 60}
	maps.Copy(all, changes)
	maps.DeleteFunc(all, func(_ string, v any) bool { return v == nil })
	return all
}

func (f *fixture) assertion(client string, changes claims) string {
	return sign(f.t, f.assertionClaims(client, changes), jose.ES256, f.key, map[jose.HeaderKey]any{"kid": "k1", "typ": "JWT"})
}

func sign(t testing.TB, payload any, alg jose.SignatureAlgorithm, key any, header map[jose.HeaderKey]any) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, &jose.SignerOptions{ExtraHeaders: header})
	if err != nil {
		t.Fatal(err)
	}
	body, ok := payload.([]byte)
	if !ok {
		body, _ = json.Marshal(payload)
	}
	jws, err := signer.Sign(body)
	if err != nil {
		t.Fatal(err)
	}
	compact, err := jws.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return compact
}

// rawToken writes a header as it is and MACs it, as an attacker would who
// takes a public key for a secret; without key the signature is empty.
func rawToken(header string, payload any, mac []byte) string {
	body, _ := json.Marshal(payload)
	input := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString(body)
	if mac == nil {
		return input + "."
	}
	h := hmac.New(sha256.New, mac)
	h.Write([]byte(input))
	return input + "." + base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// pushWith pushes a request of client jwt with an assertion.
func (f *fixture) pushWith(assertion string) *httptest.ResponseRecorder {
	return f.post(pathPush, "jwt", with(f.request("jwt"), "client_assertion_type", assertionType, "client_assertion", assertion))
}

func TestGoodAssertionAuthenticates(t *testing.T) {
	f := newFixture(t)
	header := map[jose.HeaderKey]any{"kid": "ps", "typ": "client-authentication+jwt"}
	now := f.clock.now().Unix()
	for name, assertion := range map[string]string{
		"ES256":              f.assertion("jwt", nil),
		"PS256":              sign(t, f.assertionClaims("jwt", nil), jose.PS256, f.rsa, header),
		"aud of one":         f.assertion("jwt", claims{"aud": []string{testIssuer}}),
		"iat 8 s ahead":      f.assertion("jwt", claims{"iat": now + 8, "nbf": now + 8}),
		"exp 9 s ago":        f.assertion("jwt", claims{"exp": now - 9}),
		"exp in 10 minutes":  f.assertion("jwt", claims{"exp": now + 600}),
		"no iat":             f.assertion("jwt", claims{"iat": nil}),
		"fractions":          f.assertion("jwt", claims{"exp": float64(now) + 30.5}),
		"jti of 256":         f.assertion("jwt", claims{"jti": strings.Repeat("j", 256)}),
		"jti of another one": f.assertion("jwt2", claims{"iss": "jwt", "sub": "jwt"}),
	} {
		if w := f.pushWith(assertion); w.Code != http.StatusCreated {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

// badAssertions are the rows 58, 59 and 61 of the attack list.
func badAssertions(f *fixture) map[string]string {
	now := f.clock.now().Unix()
	good := func(changes claims) claims { return f.assertionClaims("jwt", changes) }
	kid := func(more ...any) map[jose.HeaderKey]any {
		h := map[jose.HeaderKey]any{"kid": "k1"}
		for n := 0; n < len(more); n += 2 {
			h[jose.HeaderKey(more[n].(string))] = more[n+1]
		}
		return h
	}
	stranger, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	der, _ := x509.MarshalPKIXPublicKey(f.key.Public())
	body, _ := json.Marshal(good(nil))
	twice := strings.Replace(string(body), `"iss"`, `"iss":"jwt2","iss"`, 1)
	fragile := f.assertion("jwt", nil)
	return map[string]string{
		"58 alg none":              rawToken(`{"alg":"none","kid":"k1"}`, good(nil), nil),
		"58 HS256 with public key": rawToken(`{"alg":"HS256","kid":"k1"}`, good(nil), der),
		"58 RS256":                 sign(f.t, good(nil), jose.RS256, f.rsa, kid("kid", "ps")),
		"58 PS256 with EC kid":     sign(f.t, good(nil), jose.PS256, f.rsa, kid()),
		"58 unknown kid":           sign(f.t, good(nil), jose.ES256, f.key, kid("kid", "../k1")),
		"58 no kid":                sign(f.t, good(nil), jose.ES256, f.key, nil),
		"58 stranger's key":        sign(f.t, good(nil), jose.ES256, stranger, kid()),
		"58 jwk":                   sign(f.t, good(nil), jose.ES256, stranger, kid("jwk", jose.JSONWebKey{Key: stranger.Public()})),
		"58 jku":                   sign(f.t, good(nil), jose.ES256, f.key, kid("jku", "https://evil.example/jwks")),
		"58 x5u":                   sign(f.t, good(nil), jose.ES256, f.key, kid("x5u", "https://evil.example/x5")),
		"58 crit":                  sign(f.t, good(nil), jose.ES256, f.key, kid("crit", []string{"exp"}, "exp", 1)),
		"58 typ of another use":    sign(f.t, good(nil), jose.ES256, f.key, kid("typ", "dpop+jwt")),
		"58 line break":            fragile[:40] + "\n" + fragile[40:],
		"58 padding":               fragile + "=",
		"58 four parts":            fragile + ".AAAA",
		"59 aud token endpoint":    f.assertion("jwt", claims{"aud": testIssuer + pathToken}),
		"59 aud another server":    f.assertion("jwt", claims{"aud": "https://as.example"}),
		"59 aud of two":            f.assertion("jwt", claims{"aud": []string{testIssuer, "https://as.example"}}),
		"59 aud empty":             f.assertion("jwt", claims{"aud": []string{}}),
		"59 aud absent":            f.assertion("jwt", claims{"aud": nil}),
		"59 aud with slash":        f.assertion("jwt", claims{"aud": testIssuer + "/"}),
		"61 exp in ten years":      f.assertion("jwt", claims{"exp": now + 315360000}),
		"61 exp huge":              f.assertion("jwt", claims{"exp": 1e300}),
		"61 exp in 611 s":          f.assertion("jwt", claims{"exp": now + 611}),
		"61 exp past":              f.assertion("jwt", claims{"exp": now - 11}),
		"61 exp as string":         f.assertion("jwt", claims{"exp": "soon"}),
		"61 no exp":                f.assertion("jwt", claims{"exp": nil}),
		"61 iat + 61 s":            f.assertion("jwt", claims{"iat": now + 61}),
		"61 nbf + 61 s":            f.assertion("jwt", claims{"nbf": now + 61}),
		"61 no sub":                f.assertion("jwt", claims{"sub": nil}),
		"61 iss is not sub":        f.assertion("jwt", claims{"sub": "jwt2"}),
		"61 unknown client":        f.assertion("nobody", nil),
		"61 a client with secret":  f.assertion("basic", nil),
		"61 no jti":                f.assertion("jwt", claims{"jti": nil}),
		"61 jti of 257":            f.assertion("jwt", claims{"jti": strings.Repeat("j", 257)}),
		"61 iss twice":             sign(f.t, []byte(twice), jose.ES256, f.key, kid()),
		"61 payload an array":      sign(f.t, []byte(`[]`), jose.ES256, f.key, kid()),
		"61 payload null":          sign(f.t, []byte(`null`), jose.ES256, f.key, kid()),
		"58 empty":                 "..",
		"58 20 KiB":                strings.Repeat("A", 20<<10) + ".AA.AA",
	}
}

func TestBadAssertionsAreInvalidClient(t *testing.T) {
	f := newFixture(t)
	for name, assertion := range badAssertions(f) {
		w := f.pushWith(assertion)
		if w.Code != http.StatusUnauthorized || member(t, w, "error") != "invalid_client" || w.Header().Get("WWW-Authenticate") == "" {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	if n := len(f.memory.until); n != 0 {
		t.Errorf("%d entries were remembered for refused assertions", n)
	}
}

func TestAssertionIsAcceptedOnce(t *testing.T) {
	f := newFixture(t)
	assertion := f.assertion("jwt", claims{"jti": "one"})
	if w := f.pushWith(assertion); w.Code != http.StatusCreated {
		t.Fatalf("first use: %d %s", w.Code, w.Body)
	}
	again := f.post(pathToken, "jwt", with(exchangeForm("jwt", "x"), "client_assertion_type", assertionType, "client_assertion", assertion))
	if again.Code != http.StatusUnauthorized {
		t.Errorf("the same assertion at the token endpoint: %d %s", again.Code, again.Body)
	}
	f.clock.add(69 * time.Second) // 1 s before it dies at exp + 10 s
	if w := f.pushWith(assertion); w.Code != http.StatusUnauthorized {
		t.Errorf("forgotten while still valid: %d", w.Code)
	}
	if w := f.pushWith(f.assertion("jwt", claims{"jti": "one"})); w.Code != http.StatusUnauthorized {
		t.Errorf("same jti, new assertion: %d", w.Code)
	}
}

func TestStrangerCannotBurnJTI(t *testing.T) {
	f := newFixture(t)
	stranger, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	payload := f.assertionClaims("jwt", claims{"jti": "known to the stranger"})
	forged := sign(t, payload, jose.ES256, stranger, map[jose.HeaderKey]any{"kid": "k1"})
	if w := f.pushWith(forged); w.Code != http.StatusUnauthorized {
		t.Fatalf("forged: %d", w.Code)
	}
	if w := f.pushWith(f.assertion("jwt", payload)); w.Code != http.StatusCreated {
		t.Errorf("the client's own after the forged one: %d %s", w.Code, w.Body)
	}
}

func TestUncleanStartRefusesWhatMayHaveBeenUsed(t *testing.T) {
	start := time.Now()
	f := newFixtureAt(t, testIssuer, start)
	at := func(d time.Duration) int64 { return start.Add(d).Unix() }
	f.clock.add(30 * time.Second)
	for name, c := range map[string]struct {
		claims claims
		want   int
	}{
		"made before the start":           {claims{"iat": at(-5 * time.Second), "exp": at(300 * time.Second)}, 401},
		"made within the skew":            {claims{"iat": at(9 * time.Second), "exp": at(300 * time.Second)}, 401},
		"made after it":                   {claims{"iat": at(12 * time.Second), "exp": at(300 * time.Second)}, 201},
		"undated, could be from before":   {claims{"iat": nil, "exp": at(609 * time.Second)}, 401},
		"undated, could not be, any more": {claims{"iat": nil, "exp": at(612 * time.Second)}, 201},
	} {
		if w := f.pushWith(f.assertion("jwt", c.claims)); w.Code != c.want {
			t.Errorf("%s: %d, want %d: %s", name, w.Code, c.want, w.Body)
		}
	}
}

// A registration that slipped past Validate gives a weak key no force.
func TestWeakKeyAuthenticatesNobody(t *testing.T) {
	f := newFixture(t)
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	f.clients["jwt"].JWKS.Keys = []jose.JSONWebKey{{Key: weak.Public(), KeyID: "weak"}}
	header := map[jose.HeaderKey]any{"kid": "weak"}
	if w := f.pushWith(sign(t, f.assertionClaims("jwt", nil), jose.PS256, weak, header)); w.Code != http.StatusUnauthorized {
		t.Errorf("a 1024-bit key: %d %s", w.Code, w.Body)
	}
}
