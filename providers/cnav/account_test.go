package cnav_test

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"accord/providers"
	"accord/providers/cnav"
	"accord/providers/cnav/cnavsim"
	"accord/providers/faults"
	"accord/providers/upstream"
)

// limited is the source at a simulator, at two requests and no more.
func limited(t *testing.T, change func(*cnav.Config)) (*cnav.Source, *cnavsim.Simulator) {
	t.Helper()
	sim := cnavsim.New(cnavsim.Options{ClientID: "a", ClientSecret: "b", Households: households(), Now: now})
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	cfg := cnav.Config{
		TokenURL: server.URL + cnavsim.TokenPath, ClientID: "a", ClientSecret: "b", Resources: at(server.URL), Rate: 0.01, Burst: 2, Now: now,
	}
	change(&cfg)
	source, err := cnav.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return source, sim
}

func asking(t *testing.T, source *cnav.Source, resources ...string) []providers.Outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	var got []providers.Outcome
	for _, resource := range resources {
		q := of(resource, camille())
		q.Attempt = attempt
		got = append(got, source.Query(ctx, q).Outcome)
	}
	return got
}

func TestRateHoldsForAClientOverAllItsResources(t *testing.T) {
	source, sim := limited(t, func(*cnav.Config) {})
	got := asking(t, source, cnav.QuotientFamilial, cnav.PrimeActivite, cnav.AllocationSoutienFamilial)
	if got[0] != providers.Found || got[1] != providers.Found || got[2] != providers.Unavailable || len(sim.Requests()) != 2 {
		t.Errorf("outcomes %v after %d requests, want two found and one out of quota", got, len(sim.Requests()))
	}
}

func TestClientsOfTheirOwnHaveRatesOfTheirOwn(t *testing.T) {
	source, _ := limited(t, func(c *cnav.Config) {
		c.ClientID, c.ClientSecret = "", ""
		for name, r := range c.Resources {
			r.ClientID, r.ClientSecret = "a", "b"
			if name == cnav.PrimeActivite {
				r.ClientID = "other" // whom the simulator refuses a token
			}
			c.Resources[name] = r
		}
	})
	got := asking(t, source, cnav.PrimeActivite, cnav.PrimeActivite, cnav.QuotientFamilial, cnav.AllocationSoutienFamilial)
	if got[0] != providers.Refused || got[1] != providers.Refused || got[2] != providers.Found || got[3] != providers.Found {
		t.Errorf("outcomes %v, want the other client refused and ours served", got)
	}
}

func TestABreakerIsOfOneResource(t *testing.T) {
	source, sim := limited(t, func(c *cnav.Config) { c.Rate, c.Failures = 0, 1 })
	sim.SetFaultFor(faults.Down, 1)
	asking(t, source, cnav.PrimeActivite)
	if got := asking(t, source, cnav.PrimeActivite, cnav.QuotientFamilial); got[0] != providers.Unavailable || got[1] != providers.Found {
		t.Errorf("outcomes %v, want the failing resource left alone and the other served", got)
	}
	states := source.States()
	if source.State().Breaker != upstream.Open || states[cnav.PrimeActivite].Breaker != upstream.Open || states[cnav.QuotientFamilial].Breaker != upstream.Closed {
		t.Errorf("state %+v of %+v", source.State(), states)
	}
}

func TestConfigurationMistakesAreNamed(t *testing.T) {
	good := func() cnav.Config {
		return cnav.Config{TokenURL: "https://hub.example/token", ClientID: "a", ClientSecret: "b", Resources: at("https://hub.example")}
	}
	if _, err := cnav.New(good()); err != nil {
		t.Fatal(err)
	}
	qf := func(change func(*cnav.Resource)) func(*cnav.Config) {
		return func(c *cnav.Config) {
			r := c.Resources[cnav.QuotientFamilial]
			change(&r)
			c.Resources[cnav.QuotientFamilial] = r
		}
	}
	for name, spoil := range map[string]func(*cnav.Config){
		"http beyond loopback":      qf(func(r *cnav.Resource) { r.URL = "http://hub.example/qf" }),
		"relative":                  qf(func(r *cnav.Resource) { r.URL = "/qf" }),
		"with a query":              qf(func(r *cnav.Resource) { r.URL += "?x=1" }),
		"own client without secret": qf(func(r *cnav.Resource) { r.ClientID = "c" }),
		"one client, two secrets":   qf(func(r *cnav.Resource) { r.ClientID, r.ClientSecret = "a", "other" }),
		"secret without its client": qf(func(r *cnav.Resource) { r.ClientSecret = "other" }),
		"not a resource of the hub": func(c *cnav.Config) { c.Resources["dss/other"] = c.Resources[cnav.PrimeActivite] },
		"no resource":               func(c *cnav.Config) { c.Resources = nil },
		"no token address":          func(c *cnav.Config) { c.TokenURL = "" },
		"no secret":                 func(c *cnav.Config) { c.ClientSecret = "" },
		"negative rate":             func(c *cnav.Config) { c.Rate = -1 },
		"negative timeout":          func(c *cnav.Config) { c.Timeout = -1 },
	} {
		bad := good()
		spoil(&bad)
		if _, err := cnav.New(bad); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
