package dgfip_test

import (
	"testing"
	"time"

	"accord/providers"
	"accord/providers/dgfip"
	"accord/providers/dgfip/dgfipsim"
	"accord/providers/sourcetest"
)

const fallback = "dgfip_annee_n_moins_2_si_indispo_n_moins_1"

var today = time.Date(2026, 10, 14, 9, 0, 0, 0, time.UTC)

func now() time.Time { return today }

func everything() []string {
	return []string{"dgfip_rfr", "dgfip_nbpart", "dgfip_sitfam", "dgfip_nbpac", "dgfip_aft"}
}

func julien() providers.Identity {
	return providers.Identity{FamilyName: "Fauvernier", GivenName: "Julien Marc", Birthdate: "1987-12-05", Gender: "male"}
}

func nadia() providers.Identity {
	return providers.Identity{FamilyName: "Belkoran", GivenName: "Nadia Samira", Birthdate: "1990-07-08", Gender: "female"}
}

func aminata() providers.Identity {
	return providers.Identity{FamilyName: "Kondara", GivenName: "Aminata", Birthdate: "1979-05-01", IDPBirthdate: "1979-05-00", Gender: "female"}
}

func simon() providers.Identity {
	return providers.Identity{FamilyName: "Pérignolle", GivenName: "Simon", Birthdate: "2001-02-17", Gender: "male"}
}

func notices() []dgfipsim.Notice {
	couple := []dgfipsim.Declarant{
		{BirthName: "FAUVERNIER", GivenNames: "JULIEN MARC", Birthdate: "1987-12-05"},
		{BirthName: "BELKORAN", UsageName: "FAUVERNIER", GivenNames: "NADIA SAMIRA", Birthdate: "1990-07-08"},
	}
	one := func(name, given, born string) []dgfipsim.Declarant {
		return []dgfipsim.Declarant{{BirthName: name, GivenNames: given, Birthdate: born}}
	}
	return []dgfipsim.Notice{
		{Year: 2025, Declarants: couple, RFR: 31250, Parts: 2.5, Situation: "M", Dependants: 1, Address: "27 CHEMIN DES GRANDS ORMES 49997 MONTREVELLE"},
		{Year: 2023, Declarants: couple, RFR: 29000, Parts: 2, Situation: "M", Address: "27 CHEMIN DES GRANDS ORMES 49997 MONTREVELLE"},
		{Year: 2025, Declarants: one("KONDARA", "AMINATA FATOU", "1979-05-00"), RFR: 14310, Parts: 3.25, Situation: "V", Dependants: 3, Address: "18 RUE DU MOULIN BRULE"},
		{Year: 2024, Declarants: one("PERIGNOLLE", "SIMON", "2001-02-17"), RFR: 12650, Parts: 1, Situation: "C", Address: "7 RUE DES CHAUDRONNIERS"},
	}
}

// tokens stand for FranceConnect's: the token names the person, and the scopes
// are those of the token's second word.
func introspect(token string) (providers.Identity, []string, bool) {
	scopes := append(everything(), "openid", "dgfip_annee_n_moins_1")
	switch token {
	case "token-of-julien":
		return julien(), scopes, true
	case "token-of-nadia":
		return nadia(), scopes, true
	case "token-of-aminata":
		return aminata(), scopes, true
	case "token-of-simon":
		return simon(), append(everything(), fallback), true
	case "token-of-simon-without-fallback":
		return simon(), scopes, true
	case "token-of-nadia-n-2":
		return nadia(), []string{"dgfip_rfr", "dgfip_annee_n_moins_2"}, true
	case "token-of-nadia-rfr":
		return nadia(), []string{"dgfip_rfr", "dgfip_annee_n_moins_1", "dgfip_annee_n_moins_3"}, true
	case "token-of-nadia-year-only":
		return nadia(), []string{"dgfip_annee_n_moins_1"}, true
	case "token-of-nobody":
		return providers.Identity{FamilyName: "Nullepart", GivenName: "Jean", Birthdate: "1960-01-01"}, scopes, true
	}
	return providers.Identity{}, nil, false
}

func ask(i providers.Identity, token string) providers.Query {
	return providers.Query{
		Identity: i, Recipient: "99900010900017", Data: everything(), FranceConnectToken: token, Teleservice: "ACCORD-TEST",
		TokenExpires: today.Add(55 * time.Second),
	}
}

func rig(t *testing.T) *sourcetest.Rig {
	sim := dgfipsim.New(dgfipsim.Options{
		ClientID: "accord", ClientSecret: "secret of DGFiP", Notices: notices(), Introspect: introspect,
		Teleservices: []string{"ACCORD-TEST"}, Now: now,
	})
	server := sourcetest.Serve(t, sim)
	source, err := dgfip.New(dgfip.Config{
		URL: server.URL, TokenURL: server.URL + dgfipsim.TokenPath, ClientID: "accord", ClientSecret: "secret of DGFiP",
		Timeout: sourcetest.AttemptTime, Now: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return &sourcetest.Rig{
		Source: source, Switch: sim.Switch, Server: server, Cases: cases(),
		Found: ask(nadia(), "token-of-nadia"), Second: ask(aminata(), "token-of-aminata"), Verify: verify,
	}
}

// change is a query about nadia, changed.
func change(token string, f func(*providers.Query)) providers.Query {
	q := ask(nadia(), token)
	f(&q)
	return q
}

func cases() []sourcetest.Case {
	simonLate := ask(simon(), "token-of-simon")
	simonLate.FallbackYear = 2024
	return []sourcetest.Case{
		{Name: "first declarant", Query: ask(julien(), "token-of-julien"), Outcome: providers.Found},
		{Name: "second declarant", Query: ask(nadia(), "token-of-nadia"), Outcome: providers.Found},
		{Name: "day of birth unknown", Query: ask(aminata(), "token-of-aminata"), Outcome: providers.Found},
		{Name: "last year late, the one before", Query: simonLate, Outcome: providers.Found},
		{Name: "last year late, no fallback", Query: ask(simon(), "token-of-simon"), Outcome: providers.NoFile},
		{Name: "no notice three years back", Query: change("token-of-nadia-n-2", func(q *providers.Query) { q.Year, q.Data = 2024, []string{"dgfip_rfr"} }), Outcome: providers.NoFile},
		{Name: "one scope, one datum", Query: change("token-of-nadia-rfr", func(q *providers.Query) { q.Data = []string{"dgfip_rfr"} }), Outcome: providers.Found},
		{Name: "three years back", Query: change("token-of-nadia-rfr", func(q *providers.Query) { q.Year, q.Data = 2023, []string{"dgfip_rfr"} }), Outcome: providers.Found},
		{Name: "a datum asked, its scope not agreed", Query: ask(nadia(), "token-of-nadia-rfr"), Outcome: providers.Unavailable},
		{Name: "a datum nobody knows", Query: change("token-of-nadia-rfr", func(q *providers.Query) { q.Data = []string{"dgfip_rfr", "dgfip_new"} }), Outcome: providers.Unavailable},
		{Name: "fallback not agreed", Query: change("token-of-simon-without-fallback", func(q *providers.Query) { q.Identity, q.FallbackYear = simon(), 2024 }), Outcome: providers.Refused},
		{Name: "year not agreed", Query: change("token-of-nadia", func(q *providers.Query) { q.Year = 2024 }), Outcome: providers.Refused},
		{Name: "no datum agreed", Query: ask(nadia(), "token-of-nadia-year-only"), Outcome: providers.Refused},
		{Name: "not a declarant anywhere", Query: change("token-of-nobody", func(q *providers.Query) { q.Identity.FamilyName = "Nullepart" }), Outcome: providers.Unknown},
		{Name: "FranceConnect token dead", Query: ask(nadia(), "token-of-yesterday"), Outcome: providers.Refused},
		{Name: "somebody else's FranceConnect token", Query: ask(nadia(), "token-of-aminata"), Outcome: providers.Unavailable},
		{Name: "teleservice not entitled", Query: change("token-of-nadia", func(q *providers.Query) { q.Teleservice = "OTHER" }), Outcome: providers.Refused},
		{Name: "no teleservice", Query: change("token-of-nadia", func(q *providers.Query) { q.Teleservice = "" }), Outcome: providers.Refused},
		{Name: "no FranceConnect token", Query: ask(nadia(), ""), Outcome: providers.Unavailable},
		{Name: "FranceConnect token at its end", Query: change("token-of-nadia", func(q *providers.Query) { q.TokenExpires = today.Add(5 * time.Second) }), Outcome: providers.Unavailable},
		{Name: "this year's income", Query: change("token-of-nadia", func(q *providers.Query) { q.Year = 2026 }), Outcome: providers.Refused},
		{Name: "four years back", Query: change("token-of-nadia", func(q *providers.Query) { q.Year = 2022 }), Outcome: providers.Refused},
		{Name: "identity of nobody", Query: change("token-of-nadia", func(q *providers.Query) { q.Identity.Birthdate = "1990-00-00" }), Outcome: providers.Refused},
	}
}

func TestSource(t *testing.T) { sourcetest.Run(t, rig) }
