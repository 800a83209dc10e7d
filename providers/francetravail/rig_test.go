package francetravail_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"accord/providers"
	"accord/providers/francetravail"
	"accord/providers/francetravail/francetravailsim"
	"accord/providers/sourcetest"
	"accord/providers/upstream"
)

const (
	recipient = "99900010900017"
	status    = "france_travail/statut"
	payments  = "france_travail/indemnites"
)

var today = time.Date(2026, 10, 14, 9, 0, 0, 0, time.UTC)

func now() time.Time { return today }

func jobseekers() []francetravailsim.Jobseeker {
	lasting := &francetravailsim.Registration{Begins: "2026-02-02", Category: 1, Certification: "VC"}
	return []francetravailsim.Jobseeker{{
		Identifier: "camille.tremblin72", Civility: "MME", BirthName: "TREMBLIN", UsageName: "OSTERVAL", GivenName: "CAMILLE", Sex: "Féminin",
		Birthdate: "1988-03-14", Phone: "0100000001", Email: "camille@tremblin.example", Registration: lasting,
		Address: francetravailsim.Address{
			PostCode: "72998", Commune: "72999", Locality: "72998 VALBRUME", Street: "12 RUE DES TROIS FONTAINES", Addressee: "BAT <B> & C", Name: "OSTERVAL",
		},
		Payments: []francetravailsim.Payment{
			{Date: "2026-09-01", Total: "1023.40", Allowances: "1000.00", Aids: "23.4", Others: "0.0"},
			{Date: "2026-10-01", Total: "980", Allowances: "985.25", Aids: "0", Others: "-5.25"},
		},
	}, {
		Identifier: "7299812B", Civility: "M.", BirthName: "BREVAN D'AUROY", GivenName: "HUGO", Sex: "Masculin", Birthdate: "1986-11-30",
		Registration: &francetravailsim.Registration{Begins: "2025-01-06", Ends: "2026-06-30", Category: 5, Certification: "None"},
		Address:      francetravailsim.Address{PostCode: "72998", Commune: "72999", Locality: "72998 VALBRUME"},
		Payments:     []francetravailsim.Payment{{Date: "2026-06-01", Total: "77.1", Allowances: "77.1", Aids: "0.0", Others: "0.0"}},
	}, {
		Identifier: "yann.kerbridou", Civility: "M.", BirthName: "KERBRIDOU", GivenName: "YANN", Sex: "Masculin", Birthdate: "1971-10-27",
	}, {
		Identifier: "anne.doubleval", Civility: "MME", BirthName: "DOUBLEVAL", GivenName: "ANNE", Sex: "Féminin", Birthdate: "1980-01-02",
		Registration: lasting, Payments: []francetravailsim.Payment{},
	}}
}

func person(name, given, born string) providers.Identity {
	return providers.Identity{FamilyName: name, GivenName: given, Birthdate: born, Gender: "unspecified", Birthplace: "72999", Birthcountry: "99100"}
}

func ask(resource, identifier string, i providers.Identity) providers.Query {
	return providers.Query{Identity: i, Resource: resource, Inputs: map[string]string{francetravail.Input: identifier}, Recipient: recipient}
}

func camille(resource string) providers.Query {
	return ask(resource, "camille.tremblin72", person("Tremblin", "Camille Élodie", "1988-03-14"))
}

func hugo(resource string) providers.Query {
	return ask(resource, "7299812B", person("Brévan-d’Auroy", "Hugo", "1986-11-30"))
}

func typed(q providers.Query, identifier string) providers.Query {
	q.Inputs = map[string]string{francetravail.Input: identifier}
	return q
}

func simulator() *francetravailsim.Simulator {
	return francetravailsim.New(francetravailsim.Options{
		ClientID: "PAR_accord", ClientSecret: "secret", Jobseekers: jobseekers(), Now: now,
	})
}

func inFrontOf(t *testing.T, sim *francetravailsim.Simulator) (*francetravail.Source, *sourcetest.Server) {
	t.Helper()
	server := sourcetest.Serve(t, sim)
	source, err := francetravail.New(francetravail.Config{
		StatusURL: server.URL + francetravailsim.StatusPath, PaymentsURL: server.URL + francetravailsim.PaymentsPath,
		TokenURL: server.URL + francetravailsim.TokenPath, ClientID: "PAR_accord", ClientSecret: "secret",
		Timeout: sourcetest.AttemptTime, Now: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return source, server
}

func rig(resource string, cases []sourcetest.Case) sourcetest.Factory {
	return func(t *testing.T) *sourcetest.Rig {
		sim := simulator()
		source, server := inFrontOf(t, sim)
		return &sourcetest.Rig{
			Source: source, Switch: sim.Switch, Server: server, Cases: slices.Concat(common(resource), cases),
			Found: camille(resource), Second: hugo(resource),
			Stranger: sourcetest.Stranger{Outcome: providers.Refused, Cause: upstream.ErrAnothersIdentifier},
		}
	}
}

// common are the cases of both resources.
func common(resource string) []sourcetest.Case {
	elsewhere, noRecipient, nobody := camille("dss/quotient_familial"), camille(resource), camille(resource)
	noRecipient.Recipient = "9990001090001"
	nobody.Identity.FamilyName = "…"
	neighbour, twin := typed(hugo(resource), "camille.tremblin72"), camille(resource)
	twin.Identity.GivenName = "Béatrice Élodie"
	withoutRegistration := typed(camille(resource), "yann.kerbridou")
	return []sourcetest.Case{
		{Name: "registered", Query: camille(resource), Outcome: providers.Found},
		{Name: "no longer registered", Query: hugo(resource), Outcome: providers.Found},
		{Name: "spaces around the identifier", Query: typed(camille(resource), " camille.tremblin72\t"), Outcome: providers.Found},
		{Name: "identifier unknown", Query: typed(camille(resource), "camille.tremblin73"), Outcome: providers.Unknown},
		{Name: "identifier of another person", Query: neighbour, Outcome: providers.Refused},
		{Name: "identifier of another, without registration", Query: withoutRegistration, Outcome: providers.Refused},
		{Name: "twin of the bearer", Query: twin, Outcome: providers.Refused},
		{Name: "known, without registration or payments", Query: ask(resource, "yann.kerbridou", person("Kerbridou", "Yann", "1971-10-27")), Outcome: providers.NoFile},
		{Name: "no identifier", Query: typed(camille(resource), "  "), Outcome: providers.Refused},
		{Name: "identifier too long", Query: typed(camille(resource), strings.Repeat("a", 65)), Outcome: providers.Refused},
		{Name: "identifier with a control character", Query: typed(camille(resource), "camille\x00tremblin"), Outcome: providers.Refused},
		{Name: "identifier of no letters", Query: typed(camille(resource), "camille\xff"), Outcome: providers.Refused},
		{Name: "identifier of many bytes", Query: typed(camille(resource), strings.Repeat("é", 64)), Outcome: providers.Unknown},
		{Name: "another source's resource", Query: elsewhere, Outcome: providers.Refused},
		{Name: "recipient not a SIRET", Query: noRecipient, Outcome: providers.Refused},
		{Name: "identity of nobody", Query: nobody, Outcome: providers.Refused},
	}
}

var anne = person("Doubleval", "Anne", "1980-01-02")

func TestStatus(t *testing.T) {
	factory := rig(status, []sourcetest.Case{
		{Name: "registered, without payments", Query: ask(status, "anne.doubleval", anne), Outcome: providers.Found},
	})
	sourcetest.Run(t, func(t *testing.T) *sourcetest.Rig {
		r := factory(t)
		r.Verify = verifyStatus
		return r
	})
}

// The suite's faults strike the payments: the status is asked ahead of them,
// and goes well. What strikes the status is TestStatus's.
func TestPayments(t *testing.T) {
	factory := rig(payments, []sourcetest.Case{
		{Name: "registered, without payments", Query: ask(payments, "anne.doubleval", anne), Outcome: providers.NoFile},
	})
	sourcetest.Run(t, func(t *testing.T) *sourcetest.Rig {
		r := factory(t)
		r.Verify, r.Bound, r.Before = verifyPayments, sourcetest.ByConnection, 1
		r.Switch.Concerns = func(r *http.Request) bool { return r.URL.Path == francetravailsim.PaymentsPath }
		return r
	})
}
