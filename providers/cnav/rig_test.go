package cnav_test

import (
	"testing"
	"time"

	"accord/providers"
	"accord/providers/cnav"
	"accord/providers/cnav/cnavsim"
	"accord/providers/sourcetest"
)

const recipient = "99900010900017"

var today = time.Date(2026, 10, 14, 9, 0, 0, 0, time.UTC)

func now() time.Time { return today }

func households() []cnavsim.Household {
	rights := []cnavsim.Quotient{{Year: 2025, Month: 1, Value: 700}, {Year: 2026, Month: 1, Value: 742}}
	twice := cnavsim.Household{
		Operator: cnavsim.CNAF, Quotients: rights, Address: cnavsim.Address{City: "72998 VALBRUME"},
		Allocataires: []cnavsim.Person{{BirthName: "DOUBLEVAL", GivenNames: "ANNE", Birthdate: "1980-01-02", Sex: "F"}},
	}
	return []cnavsim.Household{{
		Operator: cnavsim.CNAF, Quotients: rights,
		Address: cnavsim.Address{Addressee: "MADAME TREMBLIN <& FILS>", Street: "12 RUE DES TROIS FONTAINES", City: "72998 VALBRUME", Country: "FRANCE"},
		Allocataires: []cnavsim.Person{
			{BirthName: "TREMBLIN", UsageName: "OSTERVAL", GivenNames: "CAMILLE ELODIE", Birthdate: "1988-03-14", Sex: "F", Birthplace: "72999"},
			{BirthName: "OSTERVAL", GivenNames: "HUGO", Birthdate: "1986-11-30", Sex: "M"},
		},
		Enfants: []cnavsim.Person{
			{BirthName: "OSTERVAL", GivenNames: "LEO", Birthdate: "2007-06-02", Sex: "M"},
			{BirthName: "OSTERVAL", GivenNames: "ZOE", Birthdate: "2012-04-00", Sex: "F"},
		},
	}, {
		Operator: cnavsim.MSA, Quotients: rights[1:], Address: cnavsim.Address{Place: "LA HAUTE BOISSIERE"},
		Allocataires: []cnavsim.Person{{BirthName: "BREVAN D'AUROY", GivenNames: "MARIE ANGE ROSE", Birthdate: "1979-05-00", Sex: "F"}},
	}, twice, twice}
}

func person(name, given, born, gender, place string) providers.Identity {
	return providers.Identity{
		FamilyName: name, GivenName: given, Birthdate: born, Gender: gender, Birthplace: place, Birthcountry: "99100",
	}
}

func ask(i providers.Identity) providers.Query {
	return providers.Query{Identity: i, Recipient: recipient}
}

func camille() providers.Query {
	return ask(person("Tremblin", "Camille Élodie", "1988-03-14", "female", "72999"))
}

func marieAnge() providers.Query {
	q := ask(providers.Identity{
		FamilyName: "Brévan-d’Auroy", GivenName: "Marie Ange Rose Lucienne", Birthdate: "1979-05-01", IDPBirthdate: "1979-05-00",
		Gender: "female", Birthcountry: "99341",
	})
	return q
}

func month(q providers.Query, year, month int) providers.Query {
	q.Year, q.Month = year, month
	return q
}

func rig(t *testing.T) *sourcetest.Rig {
	sim := cnavsim.New(cnavsim.Options{
		ClientID: "accord?>", ClientSecret: "secret~~?? of the hub", Households: households(), Now: now,
		Registered: []cnavsim.Person{{BirthName: "KERBRIDOU", GivenNames: "YANN", Birthdate: "1971-10-27", Sex: "M"}},
	})
	server := sourcetest.Serve(t, sim)
	source, err := cnav.New(cnav.Config{
		URL: server.URL + cnavsim.QueryPath, TokenURL: server.URL + cnavsim.TokenPath, Scope: cnavsim.Scope,
		ClientID: "accord?>", ClientSecret: "secret~~?? of the hub", Timeout: sourcetest.AttemptTime, Now: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return &sourcetest.Rig{
		Source: source, Switch: sim.Switch, Server: server, Cases: cases(),
		Found: camille(), Second: marieAnge(), Verify: verify,
	}
}

func cases() []sourcetest.Case {
	male := func(name, given, born string) providers.Query { return ask(person(name, given, born, "male", "72999")) }
	noRecipient, nobody, unspecified := camille(), camille(), camille()
	noRecipient.Recipient = "9990001090001"
	nobody.Identity.FamilyName = "…"
	unspecified.Identity.Gender = "unspecified"
	nowhere := camille()
	nowhere.Identity.Birthplace = ""
	return []sourcetest.Case{
		{Name: "claimant", Query: camille(), Outcome: providers.Found},
		{Name: "sex unspecified", Query: unspecified, Outcome: providers.Found},
		{Name: "past month", Query: month(camille(), 2025, 2), Outcome: providers.Found},
		{Name: "second claimant", Query: male("OSTERVAL", "Hugo", "1986-11-30"), Outcome: providers.Found},
		{Name: "child of age", Query: male("Osterval", "Léo", "2007-06-02"), Outcome: providers.Found},
		{Name: "day of birth unknown, MSA", Query: marieAnge(), Outcome: providers.Found},
		{Name: "twin of a claimant", Query: male("OSTERVAL", "Bruno", "1986-11-30"), Outcome: providers.Unknown},
		{Name: "in no register", Query: male("NULLEPART", "Jean", "1960-01-01"), Outcome: providers.Unknown},
		{Name: "attached to no regime", Query: male("Kerbridou", "Yann", "1971-10-27"), Outcome: providers.Unknown},
		{Name: "two files", Query: ask(person("Doubleval", "Anne", "1980-01-02", "female", "72999")), Outcome: providers.Ambiguous},
		{Name: "month before the right", Query: month(camille(), 2024, 12), Outcome: providers.NoFile},
		{Name: "born in France, nowhere", Query: nowhere, Outcome: providers.Refused},
		{Name: "month to come", Query: month(camille(), 2026, 11), Outcome: providers.Refused},
		{Name: "year too old", Query: month(camille(), 2023, 12), Outcome: providers.Refused},
		{Name: "no month", Query: month(camille(), 2026, 13), Outcome: providers.Refused},
		{Name: "recipient not a SIRET", Query: noRecipient, Outcome: providers.Refused},
		{Name: "identity of nobody", Query: nobody, Outcome: providers.Refused},
	}
}

func TestSource(t *testing.T) { sourcetest.Run(t, rig) }
