package cnav_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"accord/providers"
	"accord/providers/cnav"
	"accord/providers/cnav/cnavsim"
)

func attempt(context.Context) (providers.Attempt, error) {
	return providers.Attempt{RequestID: "0198f2c4-6a00-7000-8000-000000000001"}, nil
}

// query asks a handler that stands for the hub, which sees the request.
func query(t *testing.T, q providers.Query, hub http.HandlerFunc) providers.Answer {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"access_token":"t","token_type":"bearer","expires_in":3600}`))
	})
	mux.HandleFunc("GET /qf", hub)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	source, err := cnav.New(cnav.Config{
		URL: server.URL + "/qf", TokenURL: server.URL + "/token", ClientID: "a", ClientSecret: "b", Scope: "s", Timeout: time.Second, Now: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	q.Attempt = attempt
	return source.Query(context.Background(), q)
}

func TestDocumentIsAPIParticuliersV3(t *testing.T) {
	r := rig(t)
	q := month(camille(), 2025, 2)
	q.Attempt = attempt
	a := r.Source.Query(context.Background(), q)
	const want = `{"quotient_familial":{"fournisseur":"CNAF","valeur":700,"annee":2025,"mois":2,"annee_calcul":2025,"mois_calcul":2},` +
		`"allocataires":[{"nom_naissance":"TREMBLIN","nom_usage":"OSTERVAL","prenoms":"CAMILLE ELODIE","date_naissance":"1988-03-14","sexe":"F"},` +
		`{"nom_naissance":"OSTERVAL","nom_usage":null,"prenoms":"HUGO","date_naissance":"1986-11-30","sexe":"M"}],` +
		`"enfants":[{"nom_naissance":"OSTERVAL","nom_usage":null,"prenoms":"LEO","date_naissance":"2007-06-02","sexe":"M"},` +
		`{"nom_naissance":"OSTERVAL","nom_usage":null,"prenoms":"ZOE","date_naissance":"2012-04-00","sexe":"F"}],` +
		`"adresse":{"destinataire":"MADAME TREMBLIN <& FILS>","complement_information":null,"complement_information_geographique":null,` +
		`"numero_libelle_voie":"12 RUE DES TROIS FONTAINES","lieu_dit":null,"code_postal_ville":"72998 VALBRUME","pays":"FRANCE"}}`
	if string(a.Document) != want {
		t.Errorf("document\n%s\nwant\n%s", a.Document, want)
	}
	if a.Provenance.Operator != "CNAF" || a.Provenance.Period != "2025-02" || a.Provenance.Source != "cnav" {
		t.Errorf("provenance %+v", a.Provenance)
	}
}

func TestMSAAnswersWithTodaysComputation(t *testing.T) {
	r := rig(t)
	q := month(marieAnge(), 2026, 3)
	q.Attempt = attempt
	a := r.Source.Query(context.Background(), q)
	if a.Outcome != providers.Found || a.Provenance.Operator != "MSA" || a.Provenance.Period != "2026-03" {
		t.Errorf("outcome %s (%v), provenance %+v", a.Outcome, a.Cause, a.Provenance)
	}
}

// The parameters are those of reference/api-particulier.md §6.1.
func TestRequestIsTheHubs(t *testing.T) {
	for name, c := range map[string]struct {
		query providers.Query
		want  url.Values
	}{
		"born in France": {month(camille(), 2026, 3), url.Values{
			"nomNaissance": {"TREMBLIN"}, "listePrenoms": {"CAMILLE ELODIE"}, "dateNaissance": {"1988-03-14"}, "genre": {"F"},
			"codePaysNaissance": {"99100"}, "codeLieuNaissance": {"72999"}, "anneeDemandee": {"2026"}, "moisDemande": {"03"},
		}},
		"born abroad on an unknown day": {marieAnge(), url.Values{
			"nomNaissance": {"BREVAN-D'AUROY"}, "listePrenoms": {"MARIE ANGE ROSE LUCIENNE"}, "dateNaissance": {"1979-05-00"}, "genre": {"F"},
			"codePaysNaissance": {"99341"}, "anneeDemandee": {"2026"}, "moisDemande": {"10"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			query(t, c.query, func(_ http.ResponseWriter, r *http.Request) {
				if got := r.URL.Query().Encode(); got != c.want.Encode() {
					t.Errorf("query %s\nwant  %s", got, c.want.Encode())
				}
				if r.Header.Get("X-Correlation-ID") != "0198f2c4-6a00-7000-8000-000000000001" || r.Header.Get("X-APIPART-FSFINAL") != recipient {
					t.Error("correlation id or recipient missing")
				}
				if r.ContentLength != 0 || len(r.TransferEncoding) != 0 {
					t.Error("a GET with a body")
				}
			})
		})
	}
}

func TestRateHoldsPerCredential(t *testing.T) {
	sim := cnavsim.New(cnavsim.Options{ClientID: "a", ClientSecret: "b", Households: households(), Now: now})
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	source, err := cnav.New(cnav.Config{
		URL: server.URL + cnavsim.QueryPath, TokenURL: server.URL + cnavsim.TokenPath, ClientID: "a", ClientSecret: "b", Scope: cnavsim.Scope,
		Rate: 0.01, Burst: 2, Now: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	q := camille()
	q.Attempt = attempt
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	for n, want := range []providers.Outcome{providers.Found, providers.Found, providers.Unavailable} {
		if a := source.Query(ctx, q); a.Outcome != want {
			t.Errorf("query %d: outcome %s (%v), want %s", n, a.Outcome, a.Cause, want)
		}
	}
	if n := len(sim.Requests()); n != 2 {
		t.Errorf("%d requests, want 2", n)
	}
}

func TestConfigurationMistakesAreNamed(t *testing.T) {
	good := cnav.Config{URL: "https://hub.example/qf", TokenURL: "https://hub.example/token", ClientID: "a", ClientSecret: "b"}
	if _, err := cnav.New(good); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*cnav.Config){
		"http beyond loopback": func(c *cnav.Config) { c.URL = "http://hub.example/qf" },
		"relative":             func(c *cnav.Config) { c.URL = "/qf" },
		"with a query":         func(c *cnav.Config) { c.URL += "?x=1" },
		"no token address":     func(c *cnav.Config) { c.TokenURL = "" },
		"no secret":            func(c *cnav.Config) { c.ClientSecret = "" },
		"negative rate":        func(c *cnav.Config) { c.Rate = -1 },
	} {
		bad := good
		spoil(&bad)
		if _, err := cnav.New(bad); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
