package dgfip_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"accord/providers"
	"accord/providers/dgfip"
	"accord/providers/faults"
	"accord/providers/upstream"

	"github.com/google/uuid"
)

// query asks a handler that stands for DGFiP, which sees the request.
func query(t *testing.T, q providers.Query, api http.HandlerFunc) (providers.Answer, int) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"access_token":"t","token_type":"Bearer","expires_in":3600}`)
	})
	mux.HandleFunc("GET "+dgfip.Path+"{year}", api)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	source, err := dgfip.New(dgfip.Config{URL: server.URL + "/", TokenURL: server.URL + "/token", ClientID: "a", ClientSecret: "b", Timeout: time.Second, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	attempts := 0
	q.Attempt = func(context.Context) (providers.Attempt, error) {
		attempts++
		return providers.Attempt{RequestID: uuid.NewString()}, nil
	}
	return source.Query(context.Background(), q), attempts
}

func TestDocumentIsAccordsSituationIR(t *testing.T) {
	r := rig(t)
	q := r.Found
	q.Attempt = func(context.Context) (providers.Attempt, error) {
		return providers.Attempt{RequestID: uuid.NewString()}, nil
	}
	a := r.Source.Query(context.Background(), q)
	const want = `{"annee_revenus":"2025","revenu_fiscal_reference":31250,"nombre_parts":2.5,"situation_famille":"Marié(e)s",` +
		`"nombre_personnes_a_charge":1,"adresse_taxation":"27 CHEMIN DES GRANDS ORMES 49997 MONTREVELLE"}`
	if string(a.Document) != want {
		t.Errorf("document\n%s\nwant\n%s", a.Document, want)
	}
	if a.Provenance.Operator != "DGFiP" || a.Provenance.Period != "2025" {
		t.Errorf("provenance %+v", a.Provenance)
	}
}

func TestFallbackYearIsAskedOnlyWithoutANotice(t *testing.T) {
	r := rig(t)
	attempts := 0
	begin := func(context.Context) (providers.Attempt, error) {
		attempts++
		return providers.Attempt{RequestID: uuid.NewString()}, nil
	}
	q := ask(simon(), "token-of-simon")
	q.FallbackYear, q.Attempt = 2024, begin
	if a := r.Source.Query(context.Background(), q); a.Outcome != providers.Found || a.Provenance.Period != "2024" || attempts != 2 {
		t.Errorf("outcome %s for %s after %d attempts, want found for 2024 after 2", a.Outcome, a.Provenance.Period, attempts)
	}
	attempts = 0
	r.Switch.SetFault(faults.TooMany)
	if a := r.Source.Query(context.Background(), q); a.Outcome != providers.Unavailable || a.Provenance.Period != "2025" || attempts != 1 {
		t.Errorf("outcome %s for %s after %d attempts, want unavailable for 2025 after 1", a.Outcome, a.Provenance.Period, attempts)
	}
}

func TestRequestIsDGFiPs(t *testing.T) {
	q := ask(nadia(), "token-of-nadia")
	query(t, q, func(_ http.ResponseWriter, r *http.Request) {
		h := r.Header
		if r.PathValue("year") != "2025" || r.URL.RawQuery != "" || h.Get("Authorization") != "Bearer t" {
			t.Errorf("path %s?%s", r.URL.Path, r.URL.RawQuery)
		}
		if h.Get("X-FranceConnect-OAuth") != "token-of-nadia" || h.Get("ID_Teleservice") != "ACCORD-TEST" || uuid.Validate(h.Get("X-Correlation-ID")) != nil {
			t.Error("FranceConnect token, teleservice or correlation id missing")
		}
	})
}

// FranceConnect's limit is the source's: five seconds before it, all ends.
func TestFranceConnectsLimitEndsTheCall(t *testing.T) {
	q := ask(nadia(), "token-of-nadia")
	q.TokenExpires = today.Add(5*time.Second + 150*time.Millisecond)
	began := time.Now()
	a, attempts := query(t, q, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	if took := time.Since(began); a.Outcome != providers.Unavailable || attempts != 1 || took > 900*time.Millisecond {
		t.Errorf("outcome %s after %d attempts and %s", a.Outcome, attempts, took)
	}
}

const whole = `{"annRevenu":"2025","rfr":"31250","nbPart":"2.5","sitFam":"M","pac":{"nbPac":"1","nbPacF":"1"},"aft":"27 CHEMIN",` +
	`"nmNaiDec1":"FAUVERNIER","prnmDec1":"JULIEN","dateNaisDec1":{"jour":"05","mois":"12","annee":"1987"},` +
	`"nmNaiDec2":"BELKORAN","prnmDec2":"NADIA","dateNaisDec2":{"jour":8,"mois":7,"annee":1990}}`

// Each case replaces a piece of a whole answer.
func TestAnswersThatAreNotWholeAreUnavailable(t *testing.T) {
	for name, c := range map[string]struct {
		old, new string
		outcome  providers.Outcome
		cause    error
	}{
		"whole":                         {"", "", providers.Found, nil},
		"figures as numbers":            {`"rfr":"31250","nbPart":"2.5"`, `"rfr":31250,"nbPart":2.5`, providers.Found, nil},
		"dependants outside pac":        {`"pac":{"nbPac":"1","nbPacF":"1"}`, `"nbPac":1`, providers.Found, nil},
		"dependants told twice":         {`"aft"`, `"nbPac":"1","aft"`, providers.Found, nil},
		"dependants told differently":   {`"aft"`, `"nbPac":"2","aft"`, providers.Unavailable, upstream.ErrShape},
		"a known member not asked":      {`"aft"`, `"montTotIr":-120,"aft"`, providers.Found, nil},
		"a member added":                {`"aft"`, `"aftX":1,"aft"`, providers.Found, nil},
		"no year told":                  {`"annRevenu":"2025",`, ``, providers.Found, nil},
		"first names left out":          {`"prnmDec2":"NADIA",`, ``, providers.Found, nil},
		"another year's":                {`"annRevenu":"2025"`, `"annRevenu":"2024"`, providers.Unavailable, nil},
		"another birth name":            {`BELKORAN`, `BELKORANE`, providers.Unavailable, upstream.ErrAnotherPerson},
		"another birth date":            {`"jour":8`, `"jour":9`, providers.Unavailable, upstream.ErrAnotherPerson},
		"another first name":            {`"NADIA"`, `"LEILA"`, providers.Unavailable, upstream.ErrAnotherPerson},
		"name and date of two persons":  {`"jour":8,"mois":7,"annee":1990`, `"jour":5,"mois":12,"annee":1987`, providers.Unavailable, upstream.ErrAnotherPerson},
		"date of birth left out":        {`,"dateNaisDec2":{"jour":8,"mois":7,"annee":1990}`, ``, providers.Unavailable, upstream.ErrAnotherPerson},
		"reference income left out":     {`"rfr":"31250",`, ``, providers.Unavailable, upstream.ErrIncomplete},
		"reference income null":         {`"rfr":"31250"`, `"rfr":null`, providers.Unavailable, upstream.ErrIncomplete},
		"reference income negative":     {`"rfr":"31250"`, `"rfr":"-31250"`, providers.Unavailable, upstream.ErrShape},
		"reference income in cents":     {`"rfr":"31250"`, `"rfr":"31250.40"`, providers.Unavailable, upstream.ErrShape},
		"reference income in words":     {`"rfr":"31250"`, `"rfr":"beaucoup"`, providers.Unavailable, upstream.ErrShape},
		"reference income true":         {`"rfr":"31250"`, `"rfr":true`, providers.Unavailable, upstream.ErrShape},
		"reference income exponential":  {`"rfr":"31250"`, `"rfr":3e4`, providers.Unavailable, upstream.ErrShape},
		"shares not of quarters":        {`"2.5"`, `"2.6"`, providers.Unavailable, upstream.ErrShape},
		"no share":                      {`"2.5"`, `"0"`, providers.Unavailable, upstream.ErrShape},
		"an unknown situation":          {`"sitFam":"M"`, `"sitFam":"X"`, providers.Unavailable, upstream.ErrShape},
		"a blank address":               {`"27 CHEMIN"`, `" "`, providers.Unavailable, upstream.ErrShape},
		"an address of several members": {`"27 CHEMIN"`, `{"voie":"27 CHEMIN"}`, providers.Unavailable, upstream.ErrShape},
		"dependants left out":           {`"pac":{"nbPac":"1","nbPacF":"1"},`, ``, providers.Unavailable, upstream.ErrIncomplete},
		"a member twice":                {`"aft"`, `"rfr":"1","aft"`, providers.Unavailable, upstream.ErrShape},
		"cut":                           {`"annee":1990}}`, `"annee":1990}`, providers.Unavailable, upstream.ErrShape},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(whole, c.old) {
				t.Fatal("the case changes nothing")
			}
			a, _ := query(t, ask(nadia(), "token-of-nadia"), func(w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, strings.Replace(whole, c.old, c.new, 1))
			})
			if a.Outcome != c.outcome || c.cause != nil && !errors.Is(a.Cause, c.cause) {
				t.Errorf("outcome %s (%v), want %s (%v)", a.Outcome, a.Cause, c.outcome, c.cause)
			}
		})
	}
}
