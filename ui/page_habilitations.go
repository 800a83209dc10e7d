package ui

import "time"

// Habilitations is "/habilitations": who may ask what, by name.
type Habilitations struct {
	All []Habilitation
}

// HabilitationPage is "/habilitations/{id}": one of them, whole.
type HabilitationPage struct {
	Habilitation Habilitation
}

// A Habilitation is one approval as anybody may read it.
type Habilitation struct {
	ID, Digest     string
	URL            string // of its page
	Requester      Requester
	Label, Purpose Text
	Simplification Text // the paper it replaces; empty: none
	Basis          Basis
	LegalTexts     []string
	Required       []Asked
	Optional       []Asked
	Retention      string // ISO 8601 duration kept by the requester: "P1Y"
	RetentionOf    Text
	Recipients     []Text
	Fetches        int    // at most, under one agreement
	Duration       string // ISO 8601, how long an agreement may live; empty: one look-up only
	Consequence    Text   // of refusing
	OtherPath      Text
	Charter        string // digest

	State     string // in_force, not_yet, suspended, ended; texts habilitations.state.<State>
	From      time.Time
	LastDay   time.Time
	DaysLeft  int       // when its end is near, else 0
	Reason    string    // of a suspension: request, misuse …; texts habilitations.reason.<Reason>
	Since     time.Time // of the suspension; zero: not suspended, or not known
	Changed   time.Time // its last event in the log; zero: not known
	Position  string    // of that event, origin#index
	NoticeURL string    // the text citizens are shown, in the page's language; may be empty
}

func (Habilitations) template() string    { return "habilitations" }
func (HabilitationPage) template() string { return "habilitation" }
