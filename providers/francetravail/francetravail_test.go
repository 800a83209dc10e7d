package francetravail_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"accord/providers"
	"accord/providers/faults"
	"accord/providers/francetravail"
	"accord/providers/francetravail/francetravailsim"
	"accord/providers/upstream"

	"github.com/google/uuid"
)

func attempt(context.Context) (providers.Attempt, error) {
	return providers.Attempt{RequestID: uuid.NewString()}, nil
}

// query asks handlers that stand for France Travail; nil refuses the test when
// called.
func query(t *testing.T, q providers.Query, status, payments http.HandlerFunc) providers.Answer {
	t.Helper()
	never := func(http.ResponseWriter, *http.Request) { t.Error("asked what it should not be") }
	if payments == nil {
		payments = never
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"access_token":"t","token_type":"bearer","expires_in":1499}`))
	})
	mux.HandleFunc("POST /status", status)
	mux.HandleFunc("GET /payments", payments)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	source, err := francetravail.New(francetravail.Config{
		StatusURL: server.URL + "/status", PaymentsURL: server.URL + "/payments", TokenURL: server.URL + "/token",
		ClientID: "a", ClientSecret: "b", Timeout: 5 * time.Second, Now: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	if q.Attempt == nil {
		q.Attempt = attempt
	}
	return source.Query(context.Background(), q)
}

func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestDocumentsAreAPIParticuliersV3(t *testing.T) {
	source, _ := inFrontOf(t, simulator())
	for _, c := range []struct {
		query providers.Query
		want  string
	}{
		{camille(status), `{"identifiant":"camille.tremblin72",` +
			`"identite":{"civilite":"MME","nom_naissance":"TREMBLIN","nom_usage":"OSTERVAL","prenom":"CAMILLE","sexe":"Féminin","date_naissance":"1988-03-14"},` +
			`"contact":{"telephone":"0100000001","telephone2":null,"email":"camille@tremblin.example"},` +
			`"adresse":{"code_postal":"72998","code_cog_insee_commune":"72999","localite":"72998 VALBRUME","ligne_voie":"12 RUE DES TROIS FONTAINES",` +
			`"ligne_complement_destinataire":"BAT <B> & C","ligne_complement_adresse":null,"ligne_complement_distribution":null,"ligne_nom":"OSTERVAL"},` +
			`"inscription":{"date_debut":"2026-02-02","date_fin":null,"categorie":{"code":1,"libelle":"PERSONNE SANS EMPLOI DISPONIBLE DUREE INDETERMINEE PLEIN TPS"},"code_certification_cnav":"VC"}}`},
		{camille(payments), `{"identifiant":"camille.tremblin72","paiements":[` +
			`{"date_versement":"2026-09-01","montant_total":1023.40,"montant_allocations":1000.00,"montant_aides":23.4,"montant_autres":0.0},` +
			`{"date_versement":"2026-10-01","montant_total":980,"montant_allocations":985.25,"montant_aides":0,"montant_autres":-5.25}]}`},
	} {
		c.query.Attempt = attempt
		a := source.Query(context.Background(), c.query)
		if string(a.Document) != c.want {
			t.Errorf("%s\n%s (%v)\nwant\n%s", c.query.Resource, a.Document, a.Cause, c.want)
		}
		if a.Provenance.Operator != "France Travail" || a.Provenance.Period != "2026-10" || a.Provenance.Source != "francetravail" {
			t.Errorf("provenance %+v", a.Provenance)
		}
	}
}

// The requests are those of reference/api-particulier.md §6.2.
func TestRequestsAreFranceTravails(t *testing.T) {
	var sent []string
	note := func(next http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			sent = append(sent, fmt.Sprintf("%s %s %q", r.Method, r.URL.RequestURI(), body), r.Header.Get("X-Correlation-ID"))
			if r.Header.Get("X-pe-consommateur") != "ACCORD - "+recipient || r.Header.Get("Content-Type") != "application/json" || r.Header.Get("Authorization") != "Bearer t" {
				t.Errorf("headers %v", r.Header)
			}
			next(w, r)
		}
	}
	var logged []string
	q := typed(camille(payments), "camille+\"72é&")
	q.Attempt = func(context.Context) (providers.Attempt, error) {
		logged = append(logged, uuid.NewString())
		return providers.Attempt{RequestID: logged[len(logged)-1]}, nil
	}
	query(t, q, note(answer(200, whole)), note(answer(204, "")))
	want := []string{
		`POST /status "camille+\"72é&"`, logged[0],
		`GET /payments?` + url.Values{"loginMnemotechnique": {"camille+\"72é&"}}.Encode() + ` ""`, logged[1],
	}
	if !slices.Equal(sent, want) {
		t.Errorf("sent %q\nwant %q", sent, want)
	}
}

func TestTheTokenIsOfTheApplicationsScope(t *testing.T) {
	if got := francetravail.DefaultScope("PAR_accord"); got != francetravailsim.Scope("PAR_accord") ||
		got != "api_statutaugmentev1 api_liste-paiementsv1 individuStatutAugmente application_PAR_accord" {
		t.Errorf("scope %q", got)
	}
}

// Whatever the status says short of "this person": no payments are asked.
func TestPaymentsAreAskedOnlyAboutThePersonWhoLoggedIn(t *testing.T) {
	for name, c := range map[string]struct {
		status  http.HandlerFunc
		query   providers.Query
		outcome providers.Outcome
		cause   error
	}{
		"another's status":                  {answer(200, whole), typed(hugo(payments), "camille.tremblin72"), providers.Refused, upstream.ErrAnothersIdentifier},
		"another's, without registration":   {answer(206, known), typed(hugo(payments), "camille.tremblin72"), providers.Refused, upstream.ErrAnothersIdentifier},
		"unknown":                           {answer(404, `{"codeErreur":"404","messageLog":""}`), camille(payments), providers.Unknown, nil},
		"nobody's status":                   {answer(200, `{}`), camille(payments), providers.Unavailable, upstream.ErrIncomplete},
		"nobody's, without registration":    {answer(206, `{}`), camille(payments), providers.Unavailable, nil},
		"status in error":                   {answer(500, ``), camille(payments), providers.Unavailable, nil},
		"status broken but of the person's": {answer(200, strings.Replace(whole, `"VC"`, `"XX"`, 1)), camille(payments), providers.Unavailable, upstream.ErrShape},
	} {
		t.Run(name, func(t *testing.T) {
			a := query(t, c.query, c.status, nil)
			if a.Outcome != c.outcome || c.cause != nil && !errors.Is(a.Cause, c.cause) || a.Document != nil {
				t.Errorf("outcome %s (%v), want %s (%v)", a.Outcome, a.Cause, c.outcome, c.cause)
			}
		})
	}
}

// A person without registration may still have been paid: their payments are
// asked, not guessed.
func TestPaymentsOfOneWithoutRegistrationAreGiven(t *testing.T) {
	paid := `{"statutInscription":false,"listePaiement":[{"datePaiement":"2026-06-01T00:00:00+02:00","montantPaiement":1,"allocations":1,"aides":0,"autresPaiements":0}]}`
	if a := query(t, camille(payments), answer(206, known), answer(200, paid)); a.Outcome != providers.Found {
		t.Errorf("outcome %s (%v)", a.Outcome, a.Cause)
	}
}

// Swapped statuses cannot bring anybody's payments, whoever meets whom.
func TestSwappedStatusesBringNobodysPayments(t *testing.T) {
	sim := simulator()
	sim.Concerns = func(r *http.Request) bool { return r.URL.Path == francetravailsim.StatusPath }
	source, server := inFrontOf(t, sim)
	sim.SetFaultFor(faults.Swapped, 2)
	ended := make(chan providers.Answer, 2)
	for _, q := range []providers.Query{camille(payments), hugo(payments)} {
		q.Attempt = attempt
		go func() { ended <- source.Query(context.Background(), q) }()
	}
	for range 2 {
		if a := <-ended; a.Outcome != providers.Refused {
			t.Errorf("outcome %s (%v), want refused", a.Outcome, a.Cause)
		}
	}
	if slices.Contains(server.Paths(), francetravailsim.PaymentsPath) {
		t.Error("payments were asked")
	}
}

// Nothing of the bearer of a mistyped identifier is in what comes back.
func TestNothingOfAnotherPersonLeaves(t *testing.T) {
	a := query(t, typed(hugo(status), "camille.tremblin72"), answer(200, whole), nil)
	a.Provenance.RequestID = "" // random: its digits may be the year's
	all, err := json.Marshal(struct {
		Outcome    providers.Outcome
		Document   json.RawMessage
		Provenance providers.Provenance
		Cause      string
	}{a.Outcome, a.Document, a.Provenance, a.Cause.Error()})
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"TREMBLIN", "CAMILLE", "camille", "1988", "OSTERVAL", "VALBRUME", "72998"} {
		if strings.Contains(string(all), word) {
			t.Errorf("%q in %s", word, all)
		}
	}
}

// A citizen's slip is no alarm for the operator.
func TestAnothersIdentifierRaisesNoAlarm(t *testing.T) {
	sim := simulator()
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	source, err := francetravail.New(francetravail.Config{
		StatusURL: server.URL + francetravailsim.StatusPath, PaymentsURL: server.URL + francetravailsim.PaymentsPath,
		TokenURL: server.URL + francetravailsim.TokenPath, ClientID: "PAR_accord", ClientSecret: "secret", Now: now,
		Alarm: func(_, what string) { t.Errorf("alarm: %s", what) },
	})
	if err != nil {
		t.Fatal(err)
	}
	q := typed(hugo(status), "camille.tremblin72")
	q.Attempt = attempt
	if a := source.Query(context.Background(), q); a.Outcome != providers.Refused {
		t.Errorf("outcome %s (%v)", a.Outcome, a.Cause)
	}
}

func TestConfigurationMistakesAreNamed(t *testing.T) {
	good := francetravail.Config{
		StatusURL: "https://ft.example/status", PaymentsURL: "https://ft.example/payments", TokenURL: "https://ft.example/token", ClientID: "a", ClientSecret: "b",
	}
	if _, err := francetravail.New(good); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*francetravail.Config){
		"http beyond loopback": func(c *francetravail.Config) { c.StatusURL = "http://ft.example/status" },
		"payments relative":    func(c *francetravail.Config) { c.PaymentsURL = "/payments" },
		"payments with query":  func(c *francetravail.Config) { c.PaymentsURL += "?x=1" },
		"no token address":     func(c *francetravail.Config) { c.TokenURL = "" },
		"no secret":            func(c *francetravail.Config) { c.ClientSecret = "" },
		"negative rate":        func(c *francetravail.Config) { c.Rate = -1 },
	} {
		bad := good
		spoil(&bad)
		if _, err := francetravail.New(bad); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// The payments' breaker leaves the status alone, and health tells of it.
func TestPaymentsThatFailDoNotShutTheStatus(t *testing.T) {
	sim := simulator()
	sim.Concerns = func(r *http.Request) bool { return r.URL.Path == francetravailsim.PaymentsPath }
	source, _ := inFrontOf(t, sim)
	sim.SetFault(faults.TooMany)
	for range 10 {
		q := camille(payments)
		q.Attempt = attempt
		source.Query(context.Background(), q)
	}
	if state := source.State(); state.Breaker != upstream.Open || state.Failures != 10 {
		t.Errorf("state %+v, want open after 10", state)
	}
	q := camille(status)
	q.Attempt = attempt
	if a := source.Query(context.Background(), q); a.Outcome != providers.Found {
		t.Errorf("outcome %s (%v), want found", a.Outcome, a.Cause)
	}
}
