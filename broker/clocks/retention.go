package clocks

import (
	"fmt"
	"time"
)

// How long the proof of an act is kept, after which operators erase it
// (proposal, to be validated by a DPO).
const (
	AgreementYears = 5 // after its end: the term of an action in liability (art. 2224 of the Code civil)
	RefusalMonths  = 6 // a refusal or an abandoned look-up, after it
)

// ProofKept is how long the proof of an agreement is kept after its end, as
// the consent page says it (ISO 8601).
func ProofKept() string { return fmt.Sprintf("P%dY", AgreementYears) }

// A Retention is one line of what is kept, where and how long, in French.
type Retention struct {
	What, Where, Long string
}

// Retentions lists what Accord keeps; cmd/accord/PRIVACY.md shows it.
func Retentions() []Retention {
	store, memory := "le registre, lignes scellées", "mémoire, scellé sous le cookie de la personne"
	return []Retention{
		{"reçu, événements et sels d'un accord ; preuve de la connexion FranceConnect", store, fmt.Sprintf("%d ans après sa fin", AgreementYears)},
		{"reçu, événements et sels d'un refus ou d'une consultation abandonnée", store, fmt.Sprintf("%d mois", RefusalMonths)},
		{"feuille du journal (34 octets, aucune donnée personnelle)", "le journal", "sans limite"},
		{"accord donné (pseudonyme, destinataire, noms des données)", "le registre", "comme son reçu"},
		{"guichet : numéro de dossier, empreinte du formulaire signé, identifiant de l'agent", store, "comme le reçu de l'acte"},
		{"guichet : nombre de demandes d'un agent (pseudonyme) dans la journée", "le registre", "le lendemain de ce jour"},
		{"guichet : session d'un agent, et l'état civil saisi en attendant la réponse de la personne", "mémoire, scellé sous son cookie ou sous l'adresse du code QR", minutes(AgentSession) + " ; " + minutes(InteractionAtMost) + " au plus"},
		{"acte d'un opérateur (numéro d'utilisateur système, nature de l'acte)", store, fmt.Sprintf("%d ans", AgreementYears)},
		{"parcours en cours, avec l'identité, les jetons de FranceConnect et ce que la personne a saisi ou choisi", memory, minutes(InteractionAtMost) + " au plus"},
		{"valeurs montrées avant la décision", memory, minutes(ValuesShown) + " après leur lecture"},
		{"valeurs acceptées", "le registre, scellées sous le code puis sous le jeton d'accès", minutes(Snapshot) + " au plus"},
		{"réponse à la décision (adresse de retour, état, issue)", "le registre, scellée sous le cookie de la personne", minutes(AnswerKept)},
		{"session de « Mes accords »", "mémoire, scellée sous son cookie", minutes(WebSession)},
		{"jeton de FranceConnect présenté par un organisme ; l'identité et les valeurs qu'il ouvre ne sont jamais gardées", "mémoire, sous forme de SHA-256", "60 s au plus"},
		{"demandes déposées, états, identifiants d'assertion et de preuve DPoP", "mémoire, sous forme de SHA-256", "de quelques secondes à quelques minutes"},
	}
}

func minutes(d time.Duration) string { return fmt.Sprintf("%d min", d/time.Minute) }
