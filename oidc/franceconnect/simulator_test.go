package franceconnect_test

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"accord/oidc/franceconnect"
	"accord/oidc/franceconnect/fcsim"
)

// A country is the relying party against the faithful simulator.
type country struct {
	config  franceconnect.Config
	rp      *franceconnect.RelyingParty
	sim     *fcsim.Simulator
	browser *http.Client
	clock   *clock
}

func personas() []fcsim.Persona {
	return []fcsim.Persona{
		{ID: "lise", Featured: true, Story: fcsim.Text{FR: "Une histoire.", EN: "A story."}, Identity: fcsim.Identity{
			FamilyName: "QUENOUILLE", GivenNames: []string{"Lise Anne", "Zoé"}, PreferredUsername: "TILLEUL",
			Birthdate: "1984-05-17", Gender: "female", Birthplace: "2A004", Birthcountry: "99100", Email: "lise@courriel.example",
		}},
		{ID: "abroad", Story: fcsim.Text{FR: "Née ailleurs."}, Identity: fcsim.Identity{
			FamilyName: "D'ŒUVRE", GivenNames: []string{"Aya"}, Birthdate: "1962", Gender: "unspecified",
			Birthcountry: "99326", Email: "aya@courriel.example",
		}},
	}
}

func start(t *testing.T, alg string, change ...func(*fcsim.Options)) country {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	issuer := "http://" + server.Listener.Addr().String() + "/api/v2"
	c := newClock()
	const redirect, after = "http://127.0.0.1:1/callback", "http://127.0.0.1:1/bye"
	options := fcsim.Options{
		Issuer: issuer, ClientID: clientID, ClientSecret: secretMark, RedirectURIs: []string{redirect}, PostLogoutRedirectURIs: []string{after},
		ProviderScopes: []string{"dgfip_rfr"}, Personas: personas(), SigningAlg: alg, Now: c.now,
	}
	for _, f := range change {
		f(&options)
	}
	sim := fcsim.New(options)
	server.Config.Handler = sim
	server.Start()
	t.Cleanup(server.Close)
	return country{config: franceconnect.Config{
		Issuer: issuer, ClientID: clientID, ClientSecret: secretMark, RedirectURI: redirect, PostLogoutRedirectURI: after,
		ACR: "eidas1", SigningAlg: alg, Now: c.now,
	}, sim: sim, browser: browser(t), clock: c}.fresh(t)
}

// fresh is the same country with a relying party that has read nothing yet.
func (c country) fresh(t *testing.T, change ...func(*franceconnect.Config)) country {
	t.Helper()
	for _, f := range change {
		f(&c.config)
	}
	rp, err := franceconnect.New(c.config)
	if err != nil {
		t.Fatal(err)
	}
	c.rp = rp
	return c
}

// browser keeps cookies and stops at the client's own address.
func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if r.URL.Host == "127.0.0.1:1" {
			return http.ErrUseLastResponse
		}
		return nil
	}}
}

// walk plays a login without reading the pages, and gives the callback's query.
func (c country) walk(t *testing.T, persona string, scopes ...string) url.Values {
	t.Helper()
	start, err := c.rp.AuthorizationURL(context.Background(), franceconnect.AuthorizationRequest{State: stateMark, Nonce: nonceMark, Scopes: append([]string{"openid"}, scopes...)})
	if err != nil {
		t.Fatal(err)
	}
	picker := get(t, c.browser, start)
	consent := post(t, c.browser, picker.Request.URL.String(), url.Values{"persona": {persona}})
	back := post(t, c.browser, strings.TrimSuffix(consent.Request.URL.String(), "/consent")+"/login", nil)
	return location(t, back)
}

func get(t *testing.T, c *http.Client, at string) *http.Response {
	t.Helper()
	r, err := c.Get(at)
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Body.Close()
	return r
}

func post(t *testing.T, c *http.Client, at string, form url.Values) *http.Response {
	t.Helper()
	r, err := c.PostForm(at, form)
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Body.Close()
	return r
}

func location(t *testing.T, r *http.Response) url.Values {
	t.Helper()
	u, err := r.Location()
	if err != nil {
		t.Fatalf("HTTP %d at %s: %v", r.StatusCode, r.Request.URL.Path, err)
	}
	return u.Query()
}

func TestCitizenLogsInThroughTheSimulator(t *testing.T) {
	for _, alg := range []string{"ES256", "RS256"} {
		t.Run(alg, func(t *testing.T) {
			c := start(t, alg)
			code, err := c.rp.Callback(c.walk(t, "lise", "identite_pivot", "idp_birthdate", "preferred_username", "email", "dgfip_rfr"), stateMark)
			if err != nil {
				t.Fatal(err)
			}
			l, err := c.rp.Exchange(context.Background(), code, nonceMark, "")
			if err != nil {
				t.Fatal(err)
			}
			want := franceconnect.Identity{
				FamilyName: "QUENOUILLE", GivenName: "Lise Anne Zoé", GivenNames: []string{"Lise Anne", "Zoé"}, PreferredUsername: "TILLEUL",
				Birthdate: "1984-05-17", IDPBirthdate: "1984-05-17", Gender: "female", Birthplace: "2A004", Birthcountry: "99100", Email: "lise@courriel.example",
			}
			if !sameIdentity(l.Identity, want) {
				t.Errorf("identity %+v", l.Identity)
			}
			c.logsOut(t, l)
		})
	}
}

func (c country) logsOut(t *testing.T, l *franceconnect.Login) {
	t.Helper()
	c.clock.pass(5 * time.Minute) // the hint has long expired
	out, err := c.rp.LogoutURL(context.Background(), l.IDToken, "bye-state")
	if err != nil {
		t.Fatal(err)
	}
	if q := location(t, get(t, c.browser, out)); q.Get("state") != "bye-state" {
		t.Errorf("came back with %v", q)
	}
	if r := get(t, c.browser, out); r.StatusCode != http.StatusBadRequest {
		t.Errorf("a second logout answers %d", r.StatusCode)
	}
}

func TestPresumedBirthAbroadIsCompletedAndTold(t *testing.T) {
	c := start(t, "ES256")
	code, err := c.rp.Callback(c.walk(t, "abroad", "identite_pivot", "idp_birthdate"), stateMark)
	if err != nil {
		t.Fatal(err)
	}
	l, err := c.rp.Exchange(context.Background(), code, nonceMark, "")
	if err != nil {
		t.Fatal(err)
	}
	i := l.Identity
	if i.Birthdate != "1962-01-01" || i.IDPBirthdate != "1962-00-00" || i.Birthplace != "" || i.Birthcountry != "99326" {
		t.Errorf("birth %s (%s) at %q in %s", i.Birthdate, i.IDPBirthdate, i.Birthplace, i.Birthcountry)
	}
}

func TestCodeIsRefusedLateOrTwice(t *testing.T) {
	c := start(t, "ES256")
	ctx := context.Background()
	late := c.walk(t, "lise", "identite_pivot").Get("code")
	c.clock.pass(31 * time.Second)
	_, err := c.rp.Exchange(ctx, late, nonceMark, "")
	refused(t, err, franceconnect.Refused)
	once := c.walk(t, "lise", "identite_pivot").Get("code")
	l, err := c.rp.Exchange(ctx, once, nonceMark, "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.rp.Exchange(ctx, once, nonceMark, "")
	refused(t, err, franceconnect.Refused)
	if _, _, ok := c.sim.Introspect(l.AccessToken); ok {
		t.Error("the replayed code's token still lives")
	}
}

func TestReturningWithoutLoginIsCancelled(t *testing.T) {
	c := start(t, "ES256")
	at, err := c.rp.AuthorizationURL(context.Background(), ordinary())
	if err != nil {
		t.Fatal(err)
	}
	picker := get(t, c.browser, at)
	back := get(t, c.browser, picker.Request.URL.String()+"/cancel")
	_, err = c.rp.Callback(location(t, back), stateMark)
	refused(t, err, franceconnect.Cancelled)
}

func TestPKCETowardsFranceConnectIsRefusedByIt(t *testing.T) {
	c := start(t, "ES256")
	at, err := c.rp.AuthorizationURL(context.Background(), ordinary())
	if err != nil {
		t.Fatal(err)
	}
	if r := get(t, c.browser, at+"&code_challenge_method=S256&code_challenge="+strings.Repeat("c", 43)); r.StatusCode != http.StatusBadRequest {
		t.Errorf("HTTP %d", r.StatusCode)
	}
}
