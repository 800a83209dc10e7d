package fcsim_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"accord/oidc/franceconnect/fcsim"
)

const (
	clientID = "client-of-the-tests"
	secret   = "client-secret-of-the-tests-000000000000"
	redirect = "http://127.0.0.1:1/callback"
	after    = "http://127.0.0.1:1/bye"
	nonce    = "6a1f7c52e0b94d38a7d05c4be2f19860"
	state    = "état & state"
)

// A bench is a served simulator, a browser and a clock.
type bench struct {
	t       *testing.T
	issuer  string
	sim     *fcsim.Simulator
	browser *http.Client
	clock   *clock
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func persona(id string, change func(*fcsim.Identity)) fcsim.Persona {
	i := fcsim.Identity{
		FamilyName: "QUENOUILLE", GivenNames: []string{"Lise Anne", "Zoé"}, PreferredUsername: "TILLEUL", Birthdate: "1984-05-17",
		Gender: "female", Birthplace: "2A004", Birthcountry: "99100", Email: "lise@courriel.example",
	}
	if change != nil {
		change(&i)
	}
	return fcsim.Persona{ID: id, Identity: i, Featured: id == "lise", Story: fcsim.Text{FR: "Histoire de " + id + " <1>.", EN: "Story of " + id + "."}}
}

func personas() []fcsim.Persona {
	return []fcsim.Persona{
		persona("lise", nil),
		persona("year", func(i *fcsim.Identity) { i.Birthdate, i.Birthplace, i.Birthcountry = "1962", "99326", "99326" }),
		persona("month", func(i *fcsim.Identity) { i.Birthdate = "1962-03" }),
		persona("plain", func(i *fcsim.Identity) { i.PreferredUsername = "" }),
		persona("european", func(i *fcsim.Identity) { i.GivenName, i.GivenNames = "Lise", nil }),
		persona("no-mail", func(i *fcsim.Identity) { i.Email = "" }),
		persona("bad-cog", func(i *fcsim.Identity) { i.Birthplace = "2C004" }),
		persona("bad-month", func(i *fcsim.Identity) { i.IDPBirthdate = "1984-00-17" }),
	}
}

func newBench(t *testing.T, change ...func(*fcsim.Options)) *bench {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	c := &clock{at: time.Now()}
	o := fcsim.Options{
		Issuer: "http://" + server.Listener.Addr().String() + "/api/v2", ClientID: clientID, ClientSecret: secret,
		ServiceName: "Accord", RedirectURIs: []string{redirect, redirect + "?tab=1"}, PostLogoutRedirectURIs: []string{after},
		ProviderScopes: []string{"dgfip_rfr", "cnaf_enfants"}, Personas: personas(), Now: c.now,
	}
	for _, f := range change {
		f(&o)
	}
	sim := fcsim.New(o)
	server.Config.Handler = sim
	server.Start()
	t.Cleanup(server.Close)
	return &bench{t: t, issuer: o.Issuer, sim: sim, browser: newBrowser(t), clock: c}
}

// newBrowser keeps cookies and stops at the client's own address.
func newBrowser(t *testing.T) *http.Client {
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

// An answer is a response read to its end.
type answer struct {
	*http.Response
	body string
}

func (b *bench) read(r *http.Response, err error) answer {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{r, string(body)}
}

func (b *bench) get(at string) answer {
	b.t.Helper()
	return b.read(b.browser.Get(at))
}

func (b *bench) post(at string, form url.Values) answer {
	b.t.Helper()
	return b.read(b.browser.PostForm(at, form))
}

// back gives the query of a redirect to the client.
func (b *bench) back(a answer) url.Values {
	b.t.Helper()
	u, err := a.Location()
	if err != nil {
		b.t.Fatalf("no redirect: HTTP %d at %s", a.StatusCode, a.Request.URL.Path)
	}
	return u.Query()
}

func request(scopes string) url.Values {
	return url.Values{
		"response_type": {"code"}, "client_id": {clientID}, "redirect_uri": {redirect}, "scope": {scopes},
		"acr_values": {"eidas1"}, "nonce": {nonce}, "state": {state},
	}
}

func (b *bench) authorize(q url.Values) answer {
	b.t.Helper()
	return b.get(b.issuer + "/authorize?" + q.Encode())
}

// login walks to the client as a machine does, and gives the callback's query.
func (b *bench) login(persona, scopes string) url.Values {
	b.t.Helper()
	return b.loginWith(persona, request(scopes))
}

func (b *bench) loginWith(persona string, q url.Values) url.Values {
	b.t.Helper()
	picker := b.authorize(q)
	consent := b.post(picker.Request.URL.String(), url.Values{"persona": {persona}})
	return b.back(b.post(strings.TrimSuffix(consent.Request.URL.String(), "/consent")+"/login", nil))
}

func tokenForm(code string) url.Values {
	return url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirect}, "client_id": {clientID}, "client_secret": {secret}}
}

// tokens redeems a code.
func (b *bench) tokens(code string) map[string]any {
	b.t.Helper()
	a := b.post(b.issuer+"/token", tokenForm(code))
	if a.StatusCode != http.StatusOK {
		b.t.Fatalf("token: HTTP %d %s", a.StatusCode, a.body)
	}
	return object(b.t, a.body)
}

func (b *bench) userinfo(token any) answer {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodGet, b.issuer+"/userinfo", nil)
	if err != nil {
		b.t.Fatal(err)
	}
	text, _ := token.(string)
	r.Header.Set("Authorization", "Bearer "+text)
	return b.read(http.DefaultClient.Do(r))
}

func object(t *testing.T, s string) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(s), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// part reads one part of a JWS without judging it.
func part(t *testing.T, jws any, n int) map[string]any {
	t.Helper()
	text, _ := jws.(string)
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		t.Fatalf("not a compact JWS: %d parts", len(parts))
	}
	b, err := base64.RawURLEncoding.DecodeString(parts[n])
	if err != nil {
		t.Fatal(err)
	}
	return object(t, string(b))
}
