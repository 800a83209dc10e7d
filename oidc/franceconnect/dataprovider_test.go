package franceconnect_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"accord/oidc/franceconnect"
	"accord/oidc/franceconnect/fcsim"
)

const (
	dataProviderID     = "accord-data-provider-0000000000000000"
	dataProviderSecret = "data-provider-secret-of-the-tests-000"
	townClient         = "town-client-of-the-tests"
)

func encryptionKey(t *testing.T, alg, kid string) jose.JSONWebKey {
	t.Helper()
	var key any
	var err error
	if alg == "ECDH-ES" {
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	} else {
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		t.Fatal(err)
	}
	return jose.JSONWebKey{Key: key, KeyID: kid, Algorithm: alg, Use: "enc"}
}

func newDataProvider(t *testing.T, issuer string, now func() time.Time, keys ...jose.JSONWebKey) *franceconnect.DataProvider {
	t.Helper()
	dp, err := franceconnect.NewDataProvider(franceconnect.DataProviderConfig{
		Issuer: issuer, ClientID: dataProviderID, ClientSecret: dataProviderSecret, ACR: "eidas1",
		SigningAlg: "ES256", DecryptionKeys: keys, Now: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return dp
}

// encryptFor is FranceConnect's JWE: alg and enc in its header, nothing else.
func encryptFor(key jose.JSONWebKey, jws string) string {
	e, err := jose.NewEncrypter(jose.A256GCM, jose.Recipient{Algorithm: jose.KeyAlgorithm(key.Algorithm), Key: key.Public().Key}, nil)
	if err != nil {
		panic(err)
	}
	jwe, err := e.Encrypt([]byte(jws))
	if err != nil {
		panic(err)
	}
	compact, _ := jwe.CompactSerialize()
	return compact
}

// A checktoken is the stand-in for FranceConnect with an answer a test may
// falsify.
type checktoken struct {
	*provider
	key           jose.JSONWebKey
	claims, token map[string]any // around and inside token_introspection
	seal          func(jws string) string
}

func newChecktoken(t *testing.T) *checktoken {
	c := &checktoken{provider: newProvider(t), key: encryptionKey(t, "ECDH-ES", "enc-1")}
	now := time.Now().Unix()
	c.claims = map[string]any{"iss": c.server.URL, "aud": dataProviderID, "iat": now}
	c.token = map[string]any{
		"active": true, "aud": townClient, "sub": "subject-1", "iat": now, "exp": now + 60, "acr": "eidas1", "jti": tokenMark, "scope": "dgfip_rfr",
		"family_name": nameMark, "given_name": "Camille", "given_name_array": []string{"Camille"},
		"birthdate": "1980-02-29", "gender": "female", "birthplace": "2A004", "birthcountry": "99100",
	}
	c.seal = func(jws string) string { return encryptFor(c.key, jws) }
	c.answer["/checktoken"] = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/token-introspection+jwt")
		_, _ = w.Write([]byte(c.sealed()))
	}
	return c
}

func (c *checktoken) sealed() string {
	c.claims["token_introspection"] = c.token
	return c.seal(c.sign(c.claims))
}

func TestChecktokenTellsWhoseTokenItIs(t *testing.T) {
	for _, alg := range []string{"ECDH-ES", "RSA-OAEP", "RSA-OAEP-256"} {
		old, key := encryptionKey(t, alg, "enc-0"), encryptionKey(t, alg, "enc-1")
		var dp *franceconnect.DataProvider
		keys := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_ = json.NewEncoder(w).Encode(dp.JWKS())
		}))
		t.Cleanup(keys.Close)
		c := start(t, "ES256", func(o *fcsim.Options) {
			o.DataProviders = []fcsim.DataProvider{{
				ClientID: dataProviderID, ClientSecret: dataProviderSecret, JWKSURI: keys.URL, Scopes: []string{"dgfip_rfr"}, EncryptionAlg: alg,
			}}
		})
		dp = newDataProvider(t, c.config.Issuer, c.clock.now, key, old)
		token, err := c.sim.Elsewhere(townClient, "lise", "dgfip_rfr", "dgfip_nbpart")
		if err != nil {
			t.Fatal(err)
		}
		i, err := dp.Introspect(t.Context(), token)
		if err != nil {
			t.Fatal(alg, err)
		}
		if !i.Active || i.ServiceProvider != townClient || !slices.Equal(i.Scopes, []string{"dgfip_rfr"}) || i.ACR != "eidas1" ||
			i.Identity.FamilyName != "QUENOUILLE" || i.Identity.GivenName != "Lise Anne Zoé" || !i.HasIdentity() {
			t.Errorf("%s: %+v", alg, i)
		}
		c.clock.pass(fcsim.TokenLife)
		if i, err := dp.Introspect(t.Context(), token); err != nil || i.Active {
			t.Errorf("%s: an expired token: %+v, %v", alg, i, err)
		}
		for _, unknown := range []string{"unknown", strings.Repeat("a", 43)} {
			if i, err := dp.Introspect(t.Context(), unknown); err != nil || i.Active {
				t.Errorf("%s: token %q: %+v, %v", alg, unknown, i, err)
			}
		}
		if i, err := dp.Introspect(t.Context(), "a b"); err != nil || !i.Malformed {
			t.Errorf("%s: no token: %+v, %v", alg, i, err)
		}
	}
}

// Freshness, audience, issuer, level, binding to the very token: one lie each.
func TestOnlyFranceConnectsFreshAnswerToUsIsBelieved(t *testing.T) {
	c := newChecktoken(t)
	dp := newDataProvider(t, c.server.URL, nil, c.key)
	if i, err := dp.Introspect(t.Context(), tokenMark); err != nil || !i.Active {
		t.Fatalf("the truth: %+v, %v", i, err)
	}
	now := time.Now()
	for _, tc := range []struct {
		name   string
		claims map[string]any // nil: claims of the answer
		in     map[string]any
	}{
		{"another issuer", map[string]any{"iss": "https://other.example"}, nil},
		{"no issuer", map[string]any{"iss": nil}, nil},
		{"another audience", map[string]any{"aud": "other"}, nil},
		{"our relying party's audience", map[string]any{"aud": clientID}, nil},
		{"two audiences", map[string]any{"aud": []string{dataProviderID, "other"}}, nil},
		{"no iat", map[string]any{"iat": nil}, nil},
		{"an old answer", map[string]any{"iat": now.Add(-31 * time.Second).Unix()}, nil},
		{"from the future", map[string]any{"iat": now.Add(20 * time.Second).Unix()}, nil},
		{"another token's", nil, map[string]any{"jti": strings.Repeat("b", 40)}},
		{"no token's", nil, map[string]any{"jti": nil}},
		{"a higher level", nil, map[string]any{"acr": "eidas2"}},
		{"no level", nil, map[string]any{"acr": nil}},
		{"no service provider", nil, map[string]any{"aud": nil}},
		{"a list of service providers", nil, map[string]any{"aud": []string{townClient}}},
		{"no subject", nil, map[string]any{"sub": nil}},
		{"no end", nil, map[string]any{"exp": nil}},
		{"no active", nil, map[string]any{"active": nil}},
		{"active as a word", nil, map[string]any{"active": "true"}},
		{"malformed birthdate", nil, map[string]any{"birthdate": "29/02/1980"}},
	} {
		c := newChecktoken(t)
		dp := newDataProvider(t, c.server.URL, nil, c.key)
		lay(c.claims, tc.claims)
		lay(c.token, tc.in)
		i, err := dp.Introspect(t.Context(), tokenMark)
		if i.Active {
			t.Errorf("%s is believed", tc.name)
			continue
		}
		t.Run(tc.name, func(t *testing.T) { refused(t, err, franceconnect.Invalid) })
	}
}

func TestATokenThatEndedOnItsWayIsNotActive(t *testing.T) {
	c := newChecktoken(t)
	c.token["exp"] = time.Now().Add(-time.Second).Unix()
	if i, err := newDataProvider(t, c.server.URL, nil, c.key).Introspect(t.Context(), tokenMark); err != nil || i.Active {
		t.Errorf("%+v, %v", i, err)
	}
}

func TestAnAnswerOfOtherKeysOrAlgorithmsIsRefused(t *testing.T) {
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, lie := range map[string]func(*checktoken){
		"not encrypted":        func(c *checktoken) { c.seal = func(jws string) string { return jws } },
		"for another key":      func(c *checktoken) { c.key = encryptionKey(t, "ECDH-ES", "enc-1") },
		"by another algorithm": func(c *checktoken) { c.key = encryptionKey(t, "RSA-OAEP-256", "enc-1") },
		"signed by a stranger": func(c *checktoken) { c.sign = signer("kid-1", stranger) },
		"by an unknown key":    func(c *checktoken) { c.sign = signer("kid-2", stranger) },
		"by a shared secret": func(c *checktoken) {
			c.sign = signedBy(jose.HS256, jose.JSONWebKey{Key: []byte(strings.Repeat(dataProviderSecret, 2)), KeyID: "kid-1"})
		},
		"not signed": func(c *checktoken) {
			c.sign = func(claims map[string]any) string {
				payload, _ := json.Marshal(claims)
				return "eyJhbGciOiJub25lIn0." + base64.RawURLEncoding.EncodeToString(payload) + "."
			}
		},
		"in the clear": func(c *checktoken) {
			c.seal = func(string) string { b, _ := json.Marshal(c.claims); return string(b) }
		},
		"twice encrypted": func(c *checktoken) {
			seal := c.seal
			c.seal = func(jws string) string { return seal(seal(jws)) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newChecktoken(t)
			dp := newDataProvider(t, c.server.URL, nil, c.key)
			lie(c)
			_, err := dp.Introspect(t.Context(), tokenMark)
			refused(t, err, franceconnect.Invalid)
		})
	}
}

// One character changed anywhere in the JWE, or in the JWS inside, and nothing
// is believed.
func TestEveryByteOfAnIntrospectionIsProtected(t *testing.T) {
	c := newChecktoken(t)
	dp := newDataProvider(t, c.server.URL, nil, c.key)
	seal, whole := c.seal, c.sealed()
	jws := c.sign(c.claims)
	for at := 0; at < len(whole); at += 7 {
		c.seal = func(string) string { return flip(whole, at) }
		if i, err := dp.Introspect(t.Context(), tokenMark); err == nil && i.Identity.FamilyName != nameMark {
			t.Errorf("JWE changed at %d: %+v", at, i)
		}
	}
	for at := 0; at < len(jws); at += 7 {
		c.seal = func(string) string { return seal(flip(jws, at)) }
		if i, err := dp.Introspect(t.Context(), tokenMark); err == nil && i.Identity.FamilyName != nameMark {
			t.Errorf("JWS changed at %d: %+v", at, i)
		}
	}
}

func TestChecktokensOwnRefusalsAreToldApart(t *testing.T) {
	for _, tc := range []struct {
		name      string
		answer    http.HandlerFunc
		malformed bool
		kind      franceconnect.Kind
	}{
		{"400", failing(http.StatusBadRequest, "invalid_request"), true, ""},
		{"401", failing(http.StatusUnauthorized, "invalid_client"), false, franceconnect.Refused},
		{"403", failing(http.StatusForbidden, "access_denied"), false, franceconnect.Refused},
		{"500", failing(http.StatusInternalServerError, "server_error"), false, franceconnect.Unavailable},
		{"408", failing(http.StatusRequestTimeout, "temporarily_unavailable"), false, franceconnect.Unavailable},
		{"a page", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }, false, franceconnect.Invalid},
		{"a redirect", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) }, false, franceconnect.Invalid},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := newChecktoken(t)
			c.answer["/checktoken"] = tc.answer
			i, err := newDataProvider(t, c.server.URL, nil, c.key).Introspect(t.Context(), tokenMark)
			if i.Malformed != tc.malformed || i.Active {
				t.Errorf("%+v", i)
			}
			if tc.kind != "" {
				refused(t, err, tc.kind)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

func failing(status int, code string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]string{"error": code, "error_description": tokenMark})
	}
}

func TestChecktokenIsSentThreeParametersAndNoMore(t *testing.T) {
	c := newChecktoken(t)
	answer, got := c.answer["/checktoken"], url.Values{}
	c.answer["/checktoken"] = func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		got = r.Form
		answer(w, r)
	}
	if _, err := newDataProvider(t, c.server.URL, nil, c.key).Introspect(context.Background(), tokenMark); err != nil {
		t.Fatal(err)
	}
	want := url.Values{"client_id": {dataProviderID}, "client_secret": {dataProviderSecret}, "token": {tokenMark}}
	if got.Encode() != want.Encode() {
		t.Errorf("sent %d parameters", len(got))
	}
}

func TestADataProvidersConfigurationIsWhole(t *testing.T) {
	whole := franceconnect.DataProviderConfig{
		Issuer: "https://fc.example/api/v2", ClientID: dataProviderID, ClientSecret: dataProviderSecret, ACR: "eidas1", SigningAlg: "ES256",
		DecryptionKeys: []jose.JSONWebKey{encryptionKey(t, "ECDH-ES", "enc-1")},
	}
	for name, spoil := range map[string]func(*franceconnect.DataProviderConfig){
		"issuer": func(c *franceconnect.DataProviderConfig) { c.Issuer = "http://fc.example" },
		"id":     func(c *franceconnect.DataProviderConfig) { c.ClientID = "" },
		"secret": func(c *franceconnect.DataProviderConfig) { c.ClientSecret = "" },
		"acr":    func(c *franceconnect.DataProviderConfig) { c.ACR = "" },
		"alg":    func(c *franceconnect.DataProviderConfig) { c.SigningAlg = "none" },
		"keys":   func(c *franceconnect.DataProviderConfig) { c.DecryptionKeys = nil },
		"public": func(c *franceconnect.DataProviderConfig) {
			c.DecryptionKeys = []jose.JSONWebKey{c.DecryptionKeys[0].Public()}
		},
	} {
		c := whole
		spoil(&c)
		if _, err := franceconnect.NewDataProvider(c); err == nil || strings.Contains(err.Error(), dataProviderSecret) {
			t.Errorf("%s: %v", name, err)
		}
	}
	dp, err := franceconnect.NewDataProvider(whole)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range dp.JWKS().Keys {
		if !k.IsPublic() || k.Use != "enc" || k.Algorithm != "ECDH-ES" || k.KeyID != "enc-1" {
			t.Errorf("published: %+v", k)
		}
	}
}
