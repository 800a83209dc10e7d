package cnav_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"accord/providers"
	"accord/providers/cnav"
	"accord/providers/upstream"
)

func attempt(context.Context) (providers.Attempt, error) {
	return providers.Attempt{RequestID: "0198f2c4-6a00-7000-8000-000000000001"}, nil
}

// query asks a handler that stands for the hub, which sees the request.
func query(t *testing.T, q providers.Query, hub http.HandlerFunc) providers.Answer {
	t.Helper()
	return queryAt(t, today, q, hub)
}

func queryAt(t *testing.T, clock time.Time, q providers.Query, hub http.HandlerFunc) providers.Answer {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"access_token":"t","token_type":"bearer","expires_in":3600}`))
	})
	mux.HandleFunc("GET /dss/", hub)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	source, err := cnav.New(cnav.Config{
		TokenURL: server.URL + "/token", ClientID: "a", ClientSecret: "b", Resources: at(server.URL), Timeout: time.Second, Now: func() time.Time { return clock },
	})
	if err != nil {
		t.Fatal(err)
	}
	q.Attempt = attempt
	return source.Query(context.Background(), q)
}

func TestDocumentsAreAPIParticuliersV3(t *testing.T) {
	const address = `"adresse":{"destinataire":"MADAME TREMBLIN <& FILS>","complement_information":null,"complement_information_geographique":null,` +
		`"numero_libelle_voie":"12 RUE DES TROIS FONTAINES","lieu_dit":null,"code_postal_ville":"72998 VALBRUME","pays":"FRANCE"}`
	for name, c := range map[string]struct {
		query providers.Query
		want  string
	}{
		"quotient": {month(of(cnav.QuotientFamilial, camille()), 2025, 2), `{"quotient_familial":{"fournisseur":"CNAF","valeur":700,"annee":2025,"mois":2,"annee_calcul":2025,"mois_calcul":2},` +
			`"allocataires":[{"nom_naissance":"TREMBLIN","nom_usage":"OSTERVAL","prenoms":"CAMILLE ELODIE","date_naissance":"1988-03-14","sexe":"F"},` +
			`{"nom_naissance":"OSTERVAL","nom_usage":null,"prenoms":"HUGO","date_naissance":"1986-11-30","sexe":"M"}],` +
			`"enfants":[{"nom_naissance":"OSTERVAL","nom_usage":null,"prenoms":"LEO","date_naissance":"2007-06-02","sexe":"M"},` +
			`{"nom_naissance":"OSTERVAL","nom_usage":null,"prenoms":"ZOE","date_naissance":"2021-04-00","sexe":"F"}],` + address + `}`},
		"childcare": {of(cnav.ParticipationFamilialeEAJE, camille()), `{"allocataires":[{"nom_naissance":"TREMBLIN","nom_usage":"OSTERVAL","prenoms":"CAMILLE ELODIE","date_naissance":"1988-03-14","sexe":"F","code_cog_insee_commune_naissance":"72999"},` +
			`{"nom_naissance":"OSTERVAL","nom_usage":null,"prenoms":"HUGO","date_naissance":"1986-11-30","sexe":"M","code_cog_insee_commune_naissance":null}],` +
			`"enfants":[{"nom_naissance":"OSTERVAL","nom_usage":null,"prenoms":"LEO","date_naissance":"2007-06-02","sexe":"M","code_cog_insee_commune_naissance":null},` +
			`{"nom_naissance":"OSTERVAL","nom_usage":null,"prenoms":"ZOE","date_naissance":"2021-04-00","sexe":"F","code_cog_insee_commune_naissance":"72998"}],` + address + `,` +
			`"parametres_calcul_participation_familiale":{"nombre_enfants_a_charge":2,"nombre_enfants_beneficiaire_aeeh":1,"base_ressources_annuelles":{"valeur":21400,"annee_calcul":2024}}}`},
		"RSA, increased":        {of(cnav.RevenuSolidariteActive, camille()), `{"est_beneficiaire":true,"avec_majoration":true,"date_debut_droit":"2025-05-01"}`},
		"RSA, not":              {of(cnav.RevenuSolidariteActive, hugo()), `{"est_beneficiaire":false,"avec_majoration":null,"date_debut_droit":null}`},
		"prime d'activité":      {of(cnav.PrimeActivite, marieAnge()), `{"est_beneficiaire":true,"avec_majoration":false,"date_debut_droit":"2025-11-01"}`},
		"AAH undated":           {of(cnav.AllocationAdulteHandicape, marieAnge()), `{"est_beneficiaire":true,"date_debut_droit":null}`},
		"AAH ended":             {of(cnav.AllocationAdulteHandicape, hugo()), `{"est_beneficiaire":false,"date_debut_droit":null}`},
		"ASF":                   {of(cnav.AllocationSoutienFamilial, camille()), `{"est_beneficiaire":true,"date_debut_droit":"2023-06-01"}`},
		"AEEH, drawn":           {of(cnav.AllocationEnfantHandicape, camille()), `{"status":"allocataire","date_debut_droit":"2022-09-01"}`},
		"AEEH, child it is for": {of(cnav.AllocationEnfantHandicape, ask(person("Osterval", "Léo", "2007-06-02", "male", "72999"))), `{"status":"ouvrant_droit","date_debut_droit":"2022-09-01"}`},
		"AEEH, not":             {of(cnav.AllocationEnfantHandicape, hugo()), `{"status":"non_beneficiaire","date_debut_droit":null}`},
		"C2S, paid":             {of(cnav.ComplementaireSanteSolidaire, camille()), `{"est_beneficiaire":true,"avec_participation":true,"date_debut_droit":"2026-01-01"}`},
		"C2S, free":             {of(cnav.ComplementaireSanteSolidaire, marieAnge()), `{"est_beneficiaire":true,"avec_participation":false,"date_debut_droit":"2025-09-01"}`},
		"C2S, not":              {of(cnav.ComplementaireSanteSolidaire, hugo()), `{"est_beneficiaire":false,"avec_participation":null,"date_debut_droit":null}`},
	} {
		c.query.Attempt = attempt
		a := rig(t, c.query.Resource).Source.Query(context.Background(), c.query)
		if string(a.Document) != c.want {
			t.Errorf("%s: %s (%v)\n%s\nwant\n%s", name, a.Outcome, a.Cause, a.Document, c.want)
		}
		regime, period := "CNAF", "2026-10"
		if c.query.Identity.FamilyName == marieAnge().Identity.FamilyName {
			regime = "MSA"
		}
		if c.query.Year != 0 {
			period = "2025-02"
		}
		if p := a.Provenance; p.Operator != regime || p.Period != period || p.Source != "cnav" {
			t.Errorf("%s: provenance %+v", name, p)
		}
	}
}

// The hub answers MSA's quotient of today whatever month was asked.
func TestMSAsQuotientOfTodayIsNeverThatOfAPastMonth(t *testing.T) {
	r := rig(t, cnav.QuotientFamilial)
	for name, c := range map[string]struct {
		query providers.Query
		want  providers.Outcome
	}{"this month": {month(marieAnge(), 2026, 10), providers.Found}, "last month": {month(marieAnge(), 2026, 9), providers.Refused}} {
		c.query.Attempt = attempt
		a := r.Source.Query(context.Background(), c.query)
		if a.Outcome != c.want || a.Provenance.Operator != "MSA" || a.Outcome == providers.Refused && !strings.Contains(a.Cause.Error(), "no past months") {
			t.Errorf("%s: outcome %s (%v), provenance %+v", name, a.Outcome, a.Cause, a.Provenance)
		}
	}
	if n := len(r.Switch.Requests()); n != 2 {
		t.Errorf("%d requests: the hub was not asked", n)
	}
}

func TestAResourceNotConfiguredIsRefusedWithoutACall(t *testing.T) {
	sim := simulator()
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	one := at(server.URL)
	delete(one, cnav.AllocationSoutienFamilial)
	source, err := cnav.New(cnav.Config{TokenURL: server.URL + "/token", ClientID: "a", ClientSecret: "b", Resources: one, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	for _, resource := range []string{"", cnav.AllocationSoutienFamilial, "dss/other", "quotient_familial"} {
		q := of(resource, camille())
		q.Attempt = func(context.Context) (providers.Attempt, error) {
			t.Errorf("%q: an attempt was made", resource)
			return attempt(t.Context())
		}
		if a := source.Query(context.Background(), q); a.Outcome != providers.Refused || a.Provenance.Source != "cnav" || a.Cause == nil {
			t.Errorf("%q: outcome %s (%v)", resource, a.Outcome, a.Cause)
		}
	}
	if sim.TokenRequests() != 0 {
		t.Error("a token was asked")
	}
}

// No family fund pays the complémentaire santé solidaire.
func TestOnlyHealthMayComeWithoutARegime(t *testing.T) {
	for _, resource := range cnav.Names() {
		a := query(t, of(resource, camille()), func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"indicateur":"NON_BENEFICIAIRE_CSS"}`))
		})
		health := resource == cnav.ComplementaireSanteSolidaire
		if found := a.Outcome == providers.Found && a.Provenance.Operator == "CNAV"; found != health || !health && a.Outcome != providers.Unavailable {
			t.Errorf("%s: outcome %s (%v) of %q", resource, a.Outcome, a.Cause, a.Provenance.Operator)
		}
	}
}

// The parameters are those of reference/api-particulier.md §6.1.
func TestRequestIsTheHubs(t *testing.T) {
	born := url.Values{
		"nomNaissance": {"TREMBLIN"}, "listePrenoms": {"CAMILLE ELODIE"}, "dateNaissance": {"1988-03-14"}, "genre": {"F"},
		"codePaysNaissance": {"99100"}, "codeLieuNaissance": {"72999"},
	}
	for name, c := range map[string]struct {
		query providers.Query
		want  string
	}{
		"born in France": {month(camille(), 2026, 3), born.Encode() + "&anneeDemandee=2026&moisDemande=03"},
		"born abroad on an unknown day": {marieAnge(), url.Values{
			"nomNaissance": {"BREVAN-D'AUROY"}, "listePrenoms": {"MARIE ANGE ROSE LUCIENNE"}, "dateNaissance": {"1979-05-00"}, "genre": {"F"},
			"codePaysNaissance": {"99341"}, "anneeDemandee": {"2026"}, "moisDemande": {"10"},
		}.Encode()},
		"childcare has no month": {of(cnav.ParticipationFamilialeEAJE, camille()), born.Encode()},
		"nor has a benefit":      {of(cnav.AllocationAdulteHandicape, camille()), born.Encode()},
	} {
		t.Run(name, func(t *testing.T) {
			want, err := url.ParseQuery(c.want)
			if err != nil {
				t.Fatal(err)
			}
			query(t, c.query, func(_ http.ResponseWriter, r *http.Request) {
				if got := r.URL.Query().Encode(); got != want.Encode() || r.URL.Path != "/"+c.query.Resource {
					t.Errorf("%s, query %s\nwant  %s", r.URL.Path, got, want.Encode())
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

// Refusals too: that nobody knows another person says nothing of this one.
func TestAnAnswerUnderAnotherCorrelationIDIsAnothersWhateverItSays(t *testing.T) {
	const own, other = "0198F2C4-6A00-7000-8000-000000000001", "0198f2c4-6a00-7000-8000-000000000002"
	for name, c := range map[string]struct {
		ids   []string
		wrong bool
	}{"none": {nil, false}, "ours in capitals": {[]string{own}, false}, "another": {[]string{other}, true}, "both": {[]string{own, other}, true}, "an empty one": {[]string{""}, true}} {
		for status, body := range map[int]string{200: `{"indicateur":"NON_BENEFICIAIRE_CSS"}`, 404: `{"errorCode":40409}`, 400: `{"errorCode":40013}`, 409: `{"errorCode":40901}`} {
			a := query(t, of(cnav.ComplementaireSanteSolidaire, camille()), func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["X-Correlation-Id"] = c.ids
				w.WriteHeader(status)
				_, _ = w.Write([]byte(body))
			})
			wrong := a.Outcome == providers.Unavailable && errors.Is(a.Cause, upstream.ErrAnotherPerson)
			if wrong != c.wrong || !c.wrong && a.Outcome == providers.Unavailable {
				t.Errorf("%s, status %d: outcome %s (%v), another's: want %t", name, status, a.Outcome, a.Cause, c.wrong)
			}
		}
	}
}
