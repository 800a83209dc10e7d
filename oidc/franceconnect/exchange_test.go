package franceconnect_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"accord/oidc/franceconnect"
)

func TestExchangeGivesAVerifiedLogin(t *testing.T) {
	p := newProvider(t)
	before := time.Now()
	l, err := exchange(p.relyingParty(t))
	if err != nil {
		t.Fatal(err)
	}
	if l.Issuer != p.server.URL || l.Subject != "subject-1" || l.ACR != "eidas1" || l.KeyID != "kid-1" || l.AccessToken != tokenMark {
		t.Errorf("login %+v", l)
	}
	if l.AuthTime.Unix() != p.id["auth_time"] || l.At.Before(before.Add(-time.Second)) {
		t.Errorf("times %v %v", l.AuthTime, l.At)
	}
	if end := l.TokenExpires.Sub(before); end < 59*time.Second || end > 61*time.Second {
		t.Errorf("token ends after %v", end)
	}
	want := franceconnect.Identity{
		FamilyName: nameMark, GivenName: "Camille", GivenNames: []string{"Camille"}, Birthdate: "1980-02-29",
		Gender: "female", Birthplace: "2A004", Birthcountry: "99100",
	}
	if !sameIdentity(l.Identity, want) {
		t.Errorf("identity %+v, want %+v", l.Identity, want)
	}
}

func sameIdentity(a, b franceconnect.Identity) bool {
	names := slices.Equal(a.GivenNames, b.GivenNames)
	return names && a.FamilyName == b.FamilyName && a.GivenName == b.GivenName && a.PreferredUsername == b.PreferredUsername &&
		a.Birthdate == b.Birthdate && a.IDPBirthdate == b.IDPBirthdate && a.Gender == b.Gender &&
		a.Birthplace == b.Birthplace && a.Birthcountry == b.Birthcountry && a.Email == b.Email
}

func TestClientSecretIsPostedAndNothingElse(t *testing.T) {
	p := newProvider(t)
	if _, err := exchange(p.relyingParty(t)); err != nil {
		t.Fatal(err)
	}
	r := <-p.asked
	if r.Header.Get("Authorization") != "" {
		t.Error("client authenticated by header")
	}
	want := map[string]string{
		"grant_type": "authorization_code", "code": codeMark, "client_id": clientID, "client_secret": secretMark,
		"redirect_uri": "https://accord.example/callback",
	}
	if len(r.PostForm) != len(want) {
		t.Errorf("form %v", r.PostForm)
	}
	for name, value := range want {
		if r.PostForm.Get(name) != value {
			t.Errorf("%s is wrong", name)
		}
	}
}

// mutations of one member, each of which must be refused.
type mutation struct {
	name   string
	change func(*provider)
	want   franceconnect.Kind
}

func runMutations(t *testing.T, cases []mutation, config ...func(*franceconnect.Config)) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := newProvider(t)
			c.change(p)
			_, err := exchange(p.relyingParty(t, config...))
			refused(t, err, c.want)
		})
	}
}

func setID(name string, v any) func(*provider)   { return func(p *provider) { p.id[name] = v } }
func setInfo(name string, v any) func(*provider) { return func(p *provider) { p.info[name] = v } }
func unsetID(name string) func(*provider)        { return func(p *provider) { delete(p.id, name) } }
func unsetInfo(name string) func(*provider)      { return func(p *provider) { delete(p.info, name) } }

func ago(d time.Duration) int64 { return time.Now().Add(-d).Unix() }

func otherKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestFalsifiedIDTokenIsRefused(t *testing.T) {
	const bad = franceconnect.Invalid
	runMutations(t, []mutation{
		{"iss other", setID("iss", "https://other.example"), bad},
		{"iss absent", unsetID("iss"), bad},
		{"aud other", setID("aud", "other"), bad},
		{"aud two", setID("aud", []string{clientID, "other"}), bad},
		{"aud empty list", setID("aud", []string{}), bad},
		{"aud absent", unsetID("aud"), bad},
		{"aud number", setID("aud", 3), bad},
		{"sub absent", unsetID("sub"), bad},
		{"sub too long", setID("sub", strings.Repeat("s", 256)), bad},
		{"exp past", setID("exp", ago(11*time.Second)), bad},
		{"exp absent", unsetID("exp"), bad},
		{"exp text", setID("exp", "soon"), bad},
		{"exp huge", setID("exp", 1e300), bad},
		{"exp before iat", setID("exp", ago(5*time.Second)), bad},
		{"iat far future", func(p *provider) { p.id["iat"] = ago(-30 * time.Second); p.id["exp"] = ago(-90 * time.Second) }, bad},
		{"iat absent", unsetID("iat"), bad},
		{"nonce other", setID("nonce", strings.Repeat("0", 32)), bad},
		{"nonce absent", unsetID("nonce"), bad},
		{"acr absent", unsetID("acr"), bad},
		{"acr unknown", setID("acr", "eidas0"), bad},
		{"acr above eidas1", setID("acr", "eidas2"), bad},
		{"auth_time future", setID("auth_time", ago(-time.Hour)), bad},
		{"auth_time text", setID("auth_time", "now"), bad},
	})
}

func TestOnlyTheRegisteredAlgorithmAndKeysAreTrusted(t *testing.T) {
	const bad = franceconnect.Invalid
	other := otherKey(t)
	public, err := json.Marshal(jose.JSONWebKey{Key: testKey().Public(), KeyID: "kid-1"})
	if err != nil {
		t.Fatal(err)
	}
	runMutations(t, []mutation{
		{"alg none", func(p *provider) { p.sign = unsigned }, bad},
		{"alg HS256 with the public key", func(p *provider) {
			p.sign = signedBy(jose.HS256, jose.JSONWebKey{Key: public, KeyID: "kid-1"})
		}, bad},
		{"alg HS256 with the client secret", func(p *provider) {
			p.sign = signedBy(jose.HS256, jose.JSONWebKey{Key: []byte(secretMark), KeyID: "kid-1"})
		}, bad},
		{"unknown kid", func(p *provider) { p.sign = signer("kid-2", testKey()) }, bad},
		{"known kid, other key", func(p *provider) { p.sign = signer("kid-1", other) }, bad},
		{"no kid", func(p *provider) { p.sign = signer("", testKey()) }, bad},
		{"userinfo by another key", func(p *provider) { p.signInfo = signer("kid-1", other) }, bad},
		{"userinfo alg none", func(p *provider) { p.signInfo = unsigned }, bad},
		{"key published for encryption", func(p *provider) { p.keys.Keys[0].Use = "enc" }, bad},
		{"no key published", func(p *provider) { p.keys = jose.JSONWebKeySet{} }, bad},
		{"keys unreachable", func(p *provider) { p.answer["/jwks"] = status(500) }, franceconnect.Unavailable},
		{"payload replaced", func(p *provider) { p.sign = replaced(p.sign) }, bad},
	})
	t.Run("RS256 registered, ES256 received", func(t *testing.T) {
		p := newProvider(t)
		_, err := exchange(p.relyingParty(t, func(c *franceconnect.Config) { c.SigningAlg = "RS256" }))
		refused(t, err, bad)
	})
}

func unsigned(claims map[string]any) string {
	payload, _ := json.Marshal(claims)
	enc := base64.RawURLEncoding
	return enc.EncodeToString([]byte(`{"alg":"none","kid":"kid-1"}`)) + "." + enc.EncodeToString(payload) + "."
}

// replaced signs, then puts other claims under the signature.
func replaced(sign func(map[string]any) string) func(map[string]any) string {
	return func(claims map[string]any) string {
		parts := strings.Split(sign(map[string]any{"x": 1}), ".")
		payload, _ := json.Marshal(claims)
		return parts[0] + "." + base64.RawURLEncoding.EncodeToString(payload) + "." + parts[2]
	}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "<html>"+tokenMark, code) }
}

func TestUserinfoOfAnotherSubjectIsRefused(t *testing.T) {
	runMutations(t, []mutation{
		{"another", setInfo("sub", "subject-2"), franceconnect.Invalid},
		{"absent", unsetInfo("sub"), franceconnect.Invalid},
	})
	runMutations(t, []mutation{{"plain", func(p *provider) {
		p.info["sub"] = "subject-2"
		p.answer["/userinfo"] = func(w http.ResponseWriter, _ *http.Request) { p.json(w, p.info) }
	}, franceconnect.Invalid}}, allowPlain)
}

func allowPlain(c *franceconnect.Config) { c.AllowPlainUserinfo = true }

func TestFalsifiedUserinfoIsRefused(t *testing.T) {
	const bad = franceconnect.Invalid
	runMutations(t, []mutation{
		{"iss other", setInfo("iss", "https://other.example"), bad},
		{"iss absent", unsetInfo("iss"), bad},
		{"aud other", setInfo("aud", "other"), bad},
		{"exp past", setInfo("exp", ago(11*time.Second)), bad},
		{"exp absent", unsetInfo("exp"), bad},
		{"iat future", func(p *provider) { p.info["iat"] = ago(-30 * time.Second); p.info["exp"] = ago(-90 * time.Second) }, bad},
		{"iat absent", unsetInfo("iat"), bad},
		{"name not text", setInfo("family_name", 12), bad},
		{"birthdate malformed", setInfo("birthdate", "29/02/1980"), bad},
		{"birthdate does not exist", setInfo("birthdate", "1981-02-29"), bad},
		{"birthplace malformed", setInfo("birthplace", "AJACCIO"), bad},
		{"birthcountry malformed", setInfo("birthcountry", "FR"), bad},
		{"gender unknown", setInfo("gender", "F"), bad},
	})
}

func TestUnsignedUserinfoNeedsExplicitPermission(t *testing.T) {
	plain := func(p *provider) {
		p.answer["/userinfo"] = func(w http.ResponseWriter, _ *http.Request) { p.json(w, p.info) }
	}
	runMutations(t, []mutation{{"refused", plain, franceconnect.Invalid}})
	p := newProvider(t)
	plain(p)
	l, err := exchange(p.relyingParty(t, allowPlain))
	if err != nil || l.Identity.FamilyName != nameMark {
		t.Errorf("with permission: %v", err)
	}
}

func TestBrokenAnswersAreTold(t *testing.T) {
	const bad, away, no = franceconnect.Invalid, franceconnect.Unavailable, franceconnect.Refused
	body := func(contentType, body string, code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			w.WriteHeader(code)
			_, _ = w.Write([]byte(body))
		}
	}
	at := func(path string, h http.HandlerFunc) func(*provider) {
		return func(p *provider) { p.answer[path] = h }
	}
	runMutations(t, []mutation{
		{"token without ID token", func(p *provider) { p.token["id_token"] = nil }, bad},
		{"token without access token", func(p *provider) { p.token["access_token"] = nil }, bad},
		{"token with a line break", func(p *provider) { p.token["access_token"] = "a\r\nX: b" }, bad},
		{"token not Bearer", func(p *provider) { p.token["token_type"] = "mac" }, bad},
		{"token HTML", at("/token", body("text/html", "<html>", 200)), bad},
		{"token not JSON", at("/token", body("application/json", "{", 200)), bad},
		{"token 502", at("/token", status(502)), away},
		{"token 500", at("/token", status(500)), away},
		{"token 429", at("/token", status(429)), away},
		{"token 404", at("/token", status(404)), no},
		{"token redirect", at("/token", http.RedirectHandler("/userinfo", http.StatusFound).ServeHTTP), bad},
		{"token huge", at("/token", body("application/json", strings.Repeat(" ", 1<<20+1), 200)), bad},
		{"code unknown", at("/token", body("application/json", `{"error":"invalid_grant","error_description":"`+codeMark+`"}`, 400)), no},
		{"code cancelled", at("/token", body("application/json", `{"error":"access_denied"}`, 400)), no},
		{"token busy", at("/token", body("application/json", `{"error":"temporarily_unavailable"}`, 400)), away},
		{"error code holds a value", at("/token", body("application/json", `{"error":"`+tokenMark+`"}`, 400)), no},
		{"userinfo 401", at("/userinfo", body("application/json", `{"error":"invalid_token"}`, 401)), no},
		{"userinfo 503", at("/userinfo", status(503)), away},
		{"userinfo huge", at("/userinfo", body("application/jwt", strings.Repeat("a", 1<<20+1), 200)), bad},
		{"userinfo no type", at("/userinfo", body("", "x", 200)), bad},
		{"userinfo redirect", at("/userinfo", http.RedirectHandler("/token", http.StatusTemporaryRedirect).ServeHTTP), bad},
		{"connection cut", at("/token", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), away},
	})
}

func TestSlowFranceConnectIsUnavailable(t *testing.T) {
	p := newProvider(t)
	release := make(chan struct{})
	defer close(release)
	p.answer["/token"] = func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}
	_, err := exchange(p.relyingParty(t, func(c *franceconnect.Config) { c.HTTP = &http.Client{Timeout: 50 * time.Millisecond} }))
	refused(t, err, franceconnect.Unavailable)
}

func TestClosedBrowserEndsTheExchange(t *testing.T) {
	p := newProvider(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := p.relyingParty(t).Exchange(ctx, codeMark, nonceMark, "")
	refused(t, err, franceconnect.Unavailable)
	if !errors.Is(err, context.Canceled) {
		t.Error("the cause is lost")
	}
}

func TestToleratedVariationsAreAccepted(t *testing.T) {
	second := otherKey(t)
	cases := map[string]func(*provider){
		"clock 5 s ahead":       func(p *provider) { p.id["iat"], p.id["exp"] = ago(-5*time.Second), ago(-65*time.Second) },
		"clock 5 s behind":      func(p *provider) { p.id["iat"], p.id["exp"] = ago(65*time.Second), ago(5*time.Second) },
		"aud in a list":         setID("aud", []string{clientID}),
		"unknown claims":        func(p *provider) { p.id["x"] = 1; p.info["phone_number"] = "0" },
		"fractional times":      setID("iat", float64(ago(0))+0.5),
		"no auth_time":          unsetID("auth_time"),
		"amr":                   setID("amr", []string{"pwd"}),
		"no given_name_array":   unsetInfo("given_name_array"),
		"usage name null":       setInfo("preferred_username", nil),
		"birthplace absent":     unsetInfo("birthplace"),
		"birthplace null":       setInfo("birthplace", nil),
		"birthplace empty":      setInfo("birthplace", ""),
		"token_type lower case": func(p *provider) { p.token["token_type"] = "bearer" },
		"no expires_in":         func(p *provider) { p.token["expires_in"] = nil },
		"extra keys": func(p *provider) {
			p.answer["/jwks"] = func(w http.ResponseWriter, _ *http.Request) {
				ours, _ := p.keys.Keys[0].MarshalJSON()
				p.json(w, map[string]any{"keys": []any{map[string]any{"kty": "AKP", "alg": "ML-DSA-65"}, json.RawMessage(ours), "odd"}})
			}
		},
		"new key for userinfo": func(p *provider) {
			p.keys.Keys = append(p.keys.Keys, jose.JSONWebKey{Key: second.Public(), KeyID: "kid-2", Algorithm: "ES256"})
			p.signInfo = signer("kid-2", second)
		},
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t)
			change(p)
			if _, err := exchange(p.relyingParty(t)); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestLoginBelowTheAskedLevelIsRefused(t *testing.T) {
	cases := []struct {
		asked, got string
		want       franceconnect.Kind
	}{
		{"eidas2", "eidas1", franceconnect.LevelTooLow},
		{"eidas3", "eidas2", franceconnect.LevelTooLow},
		{"eidas2", "eidas2", ""},
		{"eidas2", "eidas3", ""},
		{"eidas1", "eidas2", franceconnect.Invalid},
	}
	for _, c := range cases {
		p := newProvider(t)
		p.id["acr"] = c.got
		_, err := exchange(p.relyingParty(t, func(f *franceconnect.Config) { f.ACR = c.asked }))
		if c.want == "" && err != nil {
			t.Errorf("%s for %s: %v", c.got, c.asked, err)
		}
		if c.want != "" {
			refused(t, err, c.want)
		}
	}
}
