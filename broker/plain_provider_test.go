package broker_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"accord/broker"
	"accord/cmd/accord-demo/headless"
	"accord/oidc/franceconnect"
)

// An OpenID provider that tells sub and when, and nothing else, by a key without
// kid, as in the conformance plan oidcc-client-basic, stands in FranceConnect's
// place: the citizen's way ends at the service provider; where userinfo is about
// another, on a page, from which the citizen may try again.
func TestAPlainProviderTakesTheCitizenThroughAndAWrongOneStopsOnAPage(t *testing.T) {
	p := newPlainProvider(t)
	c := ownCountry(t, p.takesOver(t))
	for _, about := range []string{"trial-subject", "another"} {
		p.about = about
		w := walk(t, c, account(t, c))
		do(t, w, "accept")
		if about == "another" {
			if w.Page.Stopped != nil || w.Page.Status != http.StatusBadGateway || !w.Page.Has("restart") {
				t.Errorf("userinfo about another: %v, %d %s", w.Page.Stopped, w.Page.Status, w.Page.Words())
			}
			continue
		}
		if w.Page.Stopped == nil {
			t.Fatalf("not at the service provider: %d at %s: %s", w.Page.Status, w.Page.URL, w.Page.Words())
		}
		tok, err := w.Request.Exchange(w.Page.Stopped)
		if err != nil || tok.Subject == "" || tok.Subject == about {
			t.Fatalf("%v: %q", err, tok.Subject)
		}
		if r := granted(t, c, tok); r.Subject.Auth.Evidence != "" || r.Subject.Auth.ACR != franceconnect.NoLevel {
			t.Errorf("a login without a level is said to be evidence: %+v", r.Subject.Auth)
		}
	}
	isTrue(t, c)
}

// A login without a level, remembered or of « Mes accords », is not passed off as
// one of the level that a service provider asks for: the citizen logs in.
func TestALoginWithoutALevelServesNoRequestThatNamesOne(t *testing.T) {
	p := newPlainProvider(t)
	p.about = "trial-subject"
	c := ownCountry(t, p.takesOver(t))
	w := walk(t, c, account(t, c))
	do(t, w, "accept")
	tok, err := w.Request.Exchange(w.Page.Stopped)
	if err != nil || granted(t, c, tok).Subject.Auth.ACR != franceconnect.NoLevel {
		t.Fatalf("%v: no login without a level", err)
	}
	back := headless.New().StopAt(account(t, c).RedirectURI)
	page, err := back.Get(c.Accord + "/mes-accords")
	if err == nil {
		page, err = back.Press(page, "submit", nil)
	}
	if err != nil || page.Status != http.StatusOK {
		t.Fatalf("« Mes accords »: %v", err)
	}
	for how, row := range map[string]struct {
		browser *headless.Browser
		without string // prompt=none, where no level is named
	}{"remembered": {w.Browser, ""}, "of « Mes accords »": {back, "consent_required"}} {
		t.Log(how)
		silently(t, row.browser, account(t, c), "login_required", "acr_values", "eidas1")
		_, page := arrived(t, row.browser, account(t, c), "acr_values", "eidas1")
		if page.Has("other") || !page.Has("accept") {
			t.Errorf("%s: the page serves it without a login: %s", how, page.Words())
		}
		page, err := row.browser.Press(page, "accept", nil)
		if err != nil || page.Stopped == nil || page.Stopped.Query().Get("error") != "unmet_authentication_requirements" || page.Stopped.Query().Has("code") {
			t.Errorf("%s: after a login without a level: %v, %v", how, err, page.Stopped)
		}
		silently(t, row.browser, account(t, c), row.without)
		if _, page := arrived(t, row.browser, account(t, c)); !page.Has("other") {
			t.Errorf("%s: the login is not known at all: the test proves nothing", how)
		}
	}
	isTrue(t, c)
}

// A plainProvider logs everybody in at once.
type plainProvider struct {
	server      *httptest.Server
	key         *ecdsa.PrivateKey
	back, about string
	nonce       string
}

// takesOver puts it in FranceConnect's place.
func (p *plainProvider) takesOver(t *testing.T) func(*broker.Config) {
	return func(b *broker.Config) {
		t.Helper()
		p.back = b.Issuer + "/callback"
		rp, err := franceconnect.New(franceconnect.Config{
			Issuer: p.server.URL + "/", ClientID: "accord-trial", ClientSecret: "trial", RedirectURI: p.back, ACR: "eidas1",
			SigningAlg: "ES256", PlainProvider: true, AllowPlainUserinfo: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		b.FranceConnect = rp
	}
}

func newPlainProvider(t *testing.T) *plainProvider {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p := &plainProvider{key: key}
	m := http.NewServeMux()
	p.server = httptest.NewServer(m)
	t.Cleanup(p.server.Close)
	says := func(path string, what func() any) {
		m.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			if err := json.NewEncoder(w).Encode(what()); err != nil {
				t.Error(err)
			}
		})
	}
	at := p.server.URL + "/"
	says("/.well-known/openid-configuration", func() any {
		return map[string]string{
			"issuer": at, "authorization_endpoint": at + "authorize", "token_endpoint": at + "token",
			"userinfo_endpoint": at + "userinfo", "jwks_uri": at + "jwks",
		}
	})
	says("/jwks", func() any { return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), Use: "sig"}}} })
	says("/token", func() any {
		return map[string]string{"access_token": "trial", "token_type": "Bearer", "id_token": p.idToken(t)}
	})
	says("/userinfo", func() any { return map[string]string{"sub": p.about} })
	m.HandleFunc("/authorize", func(w http.ResponseWriter, r *http.Request) {
		p.nonce = r.URL.Query().Get("nonce")
		http.Redirect(w, r, p.back+"?"+url.Values{"code": {"trial"}, "state": {r.URL.Query().Get("state")}}.Encode(), http.StatusFound)
	})
	return p
}

func (p *plainProvider) idToken(t *testing.T) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: p.key}, nil)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().Unix()
	claims, err := json.Marshal(map[string]any{"iss": p.server.URL + "/", "aud": "accord-trial", "sub": "trial-subject", "nonce": p.nonce, "iat": now, "exp": now + 300, "auth_time": now})
	if err != nil {
		t.Fatal(err)
	}
	jws, err := signer.Sign(claims)
	if err != nil {
		t.Fatal(err)
	}
	compact, err := jws.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return compact
}
