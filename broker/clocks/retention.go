package clocks

import (
	"fmt"
	"time"
)

// How long the proof of an act is kept, after which operators erase it
// (proposal, to be validated by a DPO).
const (
	AgreementYears = 5 // after its end: the term of an action in liability (art. 2224 of the Code civil)
	RequestYears   = 2 // a citizen's request about an agreement, after it was made
	RefusalMonths  = 6 // a refusal or an abandoned look-up, after it
)

// ProofKept is how long the proof of an agreement is kept after its end, as
// the consent page says it (ISO 8601).
func ProofKept() string { return fmt.Sprintf("P%dY", AgreementYears) }

// RefusalKept is how long the proof of a refusal is kept (ISO 8601).
func RefusalKept() string { return fmt.Sprintf("P%dM", RefusalMonths) }

// RequestKept is how long a citizen's request is kept after it was made.
func RequestKept() time.Duration { return RequestYears * 365 * 24 * time.Hour }

// Words say one thing in French and in English.
type Words struct{ FR, EN string }

// A Retention is one line of what is kept, where and how long.
type Retention struct {
	What, Where, Long Words
}

// Retentions lists what Accord keeps; cmd/accord/PRIVACY.md and the page
// /donnees-personnelles show it.
func Retentions() []Retention {
	store := Words{"le registre, lignes scellées", "the store, in sealed rows"}
	plain := Words{"le registre", "the store"}
	memory := Words{"mémoire, scellé sous le cookie de la personne", "memory, sealed under the person's cookie"}
	hashed := Words{"mémoire, sous forme de SHA-256", "memory, as SHA-256"}
	return []Retention{
		{
			Words{"reçu, événements et sels d'un accord ; preuve de la connexion FranceConnect", "receipt, events and salts of an agreement; proof of the FranceConnect login"},
			store,
			Words{fmt.Sprintf("%d ans après sa fin", AgreementYears), fmt.Sprintf("%d years after its end", AgreementYears)},
		},
		{
			Words{"reçu, événements et sels d'un refus ou d'une consultation abandonnée", "receipt, events and salts of a refusal or of an abandoned look-up"},
			store,
			Words{fmt.Sprintf("%d mois", RefusalMonths), fmt.Sprintf("%d months", RefusalMonths)},
		},
		{
			Words{"feuille du journal (34 octets, aucune donnée personnelle)", "leaf of the log (34 bytes, no personal data)"},
			Words{"le journal", "the log"},
			Words{"sans limite", "without limit"},
		},
		{
			Words{"accord donné (pseudonyme, destinataire, noms des données)", "agreement given (pseudonym, recipient, names of the data)"},
			plain,
			Words{"comme son reçu", "as its receipt"},
		},
		{
			Words{"guichet : numéro de dossier, empreinte du formulaire signé, identifiant de l'agent", "desk: file number, digest of the signed form, identifier of the agent"},
			store,
			Words{"comme le reçu de l'acte", "as the receipt of the act"},
		},
		{
			Words{"guichet : nombre de demandes d'un agent (pseudonyme) dans la journée", "desk: how many requests an agent (pseudonym) made in the day"},
			plain,
			Words{"le lendemain de ce jour", "to the day after"},
		},
		{
			Words{"guichet : session d'un agent, et l'état civil saisi en attendant la réponse de la personne", "desk: session of an agent, and the civil status typed while the person's answer is awaited"},
			Words{"mémoire, scellé sous son cookie ou sous l'adresse du code QR", "memory, sealed under the agent's cookie or the QR code's address"},
			Words{minutes(AgentSession) + " ; " + AtMost(InteractionAtMost).FR, minutes(AgentSession) + "; " + AtMost(InteractionAtMost).EN},
		},
		{
			Words{"demande d'une personne (effacement chez l'organisme, accès non compris), avec ses mots et les réponses", "a person's request (erasure by the organisation, an access not understood), with their words and the answers"},
			store,
			Words{fmt.Sprintf("%d ans après la demande, au plus tard avec l'accord", RequestYears), fmt.Sprintf("%d years after the request, with the agreement at the latest", RequestYears)},
		},
		{
			Words{"acte d'un opérateur (numéro d'utilisateur système, nature de l'acte)", "act of an operator (system user number, kind of act)"},
			store,
			Words{fmt.Sprintf("%d ans", AgreementYears), fmt.Sprintf("%d years", AgreementYears)},
		},
		{
			Words{"parcours en cours, avec l'identité, les jetons de FranceConnect et ce que la personne a saisi ou choisi", "request under way, with the identity, FranceConnect's tokens and what the person typed or chose"},
			memory, AtMost(InteractionAtMost),
		},
		{
			Words{"valeurs montrées avant la décision", "values shown before the decision"},
			memory,
			Words{minutes(ValuesShown) + " après leur lecture", minutes(ValuesShown) + " after they were read"},
		},
		{
			Words{"valeurs acceptées", "values agreed to"},
			Words{"le registre, scellées sous le code puis sous le jeton d'accès", "the store, sealed under the code and then under the access token"},
			AtMost(Snapshot),
		},
		{
			Words{"identité d'un accord durable, pour les lectures en l'absence de la personne", "identity of a recurring agreement, for what is read while the person is not there"},
			Words{"le registre, scellée sous le jeton de renouvellement que seul l'organisme détient, et sous chaque jeton d'accès qui en vient", "the store, sealed under the refresh token only the organisation holds, and under each access token it gives"},
			Words{"jusqu'à la fin de l'accord", "to the end of the agreement"},
		},
		{
			Words{"jeton d'accès d'un organisme aux accords qu'il a reçus, sans donnée personnelle", "access token of an organisation to the agreements it was given, no personal data"},
			Words{"mémoire, scellé sous lui-même", "memory, sealed under itself"},
			Words{"5 min", "5 min"},
		},
		{
			Words{"réponse à la décision (adresse de retour, état, issue)", "answer to the decision (return address, state, outcome)"},
			Words{"le registre, scellée sous le cookie de la personne", "the store, sealed under the person's cookie"},
			Minutes(AnswerKept),
		},
		{
			Words{"session de « Mes accords »", "session of “My agreements”"},
			Words{"mémoire, scellée sous son cookie", "memory, sealed under its cookie"},
			Minutes(WebSession),
		},
		{
			Words{"connexion qui vient de servir à un accord sur l'identifiant seul, pour ce seul organisme", "login that has just served an agreement to the identifier alone, for that organisation only"},
			Words{"mémoire, scellée sous son cookie", "memory, sealed under its cookie"},
			AtMost(OneOffGrant),
		},
		{
			Words{"jeton de FranceConnect présenté par un organisme ; l'identité et les valeurs qu'il ouvre ne sont jamais gardées", "FranceConnect token an organisation presented; the identity and values it opens are never kept"},
			hashed,
			Words{"60 s au plus", "60 s at most"},
		},
		{
			Words{"demandes déposées, états, identifiants d'assertion et de preuve DPoP", "pushed requests, states, identifiers of assertions and of DPoP proofs"},
			hashed,
			Words{"de quelques secondes à quelques minutes", "from some seconds to some minutes"},
		},
	}
}

func minutes(d time.Duration) string { return fmt.Sprintf("%d min", d/time.Minute) }

// Minutes writes a duration in both languages.
func Minutes(d time.Duration) Words { return Words{minutes(d), minutes(d)} }

// AtMost is Minutes as a bound.
func AtMost(d time.Duration) Words { return Words{minutes(d) + " au plus", minutes(d) + " at most"} }
