package cnav_test

import (
	"slices"

	"accord/providers"
	"accord/providers/cnav"
	"accord/providers/cnav/cnavsim"
	"accord/providers/sourcetest"
)

func households() []cnavsim.Household {
	rights := []cnavsim.Quotient{{Year: 2025, Month: 1, Value: 700}, {Year: 2026, Month: 1, Value: 742}}
	alone := func(name, given, born string, children ...cnavsim.Person) cnavsim.Household {
		return cnavsim.Household{
			Operator: cnavsim.CNAF, Quotients: rights, Address: cnavsim.Address{City: "72998 VALBRUME"}, Enfants: children,
			Allocataires: []cnavsim.Person{{BirthName: name, GivenNames: given, Birthdate: born, Sex: "F"}},
		}
	}
	twice := alone("DOUBLEVAL", "ANNE", "1980-01-02")
	return []cnavsim.Household{
		tremblin(rights), brevan(rights[1:]), twice, twice,
		alone("PELVEZIN", "ODILE", "1975-08-08", cnavsim.Person{BirthName: "PELVEZIN", GivenNames: "IRIS", Birthdate: "2019-10-14", Sex: "F"}),
		alone("MARCHEVAL", "LISE", "1991-02-03", cnavsim.Person{BirthName: "MARCHEVAL", GivenNames: "PAUL", Birthdate: "2019-00-00", Sex: "M"}),
	}
}

func tremblin(rights []cnavsim.Quotient) cnavsim.Household {
	return cnavsim.Household{
		Operator: cnavsim.CNAF, Quotients: rights, Base: cnavsim.Base{Value: 21400, Year: 2024}, AEEH: 1,
		Address: cnavsim.Address{Addressee: "MADAME TREMBLIN <& FILS>", Street: "12 RUE DES TROIS FONTAINES", City: "72998 VALBRUME", Country: "FRANCE"},
		Allocataires: []cnavsim.Person{
			{BirthName: "TREMBLIN", UsageName: "OSTERVAL", GivenNames: "CAMILLE ELODIE", Birthdate: "1988-03-14", Sex: "F", Birthplace: "72999", Rights: []cnavsim.Right{
				{Benefit: cnavsim.RSA, Since: "2024-01-01", Ended: true},
				{Benefit: cnavsim.RSAIncreased, Since: "2025-05-01"},
				{Benefit: cnavsim.PrimeActivityIncreased, Since: "2026-02-01"},
				{Benefit: cnavsim.AAH, Since: "2024-03-01"},
				{Benefit: cnavsim.ASF, Since: "2023-06-01"},
				{Benefit: cnavsim.AEEH, Since: "2022-09-01"},
				{Benefit: cnavsim.C2SPaid, Since: "2026-01-01"},
			}},
			{BirthName: "OSTERVAL", GivenNames: "HUGO", Birthdate: "1986-11-30", Sex: "M", Rights: []cnavsim.Right{{Benefit: cnavsim.AAH, Since: "2020-01-01", Ended: true}}},
		},
		Enfants: []cnavsim.Person{
			{BirthName: "OSTERVAL", GivenNames: "LEO", Birthdate: "2007-06-02", Sex: "M", Rights: []cnavsim.Right{{Benefit: cnavsim.AEEHOpened, Since: "2022-09-01"}}},
			{BirthName: "OSTERVAL", GivenNames: "ZOE", Birthdate: "2021-04-00", Sex: "F", Birthplace: "72998"},
		},
	}
}

func brevan(rights []cnavsim.Quotient) cnavsim.Household {
	return cnavsim.Household{
		Operator: cnavsim.MSA, Quotients: rights, Address: cnavsim.Address{Place: "LA HAUTE BOISSIERE"}, Base: cnavsim.Base{Value: 9800},
		Allocataires: []cnavsim.Person{{BirthName: "BREVAN D'AUROY", GivenNames: "MARIE ANGE ROSE", Birthdate: "1979-05-00", Sex: "F", Rights: []cnavsim.Right{
			{Benefit: cnavsim.RSA, Since: "2026-04-01"},
			{Benefit: cnavsim.PrimeActivity, Since: "2025-11-01"},
			{Benefit: cnavsim.AAH},
			{Benefit: cnavsim.ASF, Since: "2024-12-01"},
			{Benefit: cnavsim.AEEH},
			{Benefit: cnavsim.C2S, Since: "2025-09-01"},
		}}},
		Enfants: []cnavsim.Person{{BirthName: "BREVAN D'AUROY", GivenNames: "ALIX", Birthdate: "2023-01-09", Sex: "M"}},
	}
}

// cases are what the simulator can answer of a resource.
func cases(resource string) []sourcetest.Case {
	own := map[string][]sourcetest.Case{
		cnav.QuotientFamilial: {
			{Name: "past month", Query: month(camille(), 2025, 2), Outcome: providers.Found},
			{Name: "past month, MSA", Query: month(marieAnge(), 2026, 3), Outcome: providers.Refused},
			{Name: "month before the right", Query: month(camille(), 2024, 12), Outcome: providers.NoFile},
			{Name: "25 months back", Query: month(camille(), 2024, 9), Outcome: providers.Refused},
		},
		cnav.ParticipationFamilialeEAJE: {
			{Name: "seven today", Query: ask(person("Pelvezin", "Odile", "1975-08-08", "female", "72999")), Outcome: providers.NoFile},
			{Name: "seven this year, or not", Query: ask(person("Marcheval", "Lise", "1991-02-03", "female", "72999")), Outcome: providers.Unavailable},
			{Name: "past month", Query: month(camille(), 2026, 9), Outcome: providers.Refused},
		},
	}
	list := own[resource]
	if list == nil {
		list = []sourcetest.Case{{Name: "past month", Query: month(camille(), 2026, 9), Outcome: providers.Refused}}
	}
	list = slices.Concat(list, everywhere())
	for n := range list {
		list[n].Query.Resource = resource
	}
	return list
}

func everywhere() []sourcetest.Case {
	male := func(name, given, born string) providers.Query { return ask(person(name, given, born, "male", "72999")) }
	noRecipient, nobody, unspecified, nowhere := camille(), camille(), camille(), camille()
	noRecipient.Recipient = "9990001090001"
	nobody.Identity.FamilyName = "…"
	unspecified.Identity.Gender = "unspecified"
	nowhere.Identity.Birthplace = ""
	return []sourcetest.Case{
		{Name: "claimant", Query: camille(), Outcome: providers.Found},
		{Name: "sex unspecified", Query: unspecified, Outcome: providers.Found},
		{Name: "second claimant", Query: hugo(), Outcome: providers.Found},
		{Name: "child of age", Query: male("Osterval", "Léo", "2007-06-02"), Outcome: providers.Found},
		{Name: "day of birth unknown, MSA", Query: marieAnge(), Outcome: providers.Found},
		{Name: "twin of a claimant", Query: male("OSTERVAL", "Bruno", "1986-11-30"), Outcome: providers.Unknown},
		{Name: "in no register", Query: male("NULLEPART", "Jean", "1960-01-01"), Outcome: providers.Unknown},
		{Name: "attached to no regime", Query: male("Kerbridou", "Yann", "1971-10-27"), Outcome: providers.Unknown},
		{Name: "two files", Query: ask(person("Doubleval", "Anne", "1980-01-02", "female", "72999")), Outcome: providers.Ambiguous},
		{Name: "born in France, nowhere", Query: nowhere, Outcome: providers.Refused},
		{Name: "month to come", Query: month(camille(), 2026, 11), Outcome: providers.Refused},
		{Name: "year too old", Query: month(camille(), 2023, 12), Outcome: providers.Refused},
		{Name: "no month", Query: month(camille(), 2026, 13), Outcome: providers.Refused},
		{Name: "recipient not a SIRET", Query: noRecipient, Outcome: providers.Refused},
		{Name: "identity of nobody", Query: nobody, Outcome: providers.Refused},
	}
}
