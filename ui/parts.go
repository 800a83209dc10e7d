package ui

import (
	"encoding/json"
	"time"
)

// A Text is a sentence written outside Accord, by an approval. A missing EN
// is shown in French and marked as such.
type Text struct{ FR, EN string }

// A Link leads somewhere.
type Link struct {
	Name string // of the place, not of the act: "Ville de Valbrume"
	URL  string
}

// A Basis is the legal ground of a request; it changes words and rights.
type Basis string

// The bases (broker/design/0000-overview.md §1). Never shown for one another.
const (
	PublicTask  Basis = "accord_art6_1_e"
	ConsentGDPR Basis = "consentement_art6_1_a"
	Information Basis = "information_l114_8"
)

// An Outcome is how a source answered, in the words of package providers.
type Outcome string

// The outcomes. Only Found has values; NoFile is an absence, not a failure.
const (
	Found       Outcome = "found"
	Unknown     Outcome = "unknown"
	Ambiguous   Outcome = "ambiguous"
	NoFile      Outcome = "no_file"
	Unavailable Outcome = "unavailable"
	Refused     Outcome = "refused"
)

// The values of the field choix: which button was pressed.
const (
	ChoiceRefuse  = "refuser"   // Connexion, Consent, Reload
	ChoiceAccept  = "accepter"  // Consent
	ChoiceSee     = "voir"      // Connexion: see my data with FranceConnect
	ChoiceReload  = "recharger" // Reload, Consent: fetch the values again
	ChoiceKeep    = "garder"    // Withdraw
	ChoiceEnd     = "retirer"   // Withdraw
	ChoiceChange  = "modifier"  // Change
	ChoiceAsk     = "demander"  // RequestForm
	ChoiceCorrect = "corriger"  // Consent: back to Inputs
	ChoiceChild   = "enfant"    // Consent: back to Child
	ChoiceWrong   = "fausses"   // Consent: these data are wrong; ends as a refusal
	ChoiceChoose  = "choisir"   // Child: see this child's data
	ChoiceReread  = "relire"    // Consent: Enter in a box; nothing is recorded, the page comes again with Again
)

// A Requester is the body that asks for the data.
type Requester struct {
	Name    string // legal name, from its approval: "Commune de Valbrume"
	SIRET   string // 14 digits
	Service string // "service scolaire", may be empty
	Editor  string // software editor acting for it, may be empty
	DPO     string // mail address or https address of its data protection officer
	Return  string // where its service is found again; empty when not known and registered
}

// An Operator is the body that runs this Accord.
type Operator struct {
	Name string
	DPO  string // mail or https address
}

// A Form holds what a form posts without being seen.
type Form struct {
	Action      string // path the form posts to
	CSRF        string
	Interaction string // parameter i; empty outside an interaction
	Text        string // digest of the screen shown, field texte; Consent only
}

// A Person is who FranceConnect says is there.
type Person struct {
	Name      string // "Solène Kervadec"
	Birthdate string // YYYY-MM-DD, unknown parts 00
	Gender    string // female, male or anything else
}

// A Group is the data of one source, named but not yet looked up.
type Group struct {
	Source string // catalogue source id: cnav, dgfip, franceconnect
	Data   []Asked
}

// Asked is one datum asked for.
type Asked struct {
	Datum    string // catalogue id
	Required bool
	Period   string // "2026-10" month, "2025" income year, "" timeless
	Why      Text   // what the datum serves for; may be empty
	// Answered is set when only a grid's answer would be sent.
	Answered *Answered
}

// An Answered says that a grid of the approval answers in a datum's place.
type Answered struct {
	Grid    string   // id
	YesNo   bool     // the answer is yes or no, not a band
	Choices int      // how many answers there are
	Reads   []string `json:",omitempty"` // catalogue ids of what else is looked up for it
}

// An Answer is what would be sent in a datum's place.
type Answer struct {
	Code  string // "C", "oui"
	Label Text   // "3,20 € le repas"
}

// A Source is what one source answered about one resource, with the values to
// be shown.
type Source struct {
	ID       string  // catalogue source id
	Resource string  // of the catalogue: two of one source stand apart, each with its own outcome
	Operator string  // who really answered: CNAF, MSA, DGFiP; may be empty
	Outcome  Outcome // Found when empty
	// Absence tells that the citizen may agree to send this outcome as it is:
	// "no file" is then a value like another.
	Absence bool
	Items   []Item

	Typed   bool        // it was asked with something the citizen typed
	Correct bool        // what was typed can be corrected or completed, by ChoiceCorrect
	Child   *ChildShown // the child it was asked about; nil: about the citizen, or no child could be chosen
	NoChild bool        // it was not asked: Outcome is that of the file the child is chosen from
}

// An Item is one datum with its value.
type Item struct {
	Datum    string          // catalogue id
	Unit     string          // catalogue unit: EUR/month, persons, enum:… …
	Value    json.RawMessage // the datum's masked document: exactly what would be sent, unless Answered; nil without answer
	Period   string          // of the value: "2026-10", "2025", ""
	Asked    string          // the period the request names, in the same form; "" when it names none
	Required bool
	Why      Text // what the datum serves for; may be empty
	Hidden   bool // catalogue preview "hidden until opened": the value stands inside details
	Chosen   bool // the citizen ticked it on a page shown before; never true at first
	// Answered is set when the value is shown and only Answer is sent. Without
	// an Answer under a found source the item cannot be sent.
	Answered *Answered
	Answer   *Answer
	operator string // who answered, where the heading above names it
	// Tariffs are what the requester's registered tables make of the value.
	Tariffs []Tariff
}

// A Tariff is one registered table of the requester over a datum that is sent:
// it tells what the value leads to, and answers in nobody's place.
type Tariff struct {
	Grid   string // id
	YesNo  bool
	Answer *Answer // nil: the table has none for the value
}

// Unanswered tells an item whose grid has no answer for the value found.
func (i Item) Unanswered() bool { return i.Answered != nil && i.Answer == nil }

// sends tells whether what the source answered can be agreed to.
func (s Source) sends() bool {
	return s.found() || s.Absence
}

func (s Source) found() bool { return s.Outcome == Found || s.Outcome == "" }

// A Later is the wish to look again after today (element 9).
type Later struct {
	Until      time.Time // at most 12 months away
	Fetches    int       // at most, in all, today's included
	NotCovered []string  // catalogue ids that only the citizen's presence gives
	Chosen     bool
}

// A Contact is where a source corrects its data.
type Contact struct {
	Source string // catalogue source id
	URL    string // mail or https address
}
