package upstream

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// sharing makes two clients of one account, for the scopes given.
func sharing(t *testing.T, address string, rate float64, scopes ...string) []*Client {
	t.Helper()
	cfg := Config{TokenURL: address, ClientID: "a", ClientSecret: "b", Rate: rate, Burst: 1}
	account, err := NewAccount(cfg)
	if err != nil {
		t.Fatal(err)
	}
	var clients []*Client
	for _, scope := range scopes {
		cfg.Scope, cfg.Account = scope, account
		c, err := New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		clients = append(clients, c)
	}
	return clients
}

func TestClientsOfOneAccountShareItsRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clients := sharing(t, "https://hub.example/token", 10, "one", "two")
		began := time.Now()
		var group sync.WaitGroup
		for n := range 20 {
			c := clients[n%2]
			group.Go(func() {
				if err := c.queue.wait(context.Background(), c, "a"); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		if one, two := clients[0].State().Waiting, clients[1].State().Waiting; one+two != 19 || one == 19 {
			t.Errorf("%d and %d wait, want 19 together, each its own", one, two)
		}
		group.Wait()
		if took := time.Since(began); took != 1900*time.Millisecond {
			t.Errorf("20 turns at 10 a second took %s, want 1.9 s", took)
		}
	})
}

func TestABreakerThatOpensSendsOnlyItsOwnAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clients := sharing(t, "https://hub.example/token", 1, "one", "two")
		var mu sync.Mutex // guards ended
		ended := map[*Client]map[error]int{clients[0]: {}, clients[1]: {}}
		var group sync.WaitGroup
		for n := range 9 {
			c := clients[n%2]
			group.Go(func() {
				err := c.queue.wait(context.Background(), c, "a")
				mu.Lock()
				defer mu.Unlock()
				ended[c][err]++
			})
			synctest.Wait()
		}
		for range defaultFailures {
			clients[0].learn(false, failing)
		}
		group.Wait()
		if one, two := ended[clients[0]], ended[clients[1]]; one[ErrOpen] != 4 || one[nil] != 1 || two[nil] != 4 {
			t.Errorf("ended %v and %v; want one served and four sent away, four served", one, two)
		}
	})
}

func TestClientsOfOneAccountShareTokensOfTheSameScopeOnly(t *testing.T) {
	var mu sync.Mutex // guards asked
	asked := map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked[r.PostFormValue("scope")]++
		_, _ = io.WriteString(w, `{"access_token":"of-`+r.PostFormValue("scope")+`","token_type":"Bearer","expires_in":60}`)
	}))
	t.Cleanup(server.Close)
	for n, c := range sharing(t, server.URL, 0, "one", "two", "one") {
		want := []string{"of-one", "of-two", "of-one"}[n]
		if token, err := c.tokens.get(context.Background()); err != nil || token != want {
			t.Errorf("client %d: token %q (%v), want %q", n, token, err, want)
		}
	}
	if asked["one"] != 1 || asked["two"] != 1 {
		t.Errorf("tokens asked %v, want one a scope", asked)
	}
}

func TestAnAccountCannotHaveNegativeLimits(t *testing.T) {
	for _, cfg := range []Config{{Rate: -1}, {Burst: -1}, {Queue: -1}} {
		if _, err := NewAccount(cfg); err == nil {
			t.Errorf("rate %v, burst %d, queue %d: accepted", cfg.Rate, cfg.Burst, cfg.Queue)
		}
	}
}
