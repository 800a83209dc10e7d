package apiparticulier_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"

	"accord/providers"
	"accord/providers/apiparticulier"
	sim "accord/providers/apiparticulier/apiparticuliersim"
	"accord/providers/sourcetest"
	"accord/providers/upstream"
)

// mistypedQueries are queries of Inès with Léo's identifiers.
func mistypedQueries() map[string]providers.Query {
	typed := func(resource, name, value string) providers.Query {
		return with(queryOf(resource, ines(), true), func(q *providers.Query) { q.Inputs[name] = value })
	}
	return map[string]providers.Query{
		"INE of enrolments": typed("mesri/statut_etudiant", "ine", "100200300CD"),
		"INE of grants":     typed("cnous/etudiant_boursier", "ine", "100200300CD"),
		"jobseeker":         typed("france_travail/statut", "identifiant", "osterval2"),
		"payments":          typed("france_travail/indemnites", "identifiant", "osterval2"),
		"athlete":           typed("sdh/statut_sportif", "identifiant_sportif", "45002"),
	}
}

// heard asks API Particulier about q and tells the alarms.
func heard(t *testing.T, q providers.Query, api http.Handler) (a providers.Answer, alarms []string) {
	t.Helper()
	server := sourcetest.Serve(t, api)
	account, err := apiparticulier.New(apiparticulier.Config{
		URL: server.URL, Token: token, Timeout: sourcetest.AttemptTime, Rate: 10_000, Burst: 100, Now: now,
		Alarm: func(_, what string) { alarms = append(alarms, what) },
	})
	if err != nil {
		t.Fatal(err)
	}
	q.Attempt = attempt
	return account.Source(sources()[q.Resource]).Query(t.Context(), q), alarms
}

func simulated() *sim.Simulator {
	return sim.New(sim.Options{Tokens: map[string][]string{token: sim.Scopes()}, People: people(), Introspect: introspect, Now: now})
}

func TestAnIdentifierThatLeadsToAnotherIsRefusedWithoutAnAlarm(t *testing.T) {
	for name, q := range mistypedQueries() {
		a, alarms := heard(t, q, simulated())
		if a.Outcome != providers.Refused || !errors.Is(a.Cause, apiparticulier.ErrAnothersIdentifier) || a.Document != nil || len(alarms) > 0 {
			t.Errorf("%s: outcome %s (%v), alarms %q", name, a.Outcome, a.Cause, alarms)
		}
	}
}

// Nobody mistyped anything: the source, or we, took one person for another.
func TestAnotherFoundByCivilIdentityIsAnAlarm(t *testing.T) {
	vouched := with(queryOf("ants/extrait_immatriculation_vehicule", ines(), true), func(q *providers.Query) {
		q.FranceConnectToken, q.Inputs["immatriculation"] = "jeton-leo", "BB-222-BB"
	})
	swapped := queryOf("mesri/statut_etudiant", ines(), true)
	child := queryOf("men/scolarites", ines(), true)
	for name, c := range map[string]struct{ asked, got providers.Query }{
		"student":                       {swapped, queryOf("mesri/statut_etudiant", leo(), false)},
		"child":                         {child, queryOf("men/scolarites", leo(), false)},
		"vehicle of the token's bearer": {vouched, vouched},
	} {
		sent, _ := heardSent(t, c.got)
		a, alarms := heard(t, c.asked, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(sent) }))
		if a.Outcome != providers.Unavailable || !errors.Is(a.Cause, upstream.ErrAnotherPerson) || !slices.Contains(alarms, upstream.ErrAnotherPerson.Error()) {
			t.Errorf("%s: outcome %s (%v), alarms %q", name, a.Outcome, a.Cause, alarms)
		}
	}
}

func heardSent(t *testing.T, q providers.Query) (sent []byte, a providers.Answer) {
	t.Helper()
	s := simulated()
	s.SetMutation(func(b []byte) []byte { sent = slices.Clone(b); return b })
	a, _ = heard(t, q, s)
	return sent, a
}

// The students' two sources, asked by number.
func TestSourcesByNumber(t *testing.T) {
	for _, resource := range []string{"mesri/statut_etudiant", "cnous/etudiant_boursier"} {
		t.Run(sources()[resource], func(t *testing.T) {
			sourcetest.RunSome(t, func(t *testing.T) *sourcetest.Rig {
				r := rigOf(resource)(t)
				r.Stranger = sourcetest.Stranger{Outcome: providers.Refused, Cause: apiparticulier.ErrAnothersIdentifier}
				r.Found.Inputs, r.Second.Inputs = map[string]string{"ine": "100200300AB"}, map[string]string{"ine": "100200300CD"}
				return r
			}, "SwappedAnswersAreNobodys", "AnswersSwappedInFlightAreNobodys", "FailureIsNeverAbsence", "MutatedAnswersNeverGiveAWrongPerson")
		})
	}
}
