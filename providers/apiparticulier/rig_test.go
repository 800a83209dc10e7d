package apiparticulier_test

import (
	"flag"
	"os"
	"testing"

	"accord/providers"
	"accord/providers/apiparticulier"
	sim "accord/providers/apiparticulier/apiparticuliersim"
	"accord/providers/sourcetest"
)

// The suites wait much more than they work: more of them at once is quicker.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "10"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// sources tells the source of each resource.
func sources() map[string]string {
	return map[string]string{
		"dss/quotient_familial": "cnav", "dss/participation_familiale_eaje": "cnav", "dss/revenu_solidarite_active": "cnav", "dss/prime_activite": "cnav",
		"dss/allocation_adulte_handicape": "cnav", "dss/allocation_enfant_handicape": "cnav", "dss/allocation_soutien_familial": "cnav",
		"dss/complementaire_sante_solidaire": "cnav", "mesri/statut_etudiant": "mesr", "cnous/etudiant_boursier": "cnous", "men/scolarites": "men",
		"france_travail/statut": "francetravail", "france_travail/indemnites": "francetravail", "dsnj/service_national": "dsnj",
		"gip_mds/service_civique": "gipmds", "sdh/statut_sportif": "sdh", "ants/extrait_immatriculation_vehicule": "ants",
	}
}

// bound tells the resources that name a person from those that answer about a
// status and nobody.
func bound(resource string) sourcetest.Binding {
	switch resource {
	case "dss/quotient_familial", "dss/participation_familiale_eaje", "mesri/statut_etudiant", "cnous/etudiant_boursier", "men/scolarites",
		"france_travail/statut", "sdh/statut_sportif", "ants/extrait_immatriculation_vehicule":
		return sourcetest.ByPerson
	}
	return sourcetest.ByConnection
}

// account asks a simulator under a token of these scopes.
func account(t *testing.T, scopes []string) (*apiparticulier.Account, *sim.Simulator, *sourcetest.Server) {
	t.Helper()
	s := sim.New(sim.Options{Tokens: map[string][]string{token: scopes}, People: people(), Introspect: introspect, Now: now})
	server := sourcetest.Serve(t, s)
	a, err := apiparticulier.New(apiparticulier.Config{URL: server.URL + "/", Token: token, Timeout: sourcetest.AttemptTime, Rate: 10_000, Burst: 100, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return a, s, server
}

// another is what becomes of another person's answer. ANTS compares the holder
// with its own citizen: an answer it vouches for is never one mistyped.
func another(resource string) sourcetest.Stranger {
	switch resource {
	case "france_travail/statut", "sdh/statut_sportif":
		return sourcetest.Stranger{Outcome: providers.Refused, Cause: apiparticulier.ErrAnothersIdentifier}
	}
	return sourcetest.Stranger{}
}

func rigOf(resource string) sourcetest.Factory {
	return func(t *testing.T) *sourcetest.Rig {
		a, s, server := account(t, sim.Scopes())
		return &sourcetest.Rig{
			Stranger: another(resource),
			Source:   a.Source(sources()[resource]), Switch: s.Switch, Server: server, Cases: cases(resource), Static: true, Bound: bound(resource),
			Found: queryOf(resource, ines(), true), Second: queryOf(resource, leo(), false), Verify: verify, Mutations: 500,
		}
	}
}

// The whole suite runs with one resource of each administration.
func TestSources(t *testing.T) {
	for _, resource := range []string{
		"dss/quotient_familial", "mesri/statut_etudiant", "cnous/etudiant_boursier", "men/scolarites", "france_travail/statut", "dsnj/service_national",
		"gip_mds/service_civique", "sdh/statut_sportif", "ants/extrait_immatriculation_vehicule",
	} {
		t.Run(sources()[resource], func(t *testing.T) { sourcetest.Run(t, rigOf(resource)) })
	}
}

// The further resources keep what depends on the resource. France Travail's
// payments, which take two calls, have tests of their own.
func TestFurtherResources(t *testing.T) {
	for _, resource := range []string{
		"dss/participation_familiale_eaje", "dss/revenu_solidarite_active", "dss/prime_activite", "dss/allocation_adulte_handicape",
		"dss/allocation_enfant_handicape", "dss/allocation_soutien_familial", "dss/complementaire_sante_solidaire",
	} {
		t.Run(resource, func(t *testing.T) {
			promises := []string{"EveryOutcomeIsToldApart", "SwappedAnswersAreNobodys", "NoCallWithoutAnAttempt"}
			if resource != "dss/revenu_solidarite_active" && resource != "dss/allocation_soutien_familial" { // their shapes are mutated in two others
				promises = append(promises, "MutatedAnswersNeverGiveAWrongPerson")
			}
			sourcetest.RunSome(t, rigOf(resource), promises...)
		})
	}
}

func with(q providers.Query, change func(*providers.Query)) providers.Query {
	inputs := map[string]string{}
	for name, value := range q.Inputs {
		inputs[name] = value
	}
	q.Inputs = inputs
	change(&q)
	return q
}
