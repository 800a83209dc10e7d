package apiparticulier_test

import (
	"slices"
	"strings"
	"time"

	"accord/providers"
	"accord/providers/sourcetest"
)

// cases are every outcome the simulator can give for a resource.
func cases(resource string) []sourcetest.Case {
	all := common(resource)
	typed := strings.HasPrefix(resource, "sdh/") || strings.HasPrefix(resource, "france_travail/") || strings.HasPrefix(resource, "ants/")
	if !typed && resource != "men/scolarites" {
		all = append(all, civil(resource)...)
	}
	more := map[string]func(string) []sourcetest.Case{
		"dss/quotient_familial": quotientCases, "mesri/statut_etudiant": ineCases, "cnous/etudiant_boursier": grantCases, "men/scolarites": pupilCases,
		"france_travail/statut": typedCases("identifiant"), "sdh/statut_sportif": typedCases("identifiant_sportif"),
		"ants/extrait_immatriculation_vehicule": vehicleCases, "dsnj/service_national": ageCases,
	}[resource]
	if more != nil {
		all = slices.Concat(all, more(resource))
	}
	return all
}

func common(resource string) []sourcetest.Case {
	found := queryOf(resource, ines(), true)
	return []sourcetest.Case{
		{Name: "first", Query: found, Outcome: providers.Found},
		{Name: "second", Query: queryOf(resource, leo(), false), Outcome: providers.Found},
		{Name: "another resource", Query: with(found, func(q *providers.Query) { q.Resource = "dss/autre" }), Outcome: providers.Refused},
		{Name: "no resource", Query: with(found, func(q *providers.Query) { q.Resource = "" }), Outcome: providers.Refused},
		{Name: "a datum of nobody", Query: with(found, func(q *providers.Query) { q.Data = []string{"dgfip_rfr"} }), Outcome: providers.Refused},
		{Name: "recipient not a SIRET", Query: with(found, func(q *providers.Query) { q.Recipient = "9990001090001" }), Outcome: providers.Refused},
		{Name: "recipient with a wrong digit", Query: with(found, func(q *providers.Query) { q.Recipient = "99900020100016" }), Outcome: providers.Refused},
		{Name: "identity of nobody", Query: with(found, func(q *providers.Query) { q.Identity.FamilyName = "…" }), Outcome: providers.Refused},
	}
}

func civil(resource string) []sourcetest.Case {
	ask := func(name, given, born, gender string) providers.Query {
		return queryOf(resource, identity(name, given, born, gender), false)
	}
	ambiguous := providers.Ambiguous
	unspecified := providers.Refused
	if resource == "cnous/etudiant_boursier" || resource == "gip_mds/service_civique" {
		unspecified = providers.Found
	}
	return []sourcetest.Case{
		{Name: "twin", Query: ask("Valombre", "Maëlle Inès", "2004-02-11", "female"), Outcome: providers.Unknown},
		{Name: "in no register", Query: ask("NULLEPART", "Jean", "2005-01-01", "male"), Outcome: providers.Unknown},
		{Name: "known, without anything", Query: ask("Kerbridou", "Yann", "2002-10-27", "male"), Outcome: providers.Unknown},
		{Name: "two of one name", Query: ask("Doubleval", "Anne", "2003-01-02", "female"), Outcome: ambiguous},
		{Name: "sex unspecified", Query: with(queryOf(resource, ines(), true), func(q *providers.Query) { q.Identity.Gender = "unspecified" }), Outcome: unspecified},
	}
}

func quotientCases(resource string) []sourcetest.Case {
	month := func(year, month int) providers.Query {
		return with(queryOf(resource, ines(), true), func(q *providers.Query) { q.Year, q.Month = year, month })
	}
	return []sourcetest.Case{
		{Name: "past month", Query: month(2025, 2), Outcome: providers.Found},
		{Name: "month before the right", Query: month(2024, 12), Outcome: providers.NoFile},
		{Name: "month to come", Query: month(2026, 11), Outcome: providers.Refused},
		{Name: "year too old", Query: month(2023, 12), Outcome: providers.Refused},
		{Name: "no month", Query: month(2026, 13), Outcome: providers.Refused},
		{Name: "born in France, nowhere", Query: with(queryOf(resource, ines(), true), func(q *providers.Query) { q.Identity.Birthplace = "" }), Outcome: providers.Refused},
	}
}

func ineCases(resource string) []sourcetest.Case {
	number := func(i providers.Identity, ine string) providers.Query {
		return with(queryOf(resource, i, true), func(q *providers.Query) { q.Inputs["ine"] = ine })
	}
	return []sourcetest.Case{
		{Name: "by INE", Query: number(ines(), "100200300AB"), Outcome: providers.Found},
		{Name: "by somebody else's INE", Query: number(ines(), "100200300CD"), Outcome: providers.Refused},
		{Name: "INE of nobody", Query: number(ines(), "999999999ZZ"), Outcome: providers.Unknown},
		{Name: "INE too short", Query: number(ines(), "12"), Outcome: providers.Refused},
	}
}

func grantCases(resource string) []sourcetest.Case {
	campaign := func(year int) providers.Query {
		return with(queryOf(resource, ines(), true), func(q *providers.Query) { q.Year = year })
	}
	typed := func(year string) providers.Query {
		return with(queryOf(resource, ines(), true), func(q *providers.Query) { q.Inputs["annee_campagne"] = year })
	}
	return append(ineCases(resource), []sourcetest.Case{
		{Name: "past campaign, typed", Query: typed("2024"), Outcome: providers.Found},
		{Name: "campaign without a file, typed", Query: typed("2023"), Outcome: providers.Unknown},
		{Name: "campaign typed in words", Query: typed("l'an dernier"), Outcome: providers.Refused},
		{Name: "campaign typed as nothing", Query: typed("0"), Outcome: providers.Refused},
		{Name: "past campaign", Query: campaign(2024), Outcome: providers.Found},
		{Name: "campaign without a file", Query: campaign(2023), Outcome: providers.Unknown},
		{Name: "this year's campaign by its year", Query: campaign(2026), Outcome: providers.Refused},
		{Name: "campaign too old", Query: campaign(2020), Outcome: providers.Refused},
	}...)
}

func pupilCases(resource string) []sourcetest.Case {
	input := func(name, value string) providers.Query {
		return with(queryOf(resource, ines(), true), func(q *providers.Query) { q.Inputs[name] = value })
	}
	own := with(queryOf(resource, ines(), true), func(q *providers.Query) {
		q.Inputs = map[string]string{"annee_scolaire": "2021", "code_etablissement": "0720001A"}
	})
	return []sourcetest.Case{
		{Name: "the citizen is the pupil", Query: own, Outcome: providers.Found},
		{Name: "not at school that year", Query: input("annee_scolaire", "2025"), Outcome: providers.NoFile},
		{Name: "another school", Query: input("code_etablissement", "0720002B"), Outcome: providers.Unknown},
		{Name: "child of another name", Query: input("enfant_nom", "Nullepart"), Outcome: providers.Unknown},
		{Name: "no school year", Query: input("annee_scolaire", ""), Outcome: providers.Refused},
		{Name: "school not a UAI", Query: input("code_etablissement", "72"), Outcome: providers.Refused},
		{Name: "child without a sex", Query: input("enfant_sexe", ""), Outcome: providers.Refused},
		{Name: "child without a birth date", Query: input("enfant_date_naissance", ""), Outcome: providers.Refused},
		{Name: "child without first names", Query: input("enfant_prenoms", " "), Outcome: providers.Refused},
	}
}

func typedCases(input string) func(string) []sourcetest.Case {
	return func(resource string) []sourcetest.Case {
		other := queryOf(resource, leo(), false).Inputs[input]
		typed := func(value string) providers.Query {
			return with(queryOf(resource, ines(), true), func(q *providers.Query) { q.Inputs[input] = value })
		}
		return []sourcetest.Case{
			{Name: "somebody else's identifier", Query: typed(other), Outcome: providers.Refused},
			{Name: "nobody's identifier", Query: typed("99999"), Outcome: providers.Unknown},
			{Name: "no identifier", Query: typed(""), Outcome: providers.Refused},
			{Name: "two lines", Query: typed("1\n2"), Outcome: providers.Refused},
		}
	}
}

func vehicleCases(resource string) []sourcetest.Case {
	change := func(f func(*providers.Query)) providers.Query { return with(queryOf(resource, ines(), true), f) }
	return []sourcetest.Case{
		{Name: "somebody else's plate", Query: change(func(q *providers.Query) { q.Inputs["immatriculation"] = "BB-222-BB" }), Outcome: providers.Unknown},
		{Name: "no plate", Query: change(func(q *providers.Query) { q.Inputs["immatriculation"] = "" }), Outcome: providers.Refused},
		{Name: "somebody else's FranceConnect token", Query: change(func(q *providers.Query) { q.FranceConnectToken = "jeton-leo" }), Outcome: providers.Unknown},
		{Name: "somebody else's token and plate", Query: change(func(q *providers.Query) {
			q.FranceConnectToken, q.Inputs["immatriculation"] = "jeton-leo", "BB-222-BB"
		}), Outcome: providers.Unavailable},
		{Name: "FranceConnect token dead", Query: change(func(q *providers.Query) { q.FranceConnectToken = "x" }), Outcome: providers.Refused},
		{Name: "no FranceConnect token", Query: change(func(q *providers.Query) { q.FranceConnectToken = "" }), Outcome: providers.Unavailable},
		{Name: "FranceConnect token at its end", Query: change(func(q *providers.Query) { q.TokenExpires = today.Add(5 * time.Second) }), Outcome: providers.Unavailable},
	}
}

func ageCases(resource string) []sourcetest.Case {
	born := func(date string) providers.Query {
		return queryOf(resource, identity("NULLEPART", "Jean", date, "male"), false)
	}
	return []sourcetest.Case{
		{Name: "16 today", Query: born("2010-10-14"), Outcome: providers.Unknown},
		{Name: "16 tomorrow", Query: born("2010-10-15"), Outcome: providers.Refused},
		{Name: "25 until today", Query: born("2000-10-15"), Outcome: providers.Unknown},
		{Name: "26 today", Query: born("2000-10-14"), Outcome: providers.Refused},
		{Name: "born nowhere", Query: with(queryOf(resource, ines(), true), func(q *providers.Query) { q.Identity.Birthcountry = "" }), Outcome: providers.Refused},
	}
}
