package apiparticulier_test

import (
	"time"

	"accord/providers"
	sim "accord/providers/apiparticulier/apiparticuliersim"
)

const (
	recipient = "99900020100015"
	token     = "jeton.de.la.collectivite"
)

var today = time.Date(2026, 10, 14, 9, 0, 0, 0, time.UTC)

func now() time.Time { return today }

// people are two of whom everything is known, their children, two of one name
// and birth date, and one of whom nothing is known but the civil status.
func people() []sim.Person {
	double := full(sim.Person{BirthName: "DOUBLEVAL", GivenNames: "ANNE", Birthdate: "2003-01-02", Sex: "F", Birthplace: "72999"}, "7", "DO-777-UB", "doubleval7")
	ines := full(sim.Person{
		BirthName: "VALOMBRE", UsageName: "TREMBLIN", GivenNames: "INES MAELLE", Birthdate: "2004-02-11", Sex: "F", Birthplace: "72999",
		BirthplaceName: "VALBRUME", INE: "100200300AB",
	}, "1", "AA-111-AA", "valombre1")
	leo := full(sim.Person{
		BirthName: "OSTERVAL", GivenNames: "LEO", Birthdate: "2007-06-02", Sex: "M", Birthplace: "72998", BirthplaceName: "MONTREVELLE", INE: "100200300CD",
	}, "2", "BB-222-BB", "osterval2")
	leo.Household.Operator = "MSA"
	return []sim.Person{
		ines, leo, double, double,
		{BirthName: "KERBRIDOU", GivenNames: "YANN", Birthdate: "2002-10-27", Sex: "M", Birthplace: "72999"},
		{BirthName: "VALOMBRE", GivenNames: "ZOE", Birthdate: "2012-04-09", Sex: "F", Schooling: []sim.Schooling{schooling(2026), {Year: 2025, School: "0720001A", Absent: true}}},
		{BirthName: "OSTERVAL", GivenNames: "NOE", Birthdate: "2014-09-30", Sex: "M", Schooling: []sim.Schooling{schooling(2026)}},
	}
}

func schooling(year int) sim.Schooling {
	return sim.Schooling{
		Year: year, School: "0720001A", Training: "10010012110", TrainingLabel: "6EME", Status: "ST", StatusLabel: "SCOLAIRE", Holder: true, Step: 3,
		Boarding: "2", BoardingLabel: "DEMI-PENSIONNAIRE",
	}
}

// full is p with something at every administration; n tells people apart.
func full(p sim.Person, n, plate, identifiant string) sim.Person {
	p.Household = &sim.Household{
		Operator: "CNAF", Quotients: []sim.Quotient{{Year: 2025, Month: 1, Value: 700}, {Year: 2026, Month: 1, Value: 742}},
		Claimants: []sim.Relative{{BirthName: p.BirthName, UsageName: p.UsageName, GivenNames: p.GivenNames, Birthdate: p.Birthdate, Sex: p.Sex, Birthplace: p.Birthplace}},
		Children:  []sim.Relative{{BirthName: p.BirthName, GivenNames: "LOU", Birthdate: "2022-05-00", Sex: "F"}},
		Address:   sim.Address{Addressee: "MADAME " + p.BirthName + " <& FILS>", Street: n + " RUE DES TROIS FONTAINES", City: "72998 VALBRUME", Country: "FRANCE"},
		Childcare: &sim.Childcare{Disabled: 1, Income: 21_540, Year: 2024},
	}
	right := &sim.Right{Since: "2025-04-0" + n, Increased: true}
	p.Benefits = sim.Benefits{RSA: right, Activity: right, Disability: right, Support: right, Health: right, DisabledChild: right}
	p.Admissions = []sim.Admission{{
		From: "2026-09-01", To: "2027-08-31", Enrolled: true, Regime: "RF1", RegimeLabel: "formation initiale", Commune: "72999",
		School: "0721234A", SchoolName: "UNIVERSITE DE VALBRUME " + n,
	}}
	p.Grants = []sim.Grant{
		{Campaign: 2026, Holder: true, Step: "0bis", From: "2026-09-01", Months: 10, City: "Valbrume", SchoolName: "Université de Valbrume", Email: n + "@etu.example"},
		{Campaign: 2024, Removed: true, RemovedOn: "2025-01-15", Step: "4", From: "2024-09-01", Months: 10, City: "Valbrume", SchoolName: "Université de Valbrume", Email: n + "@etu.example"},
	}
	p.Schooling = []sim.Schooling{schooling(2021)}
	p.NationalService = &sim.NationalService{Status: "en_regle", Remark: "Journée faite en 202" + n + ".\nRien d'autre."}
	p.CivicService = &sim.CivicService{Present: &sim.Contract{SIRET: "99900020100015", Host: "ASSOCIATION " + n, From: "2026-02-01", To: "2026-11-30"}}
	status := sim.SportStatus{
		From: "2025-01-01", To: "2026-12-31", FederationCode: "29", Federation: "Fédération de pelote " + n, EstablishmentCode: "2075", Establishment: "Maison des sports",
		RegionCode: "75", Region: "Vallées", CategoryCode: "2", Category: "Elite",
	}
	past := status
	past.Sheet = 789
	p.Athlete = &sim.Athlete{Number: "4500" + n, Present: &status, Past: []sim.SportStatus{past}}
	p.Vehicles = []sim.Vehicle{{
		Plate: plate, FirstRegistered: "2021-04-16", Role: "titulaire", Brand: "VALMOBILE", Model: "V" + n, Category: "M1", Genre: "VP", Fuel: "ES", Class: "Euro 6d",
		Mass: 1890, Displacement: 1600, CO2: 115, Street: "DES TROIS FONTAINES", City: "VALBRUME", Zip: "72998",
	}}
	p.Jobseeker = &sim.Jobseeker{
		Identifiant: identifiant, Phone: "0100000000", Email: n + "@emploi.example", Street: "1 RUE DU PORT", Zip: "72998", City: "VALBRUME", Commune: "72999",
		From: "2026-01-05", Category: 1, CategoryLabel: "PERSONNE SANS EMPLOI DISPONIBLE DUREE INDETERMINEE PLEIN TPS",
		Payments: []sim.Payment{{On: "2026-08-31", Benefits: 812.4, Help: 10.05}, {On: "2026-09-30", Benefits: 800}},
	}
	return p
}

func identity(name, given, born, gender string) providers.Identity {
	return providers.Identity{FamilyName: name, GivenName: given, Birthdate: born, Gender: gender, Birthplace: "72999", Birthcountry: "99100"}
}

func ines() providers.Identity { return identity("Valombre", "Inès Maëlle", "2004-02-11", "female") }

func leo() providers.Identity {
	i := identity("Osterval", "Léo", "2007-06-02", "male")
	i.Birthplace = "72998"
	return i
}

// queryOf asks resource about i, who types what is theirs; ofInes says which of
// the two it is.
func queryOf(resource string, i providers.Identity, ofInes bool) providers.Query {
	q := providers.Query{Identity: i, Resource: resource, Recipient: recipient}
	pick := func(a, b string) string {
		if ofInes {
			return a
		}
		return b
	}
	switch resource {
	case "men/scolarites":
		q.Inputs = map[string]string{
			"enfant_nom": pick("Valombre", "Osterval"), "enfant_prenoms": pick("Zoé", "Noé"), "enfant_date_naissance": pick("2012-04-09", "2014-09-30"),
			"enfant_sexe": pick("F", "M"), "annee_scolaire": "2026-2027", "code_etablissement": "0720001a",
		}
	case "france_travail/statut", "france_travail/indemnites":
		q.Inputs = map[string]string{"identifiant": pick("valombre1", "osterval2")}
	case "sdh/statut_sportif":
		q.Inputs = map[string]string{"identifiant_sportif": pick("45001", "45002")}
	case "ants/extrait_immatriculation_vehicule":
		q.Inputs = map[string]string{"immatriculation": pick("AA 111 AA", "BB-222-BB")}
		q.FranceConnectToken = pick("jeton-ines", "jeton-leo")
	}
	return q
}

// introspect is FranceConnect's, of two tokens that opened everything.
func introspect(token string) (providers.Identity, []string, bool) {
	switch token {
	case "jeton-ines":
		return ines(), sim.Scopes(), true
	case "jeton-leo":
		return leo(), sim.Scopes(), true
	}
	return providers.Identity{}, nil, false
}
