package main

import "strings"

const (
	french  = "fr"
	english = "en"
)

// language is -lang, else that of the environment: French where LANG begins
// with fr, else English.
func language(asked string, getenv func(string) string) string {
	if asked != "" {
		return asked
	}
	if strings.HasPrefix(getenv("LANG"), french) {
		return french
	}
	return english
}

// texts are the sentences of one language.
type texts struct {
	usage            string // of the whole program
	receiptUsage     string
	missing          string
	steps            map[step]string
	marks            map[string]string // by check.Result, all of one width
	verdicts         map[outcome]string
	acts             map[string]string // by event type
	bases            map[string]string // by basis_act
	stages           map[string]string
	act, to, purpose string
	agreed, until    string
	logged           string
	proves, provesNo string
	colon            string // as the language sets it
}

func textsIn(lang string) texts {
	if lang == french {
		return frenchTexts()
	}
	return englishTexts()
}

func frenchTexts() texts {
	return texts{
		usage: "usage : accord-verify receipt | bundle | delivery | log | reconcile | stats …\n" +
			"  receipt    la signature et le contenu d'un reçu\n" +
			"  bundle     un reçu et sa place au journal, d'un seul fichier .accord\n" +
			"  delivery   des données livrées et signées\n" +
			"  log        un journal entier exporté\n" +
			"  reconcile  le journal face à la liste d'une source ou d'un destinataire\n" +
			"  stats      les chiffres publics, recalculés d'après le journal\n" +
			"codes de sortie : 0 authentique, 1 faux, 2 indécidable",
		receiptUsage: "usage : accord-verify receipt -jwks jwks.json [-lang fr|en] [-json] recu.jws [autres.jws …]\n" +
			"codes de sortie : 0 authentique, 1 faux, 2 indécidable",
		missing: "il faut -jwks et au moins un reçu",
		steps: map[step]string{
			stepFile:      "le fichier se lit",
			stepForm:      "c'est un reçu, dans sa seule forme admise",
			stepKey:       "la clé de signature figure dans l'historique fourni",
			stepSignature: "la signature est celle de cette clé, sur ces octets",
			stepKeyTime:   "la clé était en service à la date de signature",
			stepContent:   "le contenu respecte toutes les règles",
		},
		marks:    map[string]string{"passed": "oui", "failed": "NON", "undecided": " ? ", "not_made": " - "},
		verdicts: map[outcome]string{genuine: "AUTHENTIQUE", notTrue: "FAUX", undecided: "INDÉCIDABLE"},
		acts: map[string]string{
			"consent.granted": "accord donné", "consent.refused": "refus",
			"consent.renewed": "accord renouvelé", "consent.withdrawn": "accord retiré",
		},
		bases: map[string]string{
			"accord_art6_1_e":       "mission d'intérêt public (RGPD 6-1-e), l'accord étant une garantie",
			"consentement_art6_1_a": "consentement (RGPD 6-1-a)",
			"information_l114_8":    "échange avec information (CRPA L114-8)",
		},
		stages: map[string]string{"before_login": "avant la connexion", "login": "à la connexion", "decision": "au vu des données"},
		act:    "acte", to: "destinataire", purpose: "finalité", agreed: "données accordées", until: "valable jusqu'au", logged: "journal",
		proves:   "Prouve que l'acte a eu lieu tel qu'il est écrit, sur la foi de la clé de l'opérateur, et que rien n'y a été changé.",
		colon:    " : ",
		provesNo: "Ne prouve pas que l'accord n'a pas été retiré depuis, ni que l'acte figure au journal. L'historique de clés doit venir d'une source sûre.",
	}
}

func englishTexts() texts {
	return texts{
		usage: "usage: accord-verify receipt | bundle | delivery | log | reconcile | stats …\n" +
			"  receipt    the signature and the content of a receipt\n" +
			"  bundle     a receipt and its place in the log, from one file .accord\n" +
			"  delivery   data delivered and signed\n" +
			"  log        a whole exported log\n" +
			"  reconcile  the log against a source's or a recipient's list\n" +
			"  stats      the public figures, derived from the log again\n" +
			"exit status: 0 genuine, 1 false, 2 cannot decide",
		receiptUsage: "usage: accord-verify receipt -jwks jwks.json [-lang fr|en] [-json] receipt.jws [more.jws …]\n" +
			"exit status: 0 genuine, 1 false, 2 cannot decide",
		missing: "-jwks and at least one receipt are needed",
		steps: map[step]string{
			stepFile:      "the file can be read",
			stepForm:      "it is a receipt, in its one form",
			stepKey:       "the signing key is in the history given",
			stepSignature: "the signature is that key's, over these bytes",
			stepKeyTime:   "the key was in use when it signed",
			stepContent:   "the content keeps every rule",
		},
		marks:    map[string]string{"passed": "yes", "failed": "NO ", "undecided": " ? ", "not_made": " - "},
		verdicts: map[outcome]string{genuine: "GENUINE", notTrue: "FALSE", undecided: "CANNOT DECIDE"},
		acts: map[string]string{
			"consent.granted": "agreement given", "consent.refused": "refusal",
			"consent.renewed": "agreement renewed", "consent.withdrawn": "agreement withdrawn",
		},
		bases: map[string]string{
			"accord_art6_1_e":       "public task (GDPR 6-1-e), the agreement being a safeguard",
			"consentement_art6_1_a": "consent (GDPR 6-1-a)",
			"information_l114_8":    "exchange with information (CRPA L114-8)",
		},
		stages: map[string]string{"before_login": "before login", "login": "at login", "decision": "in sight of the data"},
		act:    "act", to: "recipient", purpose: "purpose", agreed: "data agreed", until: "valid until", logged: "log",
		proves:   "Proves that the act took place as written, on the faith of the operator's key, and that nothing in it was changed.",
		colon:    ": ",
		provesNo: "Does not prove that it was not withdrawn since, nor that the act is in the log. The key history must come from a place you trust.",
	}
}
