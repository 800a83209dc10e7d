package consent

import "fmt"

// words are the fixed parts of a notice. They are part of its bytes: changing
// one changes the digest of every notice, which the log then tells.
type words struct {
	title, catalogue, who, through, purpose, service, replaces, act, basis string
	required, optional, years, recipient, kept, locations, transfers, none string
	automated, fetches, once, consequence, otherPath, rights, answer       string
	identifier, desk, atDesk                                               string
	repeated                                                               string // format: number, duration
	acts                                                                   map[Act]string
	yesNo                                                                  map[bool]string
}

func noticeWords(lang string) words {
	if lang == "en" {
		return englishNotice()
	}
	return frenchNotice()
}

func (w words) fetchesOf(c Ceilings) string {
	if c.Mode == ModeRepeated {
		return fmt.Sprintf(w.repeated, c.Fetches, c.Duration)
	}
	return w.once
}

func frenchNotice() words {
	return words{
		title: "Information sur vos données", catalogue: "catalogue",
		who: "Qui demande", through: "Par l'intermédiaire de", purpose: "Pourquoi", service: "Service",
		replaces: "Ce que vous n'avez plus à fournir", act: "Ce que vaut votre réponse", basis: "Base légale",
		required: "Données nécessaires", optional: "Données facultatives", years: "Années de revenus",
		recipient: "Qui lira vos données", kept: "Durée de conservation", locations: "Lieu du traitement",
		desk: "Au guichet", atDesk: "un agent de cet organisme peut demander ces données pour vous, sauf les données sensibles, si vous êtes d'accord ou, selon la loi, informé ; jamais par téléphone",
		identifier: "Un identifiant propre à cet organisme peut être demandé seul, sans nom ni donnée",
		transfers:  "Transferts hors de l'Union européenne", none: "aucun",
		automated: "Décision entièrement automatisée", fetches: "Consultation", once: "une seule fois",
		consequence: "Si vous refusez", otherPath: "Autre chemin", rights: "Vos droits",
		answer:   "une seule de ces réponses est transmise, jamais la valeur de",
		repeated: "une seule fois ; d'autres seulement si vous cochez la case, au plus %d en tout, pendant au plus %s",
		acts: map[Act]string{
			AccordPublicTask: "votre accord explicite est demandé en garantie ; la base légale est une mission de service public",
			ConsentGDPR:      "votre consentement est la base légale ; vous pouvez le retirer à tout moment",
			InformationOnly:  "vous êtes informé d'un échange entre administrations",
		},
		yesNo: map[bool]string{true: "oui", false: "non"},
	}
}

func englishNotice() words {
	return words{
		title: "Information about your data", catalogue: "catalogue",
		who: "Who asks", through: "Through", purpose: "Why", service: "Department",
		replaces: "What you no longer have to bring", act: "What your answer is", basis: "Legal basis",
		required: "Data needed", optional: "Optional data", years: "Income years",
		recipient: "Who will read your data", kept: "Kept for", locations: "Processed in",
		desk: "At the desk", atDesk: "an agent of this body may ask for these data on your behalf, sensitive data excepted, if you agree or, as the law has it, are informed; never by telephone",
		identifier: "An identifier of this body's own may be asked for alone, without name or data",
		transfers:  "Transfers outside the European Union", none: "none",
		automated: "Fully automated decision", fetches: "Fetched", once: "only once",
		consequence: "If you refuse", otherPath: "Other way", rights: "Your rights",
		answer:   "only one of these answers is sent, never the value of",
		repeated: "only once; more only if you tick the box, at most %d in all, for at most %s",
		acts: map[Act]string{
			AccordPublicTask: "your explicit agreement is asked for as a safeguard; the legal basis is a public task",
			ConsentGDPR:      "your consent is the legal basis; you can withdraw it at any time",
			InformationOnly:  "you are informed of an exchange between administrations",
		},
		yesNo: map[bool]string{true: "yes", false: "no"},
	}
}
