package apiparticulier_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"accord/providers"
	"accord/providers/apiparticulier"
)

const requestID = "0198f2c4-6a00-7000-8000-000000000001"

func attempt(context.Context) (providers.Attempt, error) {
	return providers.Attempt{RequestID: requestID}, nil
}

// query asks a handler that stands for API Particulier.
func query(t *testing.T, q providers.Query, api http.HandlerFunc) providers.Answer {
	t.Helper()
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	a, err := apiparticulier.New(apiparticulier.Config{URL: server.URL, Token: token, Timeout: time.Second, Rate: 10_000, Burst: 100, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	q.Attempt = attempt
	return a.Source(sources()[q.Resource]).Query(context.Background(), q)
}

// born abroad on a day of May 2004 nobody knows; written with what registers
// do not have.
func marieAnge() providers.Identity {
	return providers.Identity{
		FamilyName: "Brévan-d’Auroy", GivenName: "Marie Ange Rose Lucienne", Birthdate: "2004-05-01", IDPBirthdate: "2004-05-00",
		Gender: "female", Birthcountry: "99341",
	}
}

// The parameters are those of reference/api-particulier.md §3.2.
func TestRequestsAreAPIParticuliers(t *testing.T) {
	civil := func(more url.Values) url.Values {
		v := url.Values{
			"recipient": {recipient}, "nomNaissance": {"VALOMBRE"}, "prenoms[]": {"INES", "MAELLE"},
			"anneeDateNaissance": {"2004"}, "moisDateNaissance": {"2"}, "jourDateNaissance": {"11"},
		}
		for name, values := range more {
			v[name] = values
		}
		return v
	}
	france, commune, sex := []string{"99100"}, []string{"72999"}, []string{"F"}
	dss := url.Values{"sexeEtatCivil": sex, "codeCogInseePaysNaissance": france, "codeCogInseeCommuneNaissance": commune}
	for name, c := range map[string]struct {
		query providers.Query
		path  string
		want  url.Values
	}{
		"quotient": {queryOf("dss/quotient_familial", ines(), true), "/v3/dss/quotient_familial/identite", civil(url.Values{
			"sexeEtatCivil": sex, "codeCogInseePaysNaissance": france, "codeCogInseeCommuneNaissance": commune, "annee": {"2026"}, "mois": {"10"},
		})},
		"rsa":      {queryOf("dss/revenu_solidarite_active", ines(), true), "/v3/dss/revenu_solidarite_active/identite", civil(dss)},
		"ppa":      {queryOf("dss/prime_activite", ines(), true), "/v3/dss/prime_activite/identite", civil(dss)},
		"aah":      {queryOf("dss/allocation_adulte_handicape", ines(), true), "/v3/dss/allocation_adulte_handicape/identite", civil(dss)},
		"aeeh":     {queryOf("dss/allocation_enfant_handicape", ines(), true), "/v3/dss/allocation_enfant_handicape/identite", civil(dss)},
		"asf":      {queryOf("dss/allocation_soutien_familial", ines(), true), "/v3/dss/allocation_soutien_familial/identite", civil(dss)},
		"c2s":      {queryOf("dss/complementaire_sante_solidaire", ines(), true), "/v3/dss/complementaire_sante_solidaire/identite", civil(dss)},
		"eaje":     {queryOf("dss/participation_familiale_eaje", ines(), true), "/v3/dss/participation_familiale_eaje/identite", civil(dss)},
		"student":  {queryOf("mesri/statut_etudiant", ines(), true), "/v3/mesri/statut_etudiant/identite", civil(url.Values{"sexeEtatCivil": sex, "codeCogInseeCommuneNaissance": commune})},
		"grant":    {queryOf("cnous/etudiant_boursier", ines(), true), "/v4/cnous/etudiant_boursier/identite", civil(url.Values{"sexeEtatCivil": sex, "codeCogInseeCommuneNaissance": commune})},
		"national": {queryOf("dsnj/service_national", ines(), true), "/v3/dsnj/service_national/identite", civil(dss)},
		"civic":    {queryOf("gip_mds/service_civique", ines(), true), "/v3/gip_mds/service_civique/identite", civil(nil)},
		"pupil": {queryOf("men/scolarites", ines(), true), "/v5/men/scolarites/identite", url.Values{
			"recipient": {recipient}, "nomNaissance": {"VALOMBRE"}, "prenoms[]": {"ZOE"}, "sexeEtatCivil": sex,
			"anneeDateNaissance": {"2012"}, "moisDateNaissance": {"4"}, "jourDateNaissance": {"9"}, "anneeScolaire": {"2026-2027"}, "codeEtablissement": {"0720001A"},
		}},
		"grant by INE, past campaign": {
			with(queryOf("cnous/etudiant_boursier", ines(), true), func(q *providers.Query) { q.Inputs["ine"], q.Year = "100200300AB", 2024 }),
			"/v4/cnous/etudiant_boursier/ine",
			url.Values{"recipient": {recipient}, "ine": {"100200300AB"}, "campaignYear": {"2024"}},
		},
		"jobseeker": {queryOf("france_travail/statut", ines(), true), "/v3/france_travail/statut/identifiant", url.Values{"recipient": {recipient}, "identifiant": {"valombre1"}}},
		"athlete":   {queryOf("sdh/statut_sportif", ines(), true), "/v3/sdh/statut_sportif/identifiant", url.Values{"recipient": {recipient}, "identifiant": {"45001"}}},
		"vehicle": {
			queryOf("ants/extrait_immatriculation_vehicule", ines(), true), "/v3/ants/extrait_immatriculation_vehicule/france_connect",
			url.Values{"recipient": {recipient}, "immatriculation": {"AA 111 AA"}},
		},
		"born abroad, day unknown": {queryOf("dss/prime_activite", marieAnge(), true), "/v3/dss/prime_activite/identite", url.Values{
			"recipient": {recipient}, "nomNaissance": {"BREVAN-D'AUROY"}, "prenoms[]": {"MARIE", "ANGE", "ROSE"}, "sexeEtatCivil": sex,
			"anneeDateNaissance": {"2004"}, "moisDateNaissance": {"5"}, "codeCogInseePaysNaissance": {"99341"},
		}},
		"day unknown, where it must be told": {queryOf("gip_mds/service_civique", marieAnge(), true), "/v3/gip_mds/service_civique/identite", url.Values{
			"recipient": {recipient}, "nomNaissance": {"BREVAN-D'AUROY"}, "prenoms[]": {"MARIE", "ANGE", "ROSE"},
			"anneeDateNaissance": {"2004"}, "moisDateNaissance": {"5"}, "jourDateNaissance": {"1"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			bearer := token
			if c.query.FranceConnectToken != "" {
				bearer = c.query.FranceConnectToken
			}
			query(t, c.query, func(_ http.ResponseWriter, r *http.Request) {
				if r.URL.Path != c.path || r.URL.Query().Encode() != c.want.Encode() {
					t.Errorf("%s?%s\nwant %s?%s", r.URL.Path, r.URL.Query().Encode(), c.path, c.want.Encode())
				}
				if r.Header.Get("Authorization") != "Bearer "+bearer || r.Header.Get("X-Request-Id") != requestID || r.Method != http.MethodGet {
					t.Errorf("%s with headers %v", r.Method, r.Header)
				}
			})
		})
	}
}

func TestEuropeanFirstNamesAreTakenAsAListWhenThereIsOne(t *testing.T) {
	q := queryOf("gip_mds/service_civique", ines(), true)
	q.Identity.GivenNames = []string{"Inès Maëlle", "Œuvre", "…", "Rose", "Lys"}
	query(t, q, func(_ http.ResponseWriter, r *http.Request) {
		if got := r.URL.Query()["prenoms[]"]; len(got) != 3 || got[0] != "INES MAELLE" || got[1] != "OEUVRE" || got[2] != "ROSE" {
			t.Errorf("first names %q", got)
		}
	})
}

// FranceConnect's limit is the source's: five seconds before it, all ends.
func TestFranceConnectsLimitEndsTheCall(t *testing.T) {
	q := queryOf("ants/extrait_immatriculation_vehicule", ines(), true)
	q.TokenExpires = today.Add(5*time.Second + 150*time.Millisecond)
	began := time.Now()
	a := query(t, q, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	if took := time.Since(began); a.Outcome != providers.Unavailable || took > 900*time.Millisecond {
		t.Errorf("outcome %s (%v) after %s", a.Outcome, a.Cause, took)
	}
}

// An identity that cannot be answered about goes nowhere.
func TestWhatCannotBeAskedIsNotAsked(t *testing.T) {
	change := func(resource string, f func(*providers.Query)) providers.Query {
		return with(queryOf(resource, ines(), true), f)
	}
	for name, q := range map[string]providers.Query{
		"26 years old":           change("dsnj/service_national", func(q *providers.Query) { q.Identity.Birthdate = "2000-10-14" }),
		"15 years old":           change("dsnj/service_national", func(q *providers.Query) { q.Identity.Birthdate = "2010-10-15" }),
		"sex unspecified":        change("dss/prime_activite", func(q *providers.Query) { q.Identity.Gender = "unspecified" }),
		"month to come":          change("dss/quotient_familial", func(q *providers.Query) { q.Month = 11 }),
		"campaign of this year":  change("cnous/etudiant_boursier", func(q *providers.Query) { q.Year = 2026 }),
		"INE of two lines":       change("mesri/statut_etudiant", func(q *providers.Query) { q.Inputs["ine"] = "1\n2" }),
		"no school":              change("men/scolarites", func(q *providers.Query) { delete(q.Inputs, "code_etablissement") }),
		"child without a date":   change("men/scolarites", func(q *providers.Query) { delete(q.Inputs, "enfant_date_naissance") }),
		"no identifiant":         change("france_travail/statut", func(q *providers.Query) { q.Inputs = nil }),
		"licence in letters":     change("sdh/statut_sportif", func(q *providers.Query) { q.Inputs["identifiant_sportif"] = "12a" }),
		"plate in signs":         change("ants/extrait_immatriculation_vehicule", func(q *providers.Query) { q.Inputs["immatriculation"] = "<>&" }),
		"no FranceConnect token": change("ants/extrait_immatriculation_vehicule", func(q *providers.Query) { q.FranceConnectToken = "" }),
		"a token of two lines":   change("ants/extrait_immatriculation_vehicule", func(q *providers.Query) { q.FranceConnectToken = "a\nb" }),
		"recipient not a SIRET":  change("gip_mds/service_civique", func(q *providers.Query) { q.Recipient = "12" }),
		"another source's datum": change("gip_mds/service_civique", func(q *providers.Query) { q.Data = []string{"cnous_email"} }),
		"a resource of nobody's": change("gip_mds/service_civique", func(q *providers.Query) { q.Resource = "gip_mds/autre" }),
		"a name of nobody":       change("gip_mds/service_civique", func(q *providers.Query) { q.Identity.FamilyName = " " }),
	} {
		resource := q.Resource
		if _, ok := sources()[resource]; !ok {
			resource = "gip_mds/service_civique"
		}
		a, s, _ := account(t, []string{"cnous_email", "gip_mds_service_civique_dates"})
		q.Attempt = attempt
		answer := a.Source(sources()[resource]).Query(t.Context(), q)
		if seen := len(s.Requests()); seen != 0 || answer.Outcome != providers.Refused && answer.Outcome != providers.Unavailable {
			t.Errorf("%s: outcome %s (%v) after %d calls, want none", name, answer.Outcome, answer.Cause, seen)
		}
	}
}
