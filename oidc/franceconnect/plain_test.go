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

// What a plain provider may leave out may still not be wrong.
func TestWhatAPlainProviderLeavesOutMayNotBeWrong(t *testing.T) {
	plain := func(c *franceconnect.Config) { c.PlainProvider, c.AllowPlainUserinfo = true, true }
	for name, c := range map[string]struct {
		change func(p *provider)
		taken  bool
	}{
		"FranceConnect's own answers": {func(*provider) {}, true},
		"no acr":                      {func(p *provider) { delete(p.id, "acr") }, true},
		"no auth_time":                {func(p *provider) { delete(p.id, "auth_time") }, false},
		"a wrong acr":                 {func(p *provider) { p.id["acr"] = "eidas0" }, false},
		"no aud":                      {func(p *provider) { delete(p.id, "aud") }, false},
		"another at_hash":             {func(p *provider) { p.id["at_hash"] = "AAAA" }, false},
		"no kid beside one key":       {func(p *provider) { p.sign = signedBy(jose.ES256, testKey()) }, true},
		"another kid":                 {func(p *provider) { p.sign = signer("kid-9", testKey()) }, false},
		"another issuer in discovery": {func(p *provider) { p.discovery["issuer"] = "https://evil.example" }, false},
		"no keys":                     {func(p *provider) { p.keys = jose.JSONWebKeySet{} }, false},
	} {
		p := newProvider(t)
		c.change(p)
		if _, err := exchange(p.relyingParty(t, plain)); (err == nil) != c.taken {
			t.Errorf("%s: %v", name, err)
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

// spoiled has another signature.
func spoiled(jws string) string {
	at := strings.LastIndex(jws, ".") + 10
	other := "A"
	if jws[at] == 'A' {
		other = "B"
	}
	return jws[:at] + other + jws[at+1:]
}
