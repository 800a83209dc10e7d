package apiparticulier_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"accord/providers"
	"accord/providers/apiparticulier"
	sim "accord/providers/apiparticulier/apiparticuliersim"
	"accord/providers/upstream"
)

// trueAnswer is what the simulator sends for q, and the document made of it.
func trueAnswer(t *testing.T, q providers.Query) (sent string, document json.RawMessage) {
	t.Helper()
	a, s, _ := account(t, sim.Scopes())
	s.SetMutation(func(b []byte) []byte { sent = string(b); return b })
	q.Attempt = attempt
	answer := a.Source(sources()[q.Resource]).Query(t.Context(), q)
	if answer.Outcome != providers.Found {
		t.Fatalf("outcome %s (%v)", answer.Outcome, answer.Cause)
	}
	return sent, answer.Document
}

func TestDocumentIsTheMemberDataOfTheNewestVersion(t *testing.T) {
	for resource, want := range map[string]string{
		"dss/quotient_familial": `{"quotient_familial":{"fournisseur":"CNAF","valeur":742,"annee":2026,"mois":10,"annee_calcul":2026,"mois_calcul":10},` +
			`"allocataires":[{"nom_naissance":"VALOMBRE","nom_usage":"TREMBLIN","prenoms":"INES MAELLE","date_naissance":"2004-02-11","sexe":"F"}],` +
			`"enfants":[{"nom_naissance":"VALOMBRE","nom_usage":null,"prenoms":"LOU","date_naissance":"2022-05-00","sexe":"F"}],` +
			`"adresse":{"destinataire":"MADAME VALOMBRE <& FILS>","complement_information":null,"complement_information_geographique":null,` +
			`"numero_libelle_voie":"1 RUE DES TROIS FONTAINES","lieu_dit":null,"code_postal_ville":"72998 VALBRUME","pays":"FRANCE"}}`,
		"cnous/etudiant_boursier": `{"identite":{"nom":"VALOMBRE","prenoms":["INES","MAELLE"],"date_naissance":"2004-02-11","nom_commune_naissance":"VALBRUME","sexe":"F"},` +
			`"email":"1@etu.example","statut_boursier":{"est_boursier":true,"est_radie":false,"date_radiation":null},` +
			`"echelon_bourse":{"echelon":"0bis","echelon_bourse_regionale_provisoire":false},"periode_versement_bourse":{"date_rentree":"2026-09-01","duree":10},` +
			`"etablissement_etudes":{"nom_commune":"Valbrume","nom_etablissement":"Université de Valbrume"}}`,
		"dsnj/service_national": `{"statut_service_national":"en_regle","commentaires":"Journée faite en 2021.\nRien d'autre."}`,
	} {
		if _, got := trueAnswer(t, queryOf(resource, ines(), true)); string(got) != want {
			t.Errorf("%s\n%s\nwant\n%s", resource, got, want)
		}
	}
}

func TestProvenanceNamesWhoAnsweredAndThePeriod(t *testing.T) {
	for name, c := range map[string]struct {
		query                    providers.Query
		source, operator, period string
	}{
		"CNAF":     {with(queryOf("dss/quotient_familial", ines(), true), func(q *providers.Query) { q.Year, q.Month = 2025, 2 }), "cnav", "CNAF", "2025-02"},
		"MSA":      {queryOf("dss/quotient_familial", leo(), false), "cnav", "MSA", "2026-10"},
		"benefit":  {queryOf("dss/prime_activite", ines(), true), "cnav", "Sécurité sociale", "2026-10"},
		"campaign": {with(queryOf("cnous/etudiant_boursier", ines(), true), func(q *providers.Query) { q.Year = 2024 }), "cnous", "CNOUS", "2024"},
		"pupil":    {queryOf("men/scolarites", ines(), true), "men", "Éducation nationale", "2026"},
		"vehicle":  {queryOf("ants/extrait_immatriculation_vehicule", ines(), true), "ants", "ANTS", "2026-10"},
	} {
		a, _ := askUnder(t, sim.Scopes(), c.query)
		if p := a.Provenance; p.Source != c.source || p.Operator != c.operator || p.Period != c.period || p.RequestID != requestID {
			t.Errorf("%s: provenance %+v", name, p)
		}
	}
}

// Each case replaces a piece of a true answer; the cause tells the kinds of
// failure apart.
func TestAnswersThatAreNotWholeOrNotOursAreNotFound(t *testing.T) {
	const qf, grant, men, ants, sdh, paid, national = "dss/quotient_familial", "cnous/etudiant_boursier", "men/scolarites",
		"ants/extrait_immatriculation_vehicule", "sdh/statut_sportif", "france_travail/indemnites", "dsnj/service_national"
	for name, c := range map[string]struct {
		resource, old, new string
		outcome            providers.Outcome
		cause              error
	}{
		"a member more":                {qf, `"valeur":742`, `"valeur":742,"nouveau":[{}]`, providers.Found, nil},
		"no quotient":                  {qf, `"valeur":742`, `"valeur":null`, providers.NoFile, nil},
		"no quotient, somebody else":   {qf, `2004-02-11","nom_naissance":"VALOMBRE","nom_usage":"TREMBLIN","prenoms":"INES MAELLE","sexe":"F"}],"enfants"`, `2004-02-12","nom_naissance":"VALOMBRE","nom_usage":"TREMBLIN","prenoms":"INES MAELLE","sexe":"F"}],"enfants"`, providers.Unavailable, upstream.ErrAnotherPerson},
		"another month":                {qf, `"mois":10,`, `"mois":9,`, providers.Unavailable, nil},
		"another year":                 {qf, `"annee":2026,`, `"annee":2025,`, providers.Unavailable, nil},
		"quotient a text":              {qf, `742`, `"742"`, providers.Unavailable, upstream.ErrShape},
		"quotient broken":              {qf, `742`, `742.5`, providers.Unavailable, upstream.ErrShape},
		"quotient without its end":     {qf, `"mois_calcul":10,`, ``, providers.Unavailable, upstream.ErrIncomplete},
		"a fund nobody knows":          {qf, `"CNAF"`, `"CAF"`, providers.Unavailable, upstream.ErrShape},
		"allocataires null":            {qf, `"allocataires":[`, `"autres":[`, providers.Refused, nil},
		"child instead of claimant":    {qf, `"date_naissance":"2004-02-11"`, `"date_naissance":"2004-02-12"`, providers.Unavailable, upstream.ErrAnotherPerson},
		"member twice":                 {qf, `"valeur":742`, `"valeur":742,"Valeur":1`, providers.Unavailable, upstream.ErrShape},
		"something after":              {qf, `"meta":{}}`, `"meta":{}}{}`, providers.Unavailable, upstream.ErrShape},
		"data renamed":                 {qf, `"data":`, `"Data":`, providers.Unavailable, upstream.ErrIncomplete},
		"data a list":                  {national, `{"commentaires"`, `[],"x":{"commentaires"`, providers.Unavailable, upstream.ErrShape},
		"version 3 of the grant":       {grant, `"statut_boursier":{"date_radiation":null,"est_boursier":true,"est_radie":false}`, `"est_boursier":true`, providers.Refused, nil},
		"step nobody knows":            {grant, `"0bis"`, `"8"`, providers.Unavailable, upstream.ErrShape},
		"no step":                      {grant, `"0bis"`, `null`, providers.Found, nil},
		"a day of no month":            {grant, `"2026-09-01"`, `"2026-02-30"`, providers.Unavailable, upstream.ErrShape},
		"the child's sibling":          {men, `"ZOE"`, `"EVE"`, providers.Unavailable, upstream.ErrAnotherPerson},
		"the child's twin in age":      {men, `2012-04-09`, `2012-04-10`, providers.Unavailable, upstream.ErrAnotherPerson},
		"another school year":          {men, `2026-2027`, `2025-2026`, providers.Unavailable, nil},
		"no boarding":                  {men, `{"code":"2","libelle":"DEMI-PENSIONNAIRE"}`, `null`, providers.Found, nil},
		"ANTS says another":            {ants, `"overall_match":true`, `"overall_match":false`, providers.Refused, apiparticulier.ErrAnothersIdentifier},
		"ANTS does not say":            {ants, `"overall_match":true`, `"birth":1`, providers.Unavailable, upstream.ErrShape},
		"ANTS says it with a text":     {ants, `"overall_match":true`, `"overall_match":"true"`, providers.Unavailable, upstream.ErrShape},
		"ANTS without a match":         {ants, `"identity_matching"`, `"matching"`, providers.Unavailable, upstream.ErrIncomplete},
		"another plate":                {ants, `AA-111-AA`, `AA-112-AA`, providers.Unavailable, upstream.ErrAnotherPerson},
		"another holder":               {ants, `"INES"`, `"EVE"`, providers.Unavailable, upstream.ErrAnotherPerson},
		"holder of another day":        {ants, `"jour_date_naissance":11`, `"jour_date_naissance":12`, providers.Unavailable, upstream.ErrAnotherPerson},
		"holder born on a day unknown": {ants, `"jour_date_naissance":11`, `"jour_date_naissance":null`, providers.Found, nil},
		"the athlete's namesake":       {sdh, `2004-02-11`, `2004-02-13`, providers.Refused, apiparticulier.ErrAnothersIdentifier},
		"somebody else's payments":     {paid, `"valombre1"`, `"osterval2"`, providers.Unavailable, upstream.ErrAnotherPerson},
		"an amount in words":           {paid, `822.45`, `"822.45"`, providers.Unavailable, upstream.ErrShape},
		"a status nobody knows":        {national, `"en_regle"`, `"autre"`, providers.Unavailable, upstream.ErrShape},
		"no remark":                    {national, `"Journée faite en 2021.\nRien d'autre."`, `null`, providers.Found, nil},
		"a bell":                       {national, `faite`, `\u0007`, providers.Unavailable, upstream.ErrShape},
		"an endless remark":            {national, `faite`, strings.Repeat("x", 2000), providers.Unavailable, upstream.ErrShape},
		"bytes that are no text":       {national, `faite`, "\xff", providers.Unavailable, upstream.ErrShape},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := queryOf(c.resource, ines(), true)
			sent, _ := trueAnswer(t, q)
			if !strings.Contains(sent, c.old) {
				t.Fatalf("the case changes nothing in %s", sent)
			}
			a := answeredAt(t, q, 200, strings.Replace(sent, c.old, c.new, 1))
			if a.Outcome != c.outcome || c.cause != nil && !errors.Is(a.Cause, c.cause) {
				t.Errorf("outcome %s (%v), want %s (%v)", a.Outcome, a.Cause, c.outcome, c.cause)
			}
		})
	}
}

// A household whose claimants the token may not see is bound like the benefits;
// what it does name must not be somebody else's family of claimants.
func TestHouseholdIsHeldToWhomItNames(t *testing.T) {
	q := queryOf("dss/quotient_familial", leo(), false) // not in this household
	sent, _ := trueAnswer(t, queryOf("dss/quotient_familial", ines(), true))
	for name, c := range map[string]struct {
		cut     string
		outcome providers.Outcome
	}{
		"claimants and children": {"", providers.Unavailable},
		"claimants only":         {"enfants", providers.Unavailable},
		"children only":          {"allocataires", providers.Found},
	} {
		var envelope map[string]map[string]any
		if err := json.Unmarshal([]byte(sent), &envelope); err != nil {
			t.Fatal(err)
		}
		delete(envelope["data"], c.cut)
		body, err := json.Marshal(envelope)
		if err != nil {
			t.Fatal(err)
		}
		q.Data = []string{"cnaf_quotient_familial"}
		if a := answeredAt(t, q, 200, string(body)); a.Outcome != c.outcome {
			t.Errorf("%s: outcome %s (%v), want %s", name, a.Outcome, a.Cause, c.outcome)
		}
	}
}
