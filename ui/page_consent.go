package ui

import (
	"slices"
	"time"
)

// Consent is the page where a citizen sees the exact values and decides. It
// carries the sixteen elements of the consent screen as data-el="1" to "16".
// Buttons: ids refuse (choix=refuser) and accept (choix=accepter); without a
// required datum there is no accept button and the page says why.
type Consent struct {
	Lang        string // language the page is shown in (UI.Lang), for ScreenModel
	Requester   Requester
	Operator    Operator
	Person      Person
	NotMe       string // address of "ce n'est pas moi"; empty: no link
	Purpose     Text   // one sentence, as the approval writes it: "Calculer votre tarif de cantine."
	PurposeID   string
	Basis       Basis
	LegalTexts  []string // "CRPA, art. L.114-8"
	Approval    Link     // habilitation record; URL may be empty
	Sources     []Source // in the catalogue's order
	NotTicked   []string // catalogue ids not looked up, since the citizen did not tick them before
	Later       *Later   // nil: one look-up only
	Retention   string   // ISO 8601 duration kept by the requester: "P1Y"
	RetentionOf Text     // the rule in words, may be empty
	Proof       string   // ISO 8601 duration Accord keeps the proof, without values: "P5Y"
	Recipients  []Text
	Transfers   Text     // outside the European Union; empty: none
	Automated   bool     // an automated decision is taken
	Consequence Text     // of refusing
	OtherPath   Text     // how to do without
	Rights      []string // codes of the receipt: access, opposition, complaint:CNIL …
	Contacts    []Contact

	ValuesUntil  time.Time // the values shown are wiped then
	SessionUntil time.Time
	Extend       string // address that extends the session; empty: extended already
	Reference    string // interaction id
	Again        bool   // came back by ChoiceReread: "choisissez un des deux boutons"
	Problems     []Problem
	Form         Form
}

// A Problem is one mistake of a form, shown in the summary that gets focus.
type Problem struct {
	Field string // id of the field, without #
	Text  string // locale key below problem: "unknown_item", "text_changed"
}

func (Consent) template() string { return "consent" }
func (Consent) leaves()          {}

// CanAccept tells whether the accept button is shown: every source that holds
// a required datum answered something that may be sent, and each grid that
// answers for one has an answer. The server must judge by the same rule.
func (p Consent) CanAccept() bool { return len(p.Missing()) == 0 }

// Missing lists the sources whose required data cannot be sent.
func (p Consent) Missing() []Source {
	var missing []Source
	for _, s := range p.Sources {
		if slices.ContainsFunc(s.required(), func(i Item) bool { return !s.sendsItem(i) }) {
			missing = append(missing, s)
		}
	}
	return missing
}

// Disputable tells whether a source said anything that may be wrong.
func (p Consent) Disputable() bool { return slices.ContainsFunc(p.Sources, Source.sends) }

// HasOptional tells whether anything may be chosen.
func (p Consent) HasOptional() bool {
	for _, s := range p.Sources {
		if slices.ContainsFunc(s.optional(), s.sendsItem) {
			return true
		}
	}
	return false
}

// Answers tells whether a grid answers for anything on the page.
func (p Consent) Answers() bool {
	for _, s := range p.Sources {
		if slices.ContainsFunc(s.Items, func(i Item) bool { return i.Answered != nil }) {
			return true
		}
	}
	return false
}

// ReturnLink is the way back to the requester, nil when not known.
func (p Consent) ReturnLink() *Link { return p.Requester.returnLink() }

func (r Requester) returnLink() *Link {
	if r.Return == "" {
		return nil
	}
	return &Link{Name: r.Name, URL: r.Return}
}

// sendsItem tells whether one item of the source can be agreed to.
func (s Source) sendsItem(i Item) bool {
	return s.sends() && !(s.found() && i.Unanswered())
}

func (s Source) required() []Item { return s.pick(true) }
func (s Source) optional() []Item { return s.pick(false) }

func (s Source) pick(required bool) []Item {
	var picked []Item
	for _, i := range s.Items {
		if i.Required == required {
			picked = append(picked, i)
		}
	}
	return picked
}
