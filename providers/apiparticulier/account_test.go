package apiparticulier_test

import (
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"accord/providers"
	"accord/providers/apiparticulier"
	sim "accord/providers/apiparticulier/apiparticuliersim"
	"accord/providers/faults"
	"accord/providers/sourcetest"
	"accord/providers/upstream"
)

// API Particulier counts a token's requests over all its resources: 20 a
// second, fairly between recipients, whichever administration they ask.
func TestOneTokenHasOneLimitOverAllItsSources(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, err := apiparticulier.New(apiparticulier.Config{
			URL: "https://particulier.example", Token: token, Now: now,
			HTTP: &http.Client{Transport: sourcetest.Refusal{Status: http.StatusUnprocessableEntity, Body: errorsOf("00355")}},
		})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		last := map[string]time.Duration{}
		var mu sync.Mutex // guards last
		var group sync.WaitGroup
		send := func(recipient string, n int, resources ...string) {
			for i := range n {
				group.Go(func() {
					q := queryOf(resources[i%len(resources)], ines(), true)
					q.Recipient, q.Attempt = recipient, attempt
					if answer := a.Source(sources()[q.Resource]).Query(t.Context(), q); answer.Outcome != providers.Unknown {
						t.Errorf("outcome %s (%v)", answer.Outcome, answer.Cause)
					}
					mu.Lock()
					defer mu.Unlock()
					last[recipient] = max(last[recipient], time.Since(began))
				})
			}
			synctest.Wait()
		}
		send(recipient, 60, "mesri/statut_etudiant", "cnous/etudiant_boursier", "dss/prime_activite")
		send("99900030000015", 3, "gip_mds/service_civique")
		group.Wait()
		if few, many := last["99900030000015"], last[recipient]; few > 300*time.Millisecond || many != 3100*time.Millisecond {
			t.Errorf("the last of the few after %s, of the many after %s; want 300 ms at most, 3.1 s", few, many)
		}
	})
}

func TestAnAdministrationThatFailsIsLeftAloneWithoutTheOthers(t *testing.T) {
	a, s, _ := account(t, sim.Scopes())
	ask := func(resource string) providers.Answer {
		q := queryOf(resource, ines(), true)
		q.Attempt = attempt
		return a.Source(sources()[resource]).Query(t.Context(), q)
	}
	s.SetFault(faults.TooMany)
	for range 10 {
		ask("mesri/statut_etudiant")
	}
	s.SetFault(faults.None)
	if answer := ask("mesri/statut_etudiant"); !errors.Is(answer.Cause, upstream.ErrOpen) || a.Source("mesr").State().Breaker != upstream.Open {
		t.Errorf("mesr: outcome %s (%v)", answer.Outcome, answer.Cause)
	}
	if answer := ask("cnous/etudiant_boursier"); answer.Outcome != providers.Found || a.Source("cnous").State().Breaker != upstream.Closed {
		t.Errorf("cnous: outcome %s (%v)", answer.Outcome, answer.Cause)
	}
}

func TestAccountIsRefusedWithoutWhatItNeeds(t *testing.T) {
	good := apiparticulier.Config{URL: "https://particulier.example", Token: token}
	for name, change := range map[string]func(*apiparticulier.Config){
		"no address":       func(c *apiparticulier.Config) { c.URL = "" },
		"http":             func(c *apiparticulier.Config) { c.URL = "http://particulier.example" },
		"no token":         func(c *apiparticulier.Config) { c.Token = "" },
		"token of 2 lines": func(c *apiparticulier.Config) { c.Token = "a\nb" },
		"negative rate":    func(c *apiparticulier.Config) { c.Rate = -1 },
		"negative pause":   func(c *apiparticulier.Config) { c.Pause = -1 },
	} {
		cfg := good
		change(&cfg)
		if _, err := apiparticulier.New(cfg); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	a, err := apiparticulier.New(good)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range apiparticulier.IDs() {
		if a.Source(id) == nil || a.Source(id).ID() != id {
			t.Errorf("no source %s", id)
		}
	}
	if a.Source("dgfip") != nil {
		t.Error("a source that API Particulier no longer has")
	}
}
