package fcsim

import (
	"strings"
	"time"
)

// EdgePersonas gives invented persons at the edges of what FranceConnect
// accepts, one an edge, all registered on the day at. Those that FranceConnect
// refuses have Refused, or an identity it does not accept (Y600006).
func EdgePersonas(at time.Time) []Persona {
	var all []Persona
	for _, e := range edges(at) {
		i := Identity{
			FamilyName: "VALEMBOIS", GivenNames: []string{"Odile"}, Birthdate: "1984-05-17",
			Gender: "female", Birthplace: "35238", Birthcountry: "99100", Email: e.id + "@courriel.example",
		}
		if e.change != nil {
			e.change(&i)
		}
		all = append(all, Persona{ID: e.id, Story: e.story, Identity: i, Refused: e.refused})
	}
	return all
}

type edge struct {
	id      string
	story   Text
	change  func(*Identity)
	refused string
}

func edges(at time.Time) []edge {
	born := func(years int) string { return at.AddDate(-years, 0, 1).Format(time.DateOnly) } // that many years tomorrow
	return append(append(nameEdges(), placeEdges()...), append(dateEdges(born), refusedEdges()...)...)
}

func nameEdges() []edge {
	first := func(names ...string) func(*Identity) { return func(i *Identity) { i.GivenNames = names } }
	return []edge{
		{"first-names-three", Text{"Trois prénoms.", "Three first names."}, first("Odile", "Renée", "Apolline"), ""},
		{"first-name-composed", Text{"Un prénom composé.", "A hyphenated first name."}, first("Anne-Odile", "Renée"), ""},
		{"first-name-spaced", Text{"Un prénom avec une espace.", "A first name with a space."}, first("Anne Odile", "Renée"), ""},
		{"used-name", Text{"Un nom d'usage.", "A used name."}, func(i *Identity) { i.PreferredUsername = "SAINT-ESTRAN" }, ""},
		{"hyphen-apostrophe", Text{"Trait d'union et apostrophe.", "Hyphen and apostrophe."}, func(i *Identity) { i.FamilyName, i.PreferredUsername = "L'HERMEREL-D’AUZON", "D'AUZON" }, ""},
		{"accents", Text{"Ligatures et accents.", "Ligatures and accents."}, func(i *Identity) {
			i.FamilyName, i.GivenNames = "LEBŒUF-ÆGIDIUS ÇÉLÈÑE", []string{"Anaïs", "Œdipa", "Zoë", "Ælis", "Ÿse"}
		}, ""},
		{"name-long", Text{"Un nom de plus de 50 caractères.", "A name of more than 50 characters."}, func(i *Identity) {
			i.FamilyName = strings.Repeat("VALEMBOIS-", 6) + "DE-LA-HAUTE-FUTAIE"
			i.GivenNames = []string{strings.Repeat("Odile-", 9) + "Renée"}
		}, ""},
		{"gender-unspecified", Text{"Sexe non précisé.", "Gender not specified."}, func(i *Identity) { i.Gender = "unspecified" }, ""},
		{"european", Text{"Une Européenne : pas de liste de prénoms.", "A European: no list of first names."}, func(i *Identity) {
			i.GivenName, i.GivenNames, i.Birthplace, i.Birthcountry = "Odile Renée", nil, "", "99109"
		}, ""},
	}
}

func placeEdges() []edge {
	at := func(place, country string) func(*Identity) {
		return func(i *Identity) { i.Birthplace, i.Birthcountry = place, country }
	}
	return []edge{
		{"corsica-2a", Text{"Née en Corse-du-Sud.", "Born in southern Corsica."}, at("2A247", "99100"), ""},
		{"corsica-2b", Text{"Née en Haute-Corse.", "Born in northern Corsica."}, at("2B096", "99100"), ""},
		{"polynesia", Text{"Née en Polynésie.", "Born in Polynesia."}, at("98729", "99100"), ""},
		{"wallis", Text{"Née à Wallis.", "Born on Wallis."}, at("98611", "99100"), ""},
		{"mayotte", Text{"Née à Mayotte.", "Born in Mayotte."}, at("97601", "99100"), ""},
		{"algeria", Text{"Née en Algérie avant 1962.", "Born in Algeria before 1962."}, func(i *Identity) { i.Birthplace, i.Birthdate = "91352", "1951-02-03" }, ""},
		{"abroad", Text{"Née à l'étranger, sans lieu.", "Born abroad, no place."}, at("", "99139"), ""},
		{"abroad-code", Text{"Née à l'étranger, un code comme lieu.", "Born abroad, a code as place."}, at("99139", "99139"), ""},
		{"abroad-text", Text{"Née à l'étranger, un lieu en toutes lettres.", "Born abroad, the place in words."}, func(i *Identity) {
			i.Birthplace, i.Birthcountry, i.PreferredUsername = "Porto-o-Velho", "99139", "DA VALE"
		}, ""},
	}
}

func dateEdges(born func(years int) string) []edge {
	on := func(date string) func(*Identity) { return func(i *Identity) { i.Birthdate = date } }
	return []edge{
		{"under-16", Text{"Seize ans demain.", "Sixteen tomorrow."}, on(born(16)), ""},
		{"under-18", Text{"Dix-huit ans demain.", "Eighteen tomorrow."}, on(born(18)), ""},
		{"day-presumed", Text{"Née un jour inconnu de mars 1962.", "Born on an unknown day of March 1962."}, on("1962-03"), ""},
		{"month-presumed", Text{"Née en 1962.", "Born in 1962."}, on("1962"), ""},
		{"born-1815", Text{"Née en 1815.", "Born in 1815."}, on("1815-12-10"), ""},
		{"month-00", Text{"Un jour sans mois.", "A day without a month."}, func(i *Identity) { i.IDPBirthdate = "1962-00-17" }, ""},
	}
}

func refusedEdges() []edge {
	return []edge{
		{"no-first-name", Text{"Sans prénom.", "No first name."}, func(i *Identity) { i.GivenNames = nil }, ""},
		{"no-family-name", Text{"Sans nom.", "No family name."}, func(i *Identity) { i.FamilyName = "" }, ""},
		{"no-email", Text{"Sans adresse électronique.", "No e-mail address."}, func(i *Identity) { i.Email = "" }, ""},
		{"no-gender", Text{"Sans sexe.", "No gender."}, func(i *Identity) { i.Gender = "" }, ""},
		{"no-birthplace", Text{"Sans lieu de naissance.", "No place of birth."}, func(i *Identity) { i.Birthplace = "" }, ""},
		{"cog-invalid", Text{"Un code de commune impossible.", "An impossible commune code."}, func(i *Identity) { i.Birthplace = "2C004" }, ""},
		{"deceased", Text{"Décédée selon le répertoire.", "Deceased, says the registry."}, nil, "Y010015"},
		{"not-found", Text{"Inconnue du répertoire.", "Unknown to the registry."}, nil, "Y010008"},
		{"registry-away", Text{"Le répertoire ne répond pas.", "The registry does not answer."}, nil, "Y010011"},
		{"blocked", Text{"Compte bloqué.", "Account blocked."}, nil, "Y180001"},
		{"provider-level", Text{"Un fournisseur trop faible.", "A provider too weak."}, nil, "Y100001"},
		{"provider-refused", Text{"Un niveau que le service n'admet pas.", "A level the service does not allow."}, nil, "Y100018"},
	}
}
