package country

import (
	"accord/providers/cnav/cnavsim"
	"accord/providers/dgfip/dgfipsim"
)

// camille is a separated mother; hugo has the same child on his file.
func camille() Persona {
	leo := child("OSTERVAL", "LEO MARTIN", "2017-06-02", "M")
	return Persona{
		ID: "camille", Featured: true, Email: "camille.tremblin@courriel.example",
		Story: Story{
			FR: "Camille est séparée ; son fils Léo vit une semaine sur deux chez elle. Il figure dans son dossier CAF et dans celui de son père, Hugo. Son école a le code 0990001A.",
			EN: "Camille is separated; her son Léo lives with her every other week. He is on her CAF file and on that of his father, Hugo. The code of his school is 0990001A.",
		},
		Identity: female("TREMBLIN", "1988-03-14", "72999", "Camille", "Élodie"),
		Files: []File{{Quotient: 742, Household: household(cnavsim.CNAF,
			address("MADAME CAMILLE TREMBLIN", "12 RUE DES TROIS FONTAINES", "72998 VALBRUME"),
			adults(adult("TREMBLIN", "CAMILLE ELODIE", "1988-03-14", "F", "72999")), leo)}},
		Notices: years(dgfipsim.Notice{
			Declarants: []dgfipsim.Declarant{{BirthName: "TREMBLIN", GivenNames: "CAMILLE ELODIE", Birthdate: "1988-03-14"}},
			RFR:        18420, Parts: 1.25, Situation: "D", Dependants: 1, Address: "12 RUE DES TROIS FONTAINES 72998 VALBRUME",
		}, 1, 2),
	}
}

// nadia separated this spring: last year's notice is still a joint one.
func nadia() Persona {
	return Persona{
		ID: "nadia", Featured: true, Email: "nadia.belkoran@courriel.example",
		Story: Story{
			FR: "Nadia a divorcé ce printemps. Son dernier avis d'impôt porte encore sur l'année où elle était mariée : il décrit aussi les revenus de son ex-mari.",
			EN: "Nadia divorced this spring. Her latest tax notice is still about the year she was married: it also tells her former husband's income.",
		},
		Identity: female("BELKORAN", "1990-07-08", "49998", "Nadia", "Samira"),
		Files: []File{{Quotient: 518, Household: household(cnavsim.CNAF,
			address("MADAME NADIA BELKORAN", "4 ALLEE DU VIEUX LAVOIR", "72998 VALBRUME"),
			adults(adult("BELKORAN", "NADIA SAMIRA", "1990-07-08", "F", "49998")),
			child("FAUVERNIER", "INES JULIE", "2019-01-22", "F"))}},
		Notices: years(dgfipsim.Notice{
			Declarants: []dgfipsim.Declarant{
				{BirthName: "FAUVERNIER", GivenNames: "JULIEN MARC", Birthdate: "1987-12-05"},
				{BirthName: "BELKORAN", UsageName: "FAUVERNIER", GivenNames: "NADIA SAMIRA", Birthdate: "1990-07-08"},
			},
			RFR: 41250, Parts: 2.5, Situation: "M", Dependants: 1, Address: "27 CHEMIN DES GRANDS ORMES 49997 MONTREVELLE",
		}, 1, 2),
	}
}

// sabine left her partner, who is still on her file.
func sabine() Persona {
	return Persona{
		ID: "sabine", Featured: true, Email: "sabine.perrochel@courriel.example",
		Story: Story{
			FR: "Sabine vit seule avec son fils depuis deux mois. Son dossier CAF n'est pas à jour : son ex-compagnon y figure encore. Elle est inscrite à France Travail, identifiant perrochel84.",
			EN: "Sabine has lived alone with her son for two months. Her CAF file is out of date: her former partner is still on it. She is registered with France Travail, identifier perrochel84.",
		},
		Identity: female("PERROCHEL", "1984-09-19", "72999", "Sabine", "Aude"),
		Files: []File{{Quotient: 1106, Household: household(cnavsim.CNAF,
			address("MADAME SABINE PERROCHEL", "3 PLACE DE LA HALLE AUX GRAINS", "72998 VALBRUME"),
			adults(
				adult("PERROCHEL", "SABINE AUDE", "1984-09-19", "F", "72999"),
				adult("DASSIGNY", "KARIM NOEL", "1982-02-11", "M", "35998"),
			),
			child("DASSIGNY", "TOM ELIAS", "2015-04-27", "M"))}},
		Notices: years(dgfipsim.Notice{
			Declarants: []dgfipsim.Declarant{{BirthName: "PERROCHEL", GivenNames: "SABINE AUDE", Birthdate: "1984-09-19"}},
			RFR:        16980, Parts: 1.5, Situation: "C", Dependants: 1, Address: "3 PLACE DE LA HALLE AUX GRAINS 72998 VALBRUME",
		}, 1, 2),
	}
}

// aminata was born abroad on a day nobody wrote down.
func aminata() Persona {
	identity := female("KONDARA", "1979-05-01", "", "Aminata", "Fatou")
	identity.IDPBirthdate, identity.Birthcountry = "1979-05-00", senegal
	return Persona{
		ID: "aminata", Featured: true, Email: "aminata.kondara@courriel.example",
		Story: Story{
			FR: "Aminata est née à l'étranger, en mai 1979, un jour que l'état civil ne connaît pas. Ses trois enfants sont dans son dossier CAF.",
			EN: "Aminata was born abroad in May 1979, on a day the register does not know. Her three children are on her CAF file.",
		},
		Identity: identity,
		Files: []File{{Quotient: 387, Household: household(cnavsim.CNAF,
			address("MADAME AMINATA KONDARA", "18 RUE DU MOULIN BRULE", "72998 VALBRUME"),
			adults(adult("KONDARA", "AMINATA FATOU", "1979-05-00", "F", "")),
			child("KONDARA", "MOUSSA IBRAHIMA", "2010-02-09", "M"),
			child("KONDARA", "AWA MARIAM", "2013-08-30", "F"),
			child("KONDARA", "FANTA", "2018-11-00", "F"))}},
		Notices: years(dgfipsim.Notice{
			Declarants: []dgfipsim.Declarant{{BirthName: "KONDARA", GivenNames: "AMINATA FATOU", Birthdate: "1979-05-00"}},
			RFR:        14310, Parts: 3, Situation: "V", Dependants: 3, Address: "18 RUE DU MOULIN BRULE 72998 VALBRUME",
		}, 1, 2),
	}
}

// lucas is of age and still on his parents' files.
func lucas() Persona {
	return Persona{
		ID: "lucas", Featured: true, Email: "lucas.corvaisier@courriel.example",
		Story: Story{
			FR: "Lucas, étudiant boursier, est encore à la charge de ses parents. La CAF répond avec le dossier de ses parents ; les impôts n'ont pas d'avis à son nom. Son INE, s'il le faut : 999000012AB ; son ancien identifiant à France Travail : corvaisier05.",
			EN: "Lucas, a student with a grant, still depends on his parents. CAF answers with his parents' file; the tax office has no notice in his name. His INE, if need be: 999000012AB; his former identifier at France Travail: corvaisier05.",
		},
		Identity: male("CORVAISIER", "2005-12-03", "53996", "Lucas", "Émile"),
		Files: []File{{Quotient: 1287, Household: household(cnavsim.CNAF,
			address("MONSIEUR ET MADAME CORVAISIER", "9 IMPASSE DES TILLEULS BLEUS", "53997 ORVALLON"),
			adults(
				adult("CORVAISIER", "DENIS ANDRE", "1974-01-16", "M", "53996"),
				named(adult("RAMBERTIN", "ODILE JEANNE", "1976-06-21", "F", "53996"), "CORVAISIER"),
			),
			child("CORVAISIER", "LUCAS EMILE", "2005-12-03", "M"),
			child("CORVAISIER", "MANON CELESTE", "2011-03-17", "F"))}},
		Notices: years(dgfipsim.Notice{
			Declarants: []dgfipsim.Declarant{
				{BirthName: "CORVAISIER", GivenNames: "DENIS ANDRE", Birthdate: "1974-01-16"},
				{BirthName: "RAMBERTIN", UsageName: "CORVAISIER", GivenNames: "ODILE JEANNE", Birthdate: "1976-06-21"},
			},
			RFR: 52740, Parts: 3, Situation: "M", Dependants: 2, Address: "9 IMPASSE DES TILLEULS BLEUS 53997 ORVALLON",
		}, 1, 2),
	}
}

// yann never had a file at CAF or MSA.
func yann() Persona {
	return Persona{
		ID: "yann", Featured: true, Email: "yann.kerbridou@courriel.example",
		Story: Story{
			FR: "Yann n'a jamais rien demandé à la CAF ni à la MSA : elles ne le connaissent pas. Il a un avis d'impôt. Il n'est plus inscrit à France Travail, où son identifiant était kerbridou71.",
			EN: "Yann never claimed anything from CAF or MSA: they do not know him. He does have a tax notice. He is no longer registered with France Travail, where his identifier was kerbridou71.",
		},
		Identity: male("KERBRIDOU", "1971-10-27", "35998", "Yann", "Gwenolé"),
		Notices: years(dgfipsim.Notice{
			Declarants: []dgfipsim.Declarant{{BirthName: "KERBRIDOU", GivenNames: "YANN GWENOLE", Birthdate: "1971-10-27"}},
			RFR:        27860, Parts: 1, Situation: "C", Address: "1 QUAI DES SALORGES PERDUES 35997 PORT-LIVENN",
		}, 1, 2),
	}
}
