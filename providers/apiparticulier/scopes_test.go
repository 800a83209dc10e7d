package apiparticulier_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"accord/providers"
	sim "accord/providers/apiparticulier/apiparticuliersim"
)

func askUnder(t *testing.T, scopes []string, q providers.Query) (providers.Answer, []string) {
	t.Helper()
	a, s, _ := account(t, scopes)
	q.Attempt = attempt
	return a.Source(sources()[q.Resource]).Query(context.Background(), q), s.Requests()
}

// What is wanted is there, or the answer is no answer; what is not wanted may
// be masked.
func TestEntitlementThatLacksAWantedScopeIsRefused(t *testing.T) {
	const qf, civic, mesri = "dss/quotient_familial", "gip_mds/service_civique", "mesri/statut_etudiant"
	const actuel, passe, organisme = "gip_mds_service_civique_statut_actuel", "gip_mds_service_civique_statut_passe", "gip_mds_service_civique_organisme_accueil"
	for name, c := range map[string]struct {
		resource string
		scopes   string // of the token
		data     string // wanted
		outcome  providers.Outcome
		cause    string
		members  string // of the document
	}{
		"one of four wanted and held":     {qf, "cnaf_quotient_familial", "cnaf_quotient_familial", providers.Found, "", "quotient_familial"},
		"wanted, not held":                {qf, "cnaf_quotient_familial", "cnaf_quotient_familial cnaf_adresse", providers.Refused, "entitlement lacks the scope cnaf_adresse", ""},
		"held, not wanted":                {qf, "cnaf_quotient_familial cnaf_adresse", "cnaf_adresse", providers.Found, "", "adresse quotient_familial"},
		"all wanted when none is named":   {qf, "cnaf_quotient_familial cnaf_adresse", "", providers.Refused, "cnaf_allocataires", ""},
		"none held":                       {qf, "cnous_email", "cnaf_adresse", providers.Refused, "entitlement lacks every scope", ""},
		"wanted of another resource too":  {qf, "cnaf_adresse", "cnaf_adresse revenu_solidarite_active", providers.Found, "", "adresse"},
		"increase alone":                  {"dss/prime_activite", "prime_activite_majoration", "prime_activite_majoration", providers.Found, "", "avec_majoration"},
		"benefit without its increase":    {"dss/prime_activite", "prime_activite", "prime_activite_majoration", providers.Refused, "majoration", ""},
		"nested, one parent":              {civic, actuel + " " + organisme, actuel + " " + organisme, providers.Found, "", "statut_actuel"},
		"nested, not held":                {civic, actuel + " " + passe, actuel + " " + organisme, providers.Refused, organisme, ""},
		"nested, no parent":               {civic, organisme, organisme, providers.Refused, organisme, ""},
		"admissions without a detail":     {mesri, "mesri_identite mesri_admissions", "mesri_admissions", providers.Found, "", "admissions identite"},
		"admissions, the detail wanted":   {mesri, "mesri_identite mesri_admissions", "mesri_admission_inscrit", providers.Refused, "mesri_admission_inscrit", ""},
		"detail without the admissions":   {mesri, "mesri_identite mesri_admission_inscrit", "mesri_admission_inscrit", providers.Refused, "mesri_admission_inscrit", ""},
		"vehicle under our token's scope": {"ants/extrait_immatriculation_vehicule", "", "ants_extrait_immatriculation_vehicule_statut_rattachement", providers.Found, "", "statut_rattachement"},
	} {
		t.Run(name, func(t *testing.T) {
			q := queryOf(c.resource, ines(), true)
			q.Data = strings.Fields(c.data)
			a, _ := askUnder(t, strings.Fields(c.scopes), q)
			if a.Outcome != c.outcome || c.cause != "" && (a.Cause == nil || !strings.Contains(a.Cause.Error(), c.cause)) {
				t.Fatalf("outcome %s (%v), want %s (%s)", a.Outcome, a.Cause, c.outcome, c.cause)
			}
			var document map[string]any
			if a.Outcome == providers.Found && json.Unmarshal(a.Document, &document) != nil {
				t.Fatal("no document")
			}
			for _, name := range strings.Fields(c.members) {
				if _, ok := document[name]; !ok {
					t.Errorf("member %s is missing in %s", name, a.Document)
				}
			}
		})
	}
}

// Found by what the citizen typed, an answer that names nobody is nobody's.
func TestTypedIdentifiersNeedTheIdentityScope(t *testing.T) {
	for resource, c := range map[string]struct{ scope, ine string }{
		"france_travail/statut":   {"pole_emploi_inscription", ""},
		"sdh/statut_sportif":      {"sdh_statut_sportif_est_sportif_de_haut_niveau", ""},
		"men/scolarites":          {"men_statut_boursier", ""},
		"mesri/statut_etudiant":   {"mesri_admissions", "100200300AB"},
		"cnous/etudiant_boursier": {"cnous_email", "100200300AB"},
	} {
		q := with(queryOf(resource, ines(), true), func(q *providers.Query) {
			q.Data = []string{strings.Replace(c.scope, "pole_emploi_", "france_travail_", 1)}
			if c.ine != "" {
				q.Inputs["ine"] = c.ine
			}
		})
		a, _ := askUnder(t, []string{c.scope}, q)
		if a.Outcome != providers.Refused || !strings.Contains(a.Cause.Error(), "identity scope") {
			t.Errorf("%s: outcome %s (%v), want refused", resource, a.Outcome, a.Cause)
		}
		if c.ine == "" {
			continue
		}
		delete(q.Inputs, "ine") // by civil identity the connection binds it
		if a, _ := askUnder(t, []string{c.scope}, q); a.Outcome != providers.Found {
			t.Errorf("%s by civil identity: outcome %s (%v), want found", resource, a.Outcome, a.Cause)
		}
	}
}

// The payments name an identifiant only: the register is asked first whose it
// is.
func TestPaymentsAreAskedOfThePersonsOwnIdentifiantOnly(t *testing.T) {
	const resource = "france_travail/indemnites"
	typed := func(identifiant string) providers.Query {
		return with(queryOf(resource, ines(), true), func(q *providers.Query) { q.Inputs["identifiant"] = identifiant })
	}
	for name, c := range map[string]struct {
		scopes  []string
		query   providers.Query
		outcome providers.Outcome
		calls   int
	}{
		"their own":               {sim.Scopes(), typed("valombre1"), providers.Found, 2},
		"somebody else's":         {sim.Scopes(), typed("osterval2"), providers.Refused, 1},
		"nobody's":                {sim.Scopes(), typed("x"), providers.Unknown, 1},
		"none":                    {sim.Scopes(), typed(""), providers.Refused, 0},
		"without the identity":    {[]string{"pole_emploi_paiements", "pole_emploi_inscription"}, typed("valombre1"), providers.Refused, 1},
		"without the register":    {[]string{"pole_emploi_paiements"}, typed("valombre1"), providers.Refused, 1},
		"without the payments":    {[]string{"pole_emploi_identite"}, typed("valombre1"), providers.Refused, 2},
		"identity and payments":   {[]string{"pole_emploi_identite", "pole_emploi_paiements"}, typed("valombre1"), providers.Found, 2},
		"datum of the register":   {sim.Scopes(), with(typed("valombre1"), func(q *providers.Query) { q.Data = []string{"pole_emploi_identite"} }), providers.Found, 2},
		"by the catalogue's id":   {sim.Scopes(), with(typed("valombre1"), func(q *providers.Query) { q.Data = []string{"france_travail_paiements"} }), providers.Found, 2},
		"id without its scope":    {[]string{"pole_emploi_identite"}, with(typed("valombre1"), func(q *providers.Query) { q.Data = []string{"france_travail_paiements"} }), providers.Refused, 2},
		"datum of another source": {sim.Scopes(), with(typed("valombre1"), func(q *providers.Query) { q.Data = []string{"cnous_email"} }), providers.Refused, 0},
	} {
		t.Run(name, func(t *testing.T) {
			a, seen := askUnder(t, c.scopes, c.query)
			if a.Outcome != c.outcome || len(seen) != c.calls {
				t.Errorf("outcome %s (%v) after %d calls, want %s after %d", a.Outcome, a.Cause, len(seen), c.outcome, c.calls)
			}
		})
	}
}
