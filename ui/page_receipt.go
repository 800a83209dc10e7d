package ui

import "time"

// An Act is what a receipt proves.
type Act string

// The acts, in the receipt's own words (event.type).
const (
	Granted   Act = "consent.granted"
	Declined  Act = "consent.refused"
	Retracted Act = "consent.withdrawn"
	Amended   Act = "consent.renewed"
)

// Receipt is "/recu/{id}": the accessible original of a signed receipt, made
// to be printed. It names data and never holds a value.
type Receipt struct {
	ID         string // receipt id
	Act        Act
	Stage      string // of a refusal: before_login, login, decision
	At         time.Time
	ValidUntil time.Time // zero for refusals and withdrawals
	Fetches    int       // of a recurring agreement, at most; 0 for today's alone
	Language   string    // of the text the citizen decided on: fr, en
	Requester  Requester
	Operator   Operator
	Purpose    Text
	PurposeID  string
	Basis      Basis
	LegalTexts []string
	Data       []ReceiptDatum
	Retention  string // ISO 8601 duration, by the requester
	Proof      string // ISO 8601 duration, kept by Accord
	Recipients []Text // inside the requester; empty when its approval has changed since
	Transfers  string // outside the European Union, in words; empty: none
	Automated  bool
	Refusal    []Text // what a refusal leads to, and the other path; empty as Recipients
	Rights     []string
	Contacts   []Contact
	Subject    string // pairwise pseudonym; empty while nobody was known
	Level      string // FranceConnect acr: eidas1; empty likewise
	// FromSession says that no login stands behind the act, only a web session
	// begun by one: FranceConnect's signature is missing from the proof.
	FromSession bool
	Assisted    string // method of an act at a desk, agent-desk:…; empty: the citizen's own

	ApprovalID, ApprovalDigest string
	NoticeID, NoticeDigest     string
	ScreenDigest               string
	Digest                     string // of the signed file
	KeyID                      string
	Position                   string // "<origin>#<index>" in the log
	Previous                   string // digest of the receipt this one follows
	Replacement                *Link  // HTML receipt that ended this one (withdrawal); Name ignored

	JWS      string // address of the signed file
	Bundle   string // address of the bundle; empty: not offered
	Keys     string // whole address of the public keys: paper shows it
	Address  string // whole address of this page
	Ends     string // whole address where its person ends it, as the receipt says; empty for refusals
	Withdraw string // address of the withdrawal; empty: nothing to withdraw
	Accord   string // address of its page in /mes-accords; empty: not reachable
}

// A ReceiptDatum is one datum of a receipt.
type ReceiptDatum struct {
	Datum, Source string // catalogue ids
	Required      bool
	Granted       bool
	Answer        bool // only a grid's answer was asked, not the value
}

func (Receipt) template() string { return "receipt" }

// ReturnLink is the way back to the requester, nil when not known.
func (p Receipt) ReturnLink() *Link { return p.Requester.returnLink() }
