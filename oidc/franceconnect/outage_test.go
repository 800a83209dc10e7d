package franceconnect_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"accord/oidc/franceconnect"
)

// A clock is set by hand.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Now()} }

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

// counting counts what goes out.
type counting struct {
	mu sync.Mutex
	n  map[string]int
}

func (c *counting) RoundTrip(r *http.Request) (*http.Response, error) {
	c.mu.Lock()
	c.n[r.URL.Path]++
	c.mu.Unlock()
	return http.DefaultTransport.RoundTrip(r)
}

func (c *counting) of(path string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n[path]
}

func watched(t *testing.T, p *provider) (*franceconnect.RelyingParty, *clock, *counting) {
	t.Helper()
	c, n := newClock(), &counting{n: map[string]int{}}
	rp := p.relyingParty(t, func(f *franceconnect.Config) { f.Now, f.HTTP = c.now, &http.Client{Transport: n} })
	return rp, c, n
}

const wellKnown = "/.well-known/openid-configuration"

func ask(rp *franceconnect.RelyingParty) error {
	_, err := rp.AuthorizationURL(context.Background(), ordinary())
	return err
}

func TestFranceConnectDownAtStartIsFoundOnceUp(t *testing.T) {
	p := newProvider(t)
	p.answer[wellKnown] = status(503)
	rp, c, n := watched(t, p)
	if n.of(wellKnown) != 0 {
		t.Error("New contacted FranceConnect")
	}
	for range 5 {
		refused(t, ask(rp), franceconnect.Unavailable)
	}
	if n.of(wellKnown) != 1 {
		t.Errorf("%d calls in the same instant, want 1", n.of(wellKnown))
	}
	c.pass(time.Second)
	refused(t, ask(rp), franceconnect.Unavailable)
	c.pass(600 * time.Millisecond) // the wait has doubled
	refused(t, ask(rp), franceconnect.Unavailable)
	if n.of(wellKnown) != 2 {
		t.Errorf("%d calls, want 2", n.of(wellKnown))
	}
	delete(p.answer, wellKnown)
	c.pass(time.Second)
	if err := ask(rp); err != nil {
		t.Error(err)
	}
}

func TestOutageAfterDiscoveryKeepsServing(t *testing.T) {
	p := newProvider(t)
	rp, c, n := watched(t, p)
	if err := ask(rp); err != nil {
		t.Fatal(err)
	}
	p.answer[wellKnown] = status(503)
	c.pass(20 * time.Minute)
	for range 10 {
		if err := ask(rp); err != nil {
			t.Error(err)
		}
	}
	if n.of(wellKnown) > 2 {
		t.Errorf("%d calls while away", n.of(wellKnown))
	}
	c.pass(time.Hour)
	refused(t, ask(rp), franceconnect.Unavailable)
}

func TestDiscoveryOfAnotherIssuerIsRefused(t *testing.T) {
	for name, over := range map[string]map[string]any{
		"other issuer":        {"issuer": "https://other.example"},
		"trailing slash":      {"issuer": "http://127.0.0.1/"},
		"no token endpoint":   {"token_endpoint": nil},
		"endpoint not a URL":  {"userinfo_endpoint": "file:///etc/passwd"},
		"endpoint in clear":   {"jwks_uri": "http://169.254.169.254/"},
		"unsafe end_session":  {"end_session_endpoint": "javascript:x"},
		"endpoint not a text": {"token_endpoint": 3},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t)
			p.discovery = over
			refused(t, ask(p.relyingParty(t)), franceconnect.Invalid)
		})
	}
}

func TestKeyRotationIsFollowed(t *testing.T) {
	p := newProvider(t)
	rp := p.relyingParty(t)
	if _, err := exchange(rp); err != nil {
		t.Fatal(err)
	}
	next := otherKey(t)
	p.publish("kid-2", next)
	p.sign = signer("kid-2", next)
	if _, err := exchange(rp); err != nil {
		t.Fatal(err)
	}
	keys, err := rp.Keys(context.Background())
	if err != nil || len(keys) != 1 || keys[0].KeyID != "kid-2" || !keys[0].IsPublic() {
		t.Errorf("keys %v %v", keys, err)
	}
}

func TestUnknownKeysDoNotHammerFranceConnect(t *testing.T) {
	p := newProvider(t)
	rp, _, n := watched(t, p)
	p.sign = signer("kid-unknown", testKey())
	for range 20 {
		_, err := exchange(rp)
		refused(t, err, franceconnect.Invalid)
	}
	if n.of("/jwks") > 2 {
		t.Errorf("%d reads of the keys for 20 unknown ones", n.of("/jwks"))
	}
}

func TestManyCitizensAtOnceReadDiscoveryOnce(t *testing.T) {
	p := newProvider(t)
	rp, _, n := watched(t, p)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if err := ask(rp); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n.of(wellKnown) != 1 {
		t.Errorf("%d reads", n.of(wellKnown))
	}
}

// A redirect could carry code, secret or token to another host (attack list,
// 99 and 100).
func TestRedirectsAreNeverFollowed(t *testing.T) {
	for _, path := range []string{wellKnown, "/jwks", "/token", "/userinfo"} {
		p := newProvider(t)
		p.answer[path] = http.RedirectHandler(p.server.URL+"/elsewhere", http.StatusTemporaryRedirect).ServeHTTP
		rp, _, n := watched(t, p)
		_, err := exchange(rp)
		refused(t, err, franceconnect.Invalid)
		if n.of("/elsewhere") != 0 {
			t.Errorf("the redirect at %s was followed", path)
		}
	}
}
