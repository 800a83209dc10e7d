package franceconnect_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"

	"accord/oidc/franceconnect"
)

// plainParty is a relying party of a plain OpenID provider.
func plainParty(t *testing.T, issuer, alg string) *franceconnect.RelyingParty {
	t.Helper()
	rp, err := franceconnect.New(franceconnect.Config{
		Issuer: issuer, ClientID: "accord-trial", ClientSecret: secretMark, RedirectURI: "http://127.0.0.1:1/callback", ACR: "eidas1",
		SigningAlg: alg, PlainProvider: true, AllowPlainUserinfo: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	return rp
}

// A provider we did not write, in FranceConnect's place by configuration alone:
// RS256, userinfo in JSON, no iss in its callback, no acr.
func TestAnotherOpenIDProviderServesByConfiguration(t *testing.T) {
	server := httptest.NewUnstartedServer(nil)
	issuer := "http://" + server.Listener.Addr().String()
	storage.RegisterClients(storage.WebClient("accord-trial", secretMark, "http://127.0.0.1:1/callback"))
	before := slog.Default()
	defer slog.SetDefault(before)
	server.Config.Handler = exampleop.SetupServer(issuer, storage.NewStorage(storage.NewUserStore(issuer)), slog.New(slog.DiscardHandler), false)
	server.Start()
	defer server.Close()
	rp := plainParty(t, issuer, "RS256")
	at, err := rp.AuthorizationURL(t.Context(), franceconnect.AuthorizationRequest{State: stateMark, Nonce: nonceMark, Scopes: []string{"openid", "profile"}, Fresh: true})
	if err != nil {
		t.Fatal(err)
	}
	code, err := rp.Callback(logIn(t, at), stateMark)
	if err != nil {
		t.Fatal(err)
	}
	l, err := rp.Exchange(t.Context(), code, nonceMark, "")
	if err != nil || l.Subject != "id1" || l.Issuer != issuer || l.AuthTime.IsZero() {
		t.Fatalf("%v: %+v", err, l)
	}
	if _, err := rp.Exchange(t.Context(), code, nonceMark, ""); err == nil {
		t.Error("the code was taken twice")
	}
	strict, err := franceconnect.New(franceconnect.Config{
		Issuer: issuer, ClientID: "accord-trial", ClientSecret: secretMark, RedirectURI: "http://127.0.0.1:1/callback", ACR: "eidas1", SigningAlg: "RS256",
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := strict.Callback(logIn(t, at), stateMark); err == nil {
		t.Error("without the switch its callback is taken for FranceConnect's")
	}
}

// logIn plays the browser through the provider's own page, up to the callback.
func logIn(t *testing.T, at string) url.Values {
	t.Helper()
	jar, _ := cookiejar.New(nil)
	var back *url.URL
	browser := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == "/callback" && r.URL.Port() == "1" {
			back = r.URL
			return http.ErrUseLastResponse
		}
		return nil
	}}
	page, err := browser.Get(at)
	if err != nil {
		t.Fatal(err)
	}
	words, _ := io.ReadAll(page.Body)
	_ = page.Body.Close()
	done, err := browser.PostForm(page.Request.URL.String(), url.Values{"id": {page.Request.URL.Query().Get("authRequestID")}, "username": {"test-user@127.0.0.1"}, "password": {"verysecure"}})
	if err != nil {
		t.Fatal(err)
	}
	_ = done.Body.Close()
	if back == nil {
		t.Fatalf("not back: %d %s %.300s", done.StatusCode, done.Request.URL, words)
	}
	return back.Query()
}

// What a plain provider may leave out may still not be wrong: the modules of the
// plan oidcc-client-basic, by name.
func TestAPlainProviderIsHeldToOpenIDConnectBasic(t *testing.T) {
	plain := func(c *franceconnect.Config) { c.PlainProvider, c.AllowPlainUserinfo = true, true }
	json := func(p *provider) {
		p.answer["/userinfo"] = func(w http.ResponseWriter, _ *http.Request) { p.json(w, p.info) }
	}
	for module, c := range map[string]struct {
		change func(p *provider)
		taken  bool
	}{
		"oidcc-client-test":                        {func(*provider) {}, true},
		"oidcc-client-test-userinfo-bearer-header": {json, true},
		"oidcc-client-test-client-secret-basic":    {json, true},
		"oidcc-client-test-scope-userinfo-claims":  {func(p *provider) { json(p); p.info["email"] = "camille@valbrume.example" }, true},
		"oidcc-client-test without acr":            {func(p *provider) { delete(p.id, "acr") }, true},
		"oidcc-client-test-kid-absent-single-jwks": {func(p *provider) { p.sign = signedBy(jose.ES256, testKey()) }, true},
		"oidcc-client-test-kid-absent-multiple-jwks": {func(p *provider) {
			p.sign = signedBy(jose.ES256, testKey())
			p.keys.Keys = append(p.keys.Keys, second(p))
		}, false},
		"oidcc-client-test-nonce-invalid":                {func(p *provider) { p.id["nonce"] = nonceMark + "x" }, false},
		"oidcc-client-test-invalid-iss":                  {func(p *provider) { p.id["iss"] = "https://evil.example" }, false},
		"oidcc-client-test-invalid-aud":                  {func(p *provider) { p.id["aud"] = "another" }, false},
		"oidcc-client-test-missing-aud":                  {func(p *provider) { delete(p.id, "aud") }, false},
		"oidcc-client-test-missing-iat":                  {func(p *provider) { delete(p.id, "iat") }, false},
		"oidcc-client-test-missing-sub":                  {func(p *provider) { delete(p.id, "sub") }, false},
		"oidcc-client-test-idtoken-sig-none":             {func(p *provider) { p.sign = func(map[string]any) string { return "eyJhbGciOiJub25lIn0.e30." } }, false},
		"oidcc-client-test-invalid-sig":                  {func(p *provider) { s := p.sign; p.sign = func(c map[string]any) string { return spoiled(s(c)) } }, false},
		"oidcc-client-test-userinfo-invalid-sub":         {func(p *provider) { json(p); p.info["sub"] = "another" }, false},
		"oidcc-client-test with a wrong acr":             {func(p *provider) { p.id["acr"] = "eidas0" }, false},
		"oidcc-client-test with another kid":             {func(p *provider) { p.sign = signer("kid-9", testKey()) }, false},
		"oidcc-client-test-discovery-issuer-mismatch":    {func(p *provider) { p.discovery["issuer"] = "https://evil.example" }, false},
		"oidcc-client-test-discovery-jwks-uri-keys-none": {func(p *provider) { p.keys = jose.JSONWebKeySet{} }, false},
	} {
		p := newProvider(t)
		c.change(p)
		if _, err := exchange(p.relyingParty(t, plain)); (err == nil) != c.taken {
			t.Errorf("%s: %v", module, err)
		}
		if module == "oidcc-client-test-client-secret-basic" {
			r := <-p.asked
			if id, secret, ok := r.BasicAuth(); !ok || id != clientID || secret != secretMark || r.PostForm.Has("client_secret") {
				t.Errorf("%s: %v %v", module, ok, r.PostForm)
			}
		}
	}
	rp := newProvider(t).relyingParty(t, plain)
	if code, err := rp.Callback(url.Values{"state": {stateMark}, "code": {codeMark}}, stateMark); err != nil || code != codeMark {
		t.Errorf("a callback without iss: %v", err)
	}
	if _, err := rp.Callback(url.Values{"state": {stateMark}, "code": {codeMark}, "iss": {"https://evil.example"}}, stateMark); err == nil {
		t.Error("a callback of another issuer was taken")
	}
}

func second(p *provider) jose.JSONWebKey {
	k := p.keys.Keys[0]
	k.KeyID = "kid-2"
	return k
}

// spoiled has another signature.
func spoiled(jws string) string {
	at := strings.LastIndex(jws, ".") + 10
	other := "A"
	if jws[at] == 'A' {
		other = "B"
	}
	return jws[:at] + other + jws[at+1:]
}
