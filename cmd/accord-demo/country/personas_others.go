package country

import (
	"accord/providers/cnav/cnavsim"
	"accord/providers/dgfip/dgfipsim"
)

// hugo is the father of camille's son, who is on his file too.
func hugo() Persona {
	return Persona{
		ID: "hugo", Email: "hugo.osterval@courriel.example",
		Story: Story{
			FR: "Hugo est le père de Léo, séparé de Camille. L'enfant figure aussi dans son dossier CAF, avec un autre quotient. Le code de son école est 0990001A.",
			EN: "Hugo is Léo's father, separated from Camille. The child is on his CAF file as well, with another quotient. The code of his school is 0990001A.",
		},
		Identity: male("OSTERVAL", "1986-11-30", "72999", "Hugo", "Bastien"),
		Files: []File{{Quotient: 913, Household: household(cnavsim.CNAF,
			address("MONSIEUR HUGO OSTERVAL", "31 BOULEVARD DE LA FILATURE", "72998 VALBRUME"),
			adults(adult("OSTERVAL", "HUGO BASTIEN", "1986-11-30", "M", "72999")),
			child("OSTERVAL", "LEO MARTIN", "2017-06-02", "M"))}},
		Notices: years(dgfipsim.Notice{
			Declarants: []dgfipsim.Declarant{{BirthName: "OSTERVAL", GivenNames: "HUGO BASTIEN", Birthdate: "1986-11-30"}},
			RFR:        24310, Parts: 1.25, Situation: "D", Dependants: 1, Address: "31 BOULEVARD DE LA FILATURE 72998 VALBRUME",
		}, 1, 2),
	}
}

// helene goes by her husband's name.
func helene() Persona {
	identity := female("MARQUENTIN", "1983-04-25", "49998", "Hélène", "Solange")
	identity.PreferredUsername = "VERDILLAC"
	return Persona{
		ID: "helene", Email: "helene.verdillac@courriel.example",
		Story: Story{
			FR: "Hélène porte au quotidien le nom de son mari, Verdillac. Les administrations la cherchent sous son nom de naissance.",
			EN: "Hélène goes by her husband's name, Verdillac. Administrations look for her under her birth name.",
		},
		Identity: identity,
		Files: []File{{Quotient: 1642, Household: household(cnavsim.CNAF,
			address("MONSIEUR ET MADAME VERDILLAC", "6 RUE DU PUITS SANS EAU", "49997 MONTREVELLE"),
			adults(
				named(adult("MARQUENTIN", "HELENE SOLANGE", "1983-04-25", "F", "49998"), "VERDILLAC"),
				adult("VERDILLAC", "PAUL ETIENNE", "1981-09-02", "M", "49998"),
			),
			child("VERDILLAC", "JEANNE", "2014-10-11", "F"),
			child("VERDILLAC", "AUGUSTIN", "2016-12-29", "M"))}},
		Notices: years(dgfipsim.Notice{
			Declarants: []dgfipsim.Declarant{
				{BirthName: "VERDILLAC", GivenNames: "PAUL ETIENNE", Birthdate: "1981-09-02"},
				{BirthName: "MARQUENTIN", UsageName: "VERDILLAC", GivenNames: "HELENE SOLANGE", Birthdate: "1983-04-25"},
			},
			RFR: 63180, Parts: 3, Situation: "M", Dependants: 2, Address: "6 RUE DU PUITS SANS EAU 49997 MONTREVELLE",
		}, 1, 2),
	}
}

// marieAnge has a compound first name with a space, two others, and a name with
// accent, hyphen and apostrophe.
func marieAnge() Persona {
	return Persona{
		ID: "marie-ange", Email: "marie-ange@courriel.example",
		Story: Story{
			FR: "Marie Ange a trois prénoms, dont un composé sans trait d'union, et un nom à tiret, accent et apostrophe. Les fichiers l'écrivent chacun à leur façon.",
			EN: "Marie Ange has three first names, one of them compound without a hyphen, and a name with hyphen, accent and apostrophe. Each register spells it its own way.",
		},
		Identity: female("BRÉVAN-D'AUROY", "1995-01-31", "35998", "Marie Ange", "Rose", "Lucienne"),
		Files: []File{{Quotient: 655, Household: household(cnavsim.CNAF,
			address("MADAME MARIE ANGE BREVAN D'AUROY", "22 RUE DES CORDIERS D'EN HAUT", "35997 PORT-LIVENN"),
			adults(adult("BREVAN D'AUROY", "MARIE ANGE ROSE LUCIENNE", "1995-01-31", "F", "35998")),
			child("BREVAN D'AUROY", "LOUIS ELOI", "2024-05-18", "M"))}},
		Notices: years(dgfipsim.Notice{
			Declarants: []dgfipsim.Declarant{{BirthName: "BREVAN-D AUROY", GivenNames: "MARIE ANGE ROSE", Birthdate: "1995-01-31"}},
			RFR:        19770, Parts: 2, Situation: "C", Dependants: 1, Address: "22 RUE DES CORDIERS D'EN HAUT 35997 PORT-LIVENN",
		}, 1, 2),
	}
}

// claire moved: her old file was not closed, the hub finds two.
func claire() Persona {
	claire := adult("LOMBARDEL", "CLAIRE ANNE", "1992-10-10", "F", "53996")
	return Persona{
		ID: "claire", Email: "claire.lombardel@courriel.example",
		Story: Story{
			FR: "Claire a déménagé pour étudier, sans bourse, et son ancien dossier CAF n'a pas été fermé. La CAF trouve deux dossiers et n'en choisit aucun.",
			EN: "Claire moved to study, without a grant, and her old CAF file was not closed. CAF finds two files and chooses neither.",
		},
		Identity: female("LOMBARDEL", "1992-10-10", "53996", "Claire", "Anne"),
		Files: []File{
			{Quotient: 801, Household: household(cnavsim.CNAF, address("MADAME CLAIRE LOMBARDEL", "2 COUR DES MIRABELLIERS", "53997 ORVALLON"), adults(claire))},
			{Quotient: 834, Household: household(cnavsim.CNAF, address("MADAME CLAIRE LOMBARDEL", "40 AVENUE DU PONT NEUVILLE", "72998 VALBRUME"), adults(claire))},
		},
		Notices: years(dgfipsim.Notice{
			Declarants: []dgfipsim.Declarant{{BirthName: "LOMBARDEL", GivenNames: "CLAIRE ANNE", Birthdate: "1992-10-10"}},
			RFR:        22540, Parts: 1, Situation: "C", Address: "40 AVENUE DU PONT NEUVILLE 72998 VALBRUME",
		}, 1, 2),
	}
}

// thibaut farms: his family is at MSA.
func thibaut() Persona {
	return Persona{
		ID: "thibaut", Email: "thibaut.grandchampel@courriel.example",
		Story: Story{
			FR: "Thibaut est agriculteur ; sa famille relève de la MSA, et non de la CAF. Son quotient est celui du jour. Sa camionnette est immatriculée BV-000-KX et il tire à l'arc à haut niveau, numéro 904051.",
			EN: "Thibaut is a farmer; his family is with MSA rather than CAF. His quotient is today's. The plate of his van is BV-000-KX, and he is a high-level archer, number 904051.",
		},
		Identity: male("GRANDCHAMPEL", "1981-08-15", "53996", "Thibaut", "René"),
		Files: []File{{Quotient: 472, Household: household(cnavsim.MSA,
			cnavsim.Address{
				Addressee: "MONSIEUR ET MADAME GRANDCHAMPEL", Building: "BATIMENT DES HALLES", Place: "LA HAUTE BOISSIERE",
				City: "53997 ORVALLON", Country: "FRANCE",
			},
			adults(
				adult("GRANDCHAMPEL", "THIBAUT RENE", "1981-08-15", "M", "53996"),
				adult("SOUVIGNET", "LUCIE MARTHE", "1984-03-03", "F", "53996"),
			),
			child("GRANDCHAMPEL", "ANTOINE", "2012-07-19", "M"),
			child("GRANDCHAMPEL", "ELISE", "2015-09-08", "F"))}},
		Notices: years(dgfipsim.Notice{
			Declarants: []dgfipsim.Declarant{
				{BirthName: "GRANDCHAMPEL", GivenNames: "THIBAUT RENE", Birthdate: "1981-08-15"},
				{BirthName: "SOUVIGNET", GivenNames: "LUCIE MARTHE", Birthdate: "1984-03-03"},
			},
			RFR: 21930, Parts: 3, Situation: "O", Dependants: 2, Address: "LA HAUTE BOISSIERE 53997 ORVALLON",
		}, 1, 2),
	}
}

// simon is single, without children; his last notice is late.
func simon() Persona {
	return Persona{
		ID: "simon", Email: "simon.perignolle@courriel.example",
		Story: Story{
			FR: "Simon vit seul, sans enfant, et fait un service civique. Son avis d'impôt de l'an dernier n'est pas encore établi ; celui d'avant existe. Il n'est plus inscrit à France Travail, où son identifiant était perignolle01.",
			EN: "Simon lives alone, has no children, and does civic service. Last year's tax notice is not made yet; the one before exists. He is no longer registered with France Travail, where his identifier was perignolle01.",
		},
		Identity: male("PERIGNOLLE", "2001-02-17", "72999", "Simon", "Alexis"),
		Files: []File{{Quotient: 1180, Household: household(cnavsim.CNAF,
			cnavsim.Address{
				Addressee: "MONSIEUR SIMON PERIGNOLLE", Complement: "APPARTEMENT 14", Street: "7 RUE DES CHAUDRONNIERS",
				City: "72998 VALBRUME", Country: "FRANCE",
			},
			adults(adult("PERIGNOLLE", "SIMON ALEXIS", "2001-02-17", "M", "72999")))}},
		Notices: years(dgfipsim.Notice{
			Declarants: []dgfipsim.Declarant{{BirthName: "PERIGNOLLE", GivenNames: "SIMON ALEXIS", Birthdate: "2001-02-17"}},
			RFR:        12650, Parts: 1, Situation: "C", Address: "7 RUE DES CHAUDRONNIERS 72998 VALBRUME",
		}, 2),
	}
}
