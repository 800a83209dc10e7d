package ui

import "time"

// A State is where an agreement stands; the badge carries the word.
type State string

// The states of an agreement.
const (
	Active   State = "active"
	Used     State = "used" // delivered once, nothing more can be fetched
	Expired  State = "expired"
	Ended    State = "withdrawn" // by the citizen
	Revoked  State = "revoked"   // by another party
	Rejected State = "refused"
	Frozen   State = "frozen" // alive, but the approval it was given under is suspended or over
)

// MyAccords is "/mes-accords": every agreement and refusal of this citizen.
type MyAccords struct {
	Accords []Accord  // one page of them, newest first
	Newer   string    // address of the page of newer ones, empty on the first
	Older   string    // address of the page of older ones, empty on the last
	Until   time.Time // end of the web session
	Logout  Form
}

// An Accord is one line of the list and the head of its page.
type Accord struct {
	URL       string // of its detail
	Requester Requester
	Purpose   Text
	Basis     Basis
	Data      []string // agreed catalogue ids (asked ones for a refusal)
	State     State
	At        time.Time // of the decision
	Until     time.Time // end of validity, zero for refusals
	Delivered time.Time // last delivery, zero: none
	Withdraw  string    // address, empty when nothing can be withdrawn
	Fetches   *Fetches  // of a recurring agreement, nil for today's alone
	Answers   []string  // of Data: only a grid's answer is sent, never the value
}

// Fetches is how often the data of a recurring agreement were fetched.
type Fetches struct{ Done, Most int }

// AccordDetail is "/mes-accords/{id}": everything that happened, each access
// included, in the order of the log.
type AccordDetail struct {
	Accord   Accord
	Events   []Event
	Receipts []ReceiptLink
}

// An Event is one line of the timeline.
type Event struct {
	Kind    string // name of the event kind: "release.completed"; texts event.<Kind>.*
	At      time.Time
	Data    []string // catalogue ids concerned
	Source  string   // source.queried, source.answered
	Outcome Outcome  // source.answered
	Reason  string   // consent.revoked, release.failed: word of the event
	ID      string   // release id or request id, usable with support
	Index   int64    // position in the log

	Assisted bool // an agent acted, or helped
	Way      Way  // release.*: how the body got at the data
}

// A Way is how a body got at the data, where it is not at the citizen's own
// request through Accord; texts access.<Way>.
type Way string

// The ways.
const (
	AtDesk    Way = "desk"    // by an agent
	WithLogin Way = "token"   // with the citizen's own login at the body
	Alone     Way = "refresh" // without the citizen, under a recurring agreement
)

// Sends tells whether an event is about data that may leave, rather than data
// looked at.
func (e Event) Sends() bool {
	switch e.Kind {
	case "consent.granted", "consent.renewed", "release.completed":
		return true
	}
	return false
}

// A ReceiptLink offers one receipt.
type ReceiptLink struct {
	Act       Act
	At        time.Time
	HTML, JWS string
	Bundle    string // address of the proof bundle; empty: not offered
}

func (MyAccords) template() string    { return "accords" }
func (MyAccords) leaves()             {} // logging out leads through FranceConnect
func (AccordDetail) template() string { return "accord" }
