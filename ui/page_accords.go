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

// Narrowed is the state a receipt speaks of, not its agreement: that lives, under
// a later choice.
const Narrowed State = "changed"

// States are the states there are, in the order a list offers them.
func States() []State {
	return []State{Active, Used, Expired, Ended, Revoked, Rejected, Frozen}
}

// MyAccords is "/mes-accords": every agreement and refusal of this citizen.
type MyAccords struct {
	Accords  []Accord // one page of them, newest first
	Filter   Filter
	Found    int       // how many the filter keeps, on all pages
	Problems []Problem // of the filter's days: fields f-du, f-au
	Newer    string    // address of the page of newer ones, empty on the first
	Older    string    // address of the page of older ones, empty on the last
	Export   string    // address of the file of everything, empty when there is nothing
	Until    time.Time // end of the web session
	Logout   Form
}

// A Filter is the form above the list, as it was sent (GET: etat, organisme, du,
// au, mots).
type Filter struct {
	State       State
	Body        string // SIRET
	From, Until string // days, as they came
	Words       string
	Active      bool        // anything is looked for
	Bodies      []Requester // to choose from
}

// States are those to choose from.
func (Filter) States() []State { return States() }

// Wrong is the problem of a field, "" without one.
func (p MyAccords) Wrong(field string) string {
	for _, problem := range p.Problems {
		if problem.Field == field {
			return problem.Text
		}
	}
	return ""
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
	Change    string    // address, empty when there is nothing to choose again
	Fetches   *Fetches  // of a recurring agreement, nil for today's alone
	Answers   []string  // of Data: only a grid's answer is sent, never the value
}

// Fetches is how often the data of a recurring agreement were fetched.
type Fetches struct{ Done, Most int }

// AccordDetail is "/mes-accords/{id}": everything that happened, each access
// included, in the order of the log.
type AccordDetail struct {
	Accord   Accord
	Events   []Event // one page of them
	Newer    string  // address of the page of later ones, empty on the last
	Older    string  // address of the page of earlier ones, empty on the first
	Receipts []ReceiptLink
	Erasure  string // address of the form that asks the requester to erase; empty when nothing was sent
	Requests []RequestLink
}

// KindExpired is the kind of the one line of a timeline that stands in no log:
// that the agreement's time is over.
const KindExpired = "consent.expired"

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

	Computed bool   // in no log: no index, nothing to prove
	Assisted bool   // an agent acted, or helped
	Dispute  string // address of the form about it, empty where there is none
	Way      Way    // release.*: how the body got at the data
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

// ForIdentity tells whether a look-up asked for no data: to be identified.
func (e Event) ForIdentity() bool { return e.Kind == "lookup.requested" && len(e.Data) == 0 }

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
