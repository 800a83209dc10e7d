package proconnect_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"accord/oidc/proconnect"
	"accord/oidc/proconnect/pcsim"
)

const (
	back   = "http://localhost:1/guichet/retour"
	secret = "a secret of more than 16"
)

func provider(t *testing.T, change func(*pcsim.Options)) (*proconnect.RelyingParty, proconnect.Config) {
	t.Helper()
	var sim http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { sim.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	o := pcsim.Options{
		Issuer: server.URL + "/proconnect", ClientID: "accord", ClientSecret: secret, RedirectURIs: []string{back},
		Agents: []pcsim.Agent{{ID: "agent-1", SIRET: "99900010200015", Body: "Commune", GivenName: "Inès", FamilyName: "Vasseur"}},
	}
	if change != nil {
		change(&o)
	}
	sim = pcsim.New(o)
	config := proconnect.Config{Issuer: o.Issuer, ClientID: "accord", ClientSecret: secret, RedirectURI: back, ACR: "eidas1"}
	r, err := proconnect.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return r, config
}

// press chooses an agent at the provider and gives the callback's parameters.
func press(t *testing.T, address, agent string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	form := u.Query()
	form.Set("agent", agent)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Post(address, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusSeeOther {
		text, _ := io.ReadAll(resp.Body)
		t.Fatalf("HTTP %d %s", resp.StatusCode, text)
	}
	to, err := resp.Location()
	if err != nil {
		t.Fatal(err)
	}
	return to.Query()
}

func TestAnAgentIsKnownByTheirProviderWithAndWithoutPKCE(t *testing.T) {
	for _, without := range []bool{false, true} {
		r, config := provider(t, func(o *pcsim.Options) { o.NoPKCE = without })
		a, err := r.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if (a.Verifier == "") != without || strings.Contains(a.URL, "code_challenge") == without {
			t.Errorf("PKCE not as the provider offers it: %s", a.URL)
		}
		agent, err := r.Finish(t.Context(), press(t, a.URL, "agent-1"), a)
		if err != nil || agent.Subject != "agent-1" || agent.SIRET != "99900010200015" || agent.Name != "Inès Vasseur" ||
			agent.ACR != "eidas1" || agent.Issuer != config.Issuer || time.Since(agent.AuthTime) > time.Minute {
			t.Errorf("agent %+v, %v", agent, err)
		}
	}
}

// Whatever the provider or a third party puts in its place, no agent comes of
// it.
func TestNoAgentComesOfALoginThatIsNotWhole(t *testing.T) {
	set := func(what, claim string, value any) func(*pcsim.Options) {
		return func(o *pcsim.Options) {
			o.Lie = func(of string, claims map[string]any) {
				if of == what {
					claims[claim] = value
				}
			}
		}
	}
	for name, change := range map[string]func(*pcsim.Options){
		"another nonce":        set("id_token", "nonce", "x"),
		"no nonce":             set("id_token", "nonce", ""),
		"another issuer":       set("id_token", "iss", "https://evil.example"),
		"another audience":     set("id_token", "aud", "another"),
		"another azp":          set("id_token", "azp", "another"),
		"a weaker level":       set("id_token", "acr", "eidas0"),
		"expired":              set("id_token", "exp", time.Now().Add(-time.Minute).Unix()),
		"of the future":        set("id_token", "iat", time.Now().Add(time.Hour).Unix()),
		"userinfo of another":  set("userinfo", "sub", "agent-2"),
		"userinfo elsewhere":   set("userinfo", "iss", "https://evil.example"),
		"userinfo for another": set("userinfo", "aud", "another"),
		"no siret":             set("userinfo", "siret", ""),
		"siret of 13":          set("userinfo", "siret", "9990001020001"),
	} {
		r, _ := provider(t, change)
		a, err := r.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if agent, err := r.Finish(t.Context(), press(t, a.URL, "agent-1"), a); !errors.Is(err, proconnect.ErrInvalid) {
			t.Errorf("%s: %+v, %v", name, agent, err)
		}
	}
}

func TestACallbackIsHeldToItsAttempt(t *testing.T) {
	r, _ := provider(t, nil)
	a, err := r.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	other, _ := r.Begin(t.Context())
	query := press(t, a.URL, "agent-1")
	if _, err := r.Finish(t.Context(), query, other); !errors.Is(err, proconnect.ErrInvalid) {
		t.Errorf("another attempt's state: %v", err)
	}
	if _, err := r.Finish(t.Context(), query, proconnect.Attempt{}); !errors.Is(err, proconnect.ErrInvalid) {
		t.Errorf("no attempt: %v", err)
	}
	mixed := url.Values{"state": {a.State}, "code": query["code"], "iss": {"https://evil.example"}}
	if _, err := r.Finish(t.Context(), mixed, a); !errors.Is(err, proconnect.ErrInvalid) {
		t.Errorf("another issuer: %v", err)
	}
	crossed := a
	crossed.Nonce = other.Nonce
	if _, err := r.Finish(t.Context(), query, crossed); !errors.Is(err, proconnect.ErrInvalid) {
		t.Errorf("another attempt's nonce: %v", err)
	}
	if _, err := r.Finish(t.Context(), query, a); !errors.Is(err, proconnect.ErrInvalid) {
		t.Errorf("a code twice: %v", err)
	}
	if _, err := r.Finish(t.Context(), press(t, a.URL, "nobody"), a); !errors.Is(err, proconnect.ErrCancelled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestAProviderThatIsAwayKeepsNobodyElseOut(t *testing.T) {
	r, err := proconnect.New(proconnect.Config{Issuer: "http://127.0.0.1:1/x", ClientID: "a", ClientSecret: "b", RedirectURI: back})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Begin(t.Context()); !errors.Is(err, proconnect.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}
