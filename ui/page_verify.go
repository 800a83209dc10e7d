package ui

import (
	"encoding/json"
	"time"
)

// Verifier is "/verifier": what is given there, and what is found of it.
type Verifier struct {
	Verdict *Verdict // nil: nothing was given yet
	Problem string   // word of verify.problem: nothing, both; empty: none
}

// A Verdict is all that is said of one file. Its sentence is
// verify.result.<Result>.<About>, its meaning verify.means.<Result>.
type Verdict struct {
	Kind   string // receipt, bundle, delivery; empty: nothing of the sort
	Result string // genuine, or V01 to V06 (reference: verify results)
	About  string // further word of the sentence
	Signed bool   // the signature holds: what the file says may be told

	Checks   []VerdictCheck
	Standing *Standing // of the agreement now, nil when not known or none
	Receipt  *VerifiedReceipt
	Delivery *VerifiedDelivery
	Document string // of a genuine delivery: its own text, for the attestation
	Pictured bool   // read from the code on a photograph
}

// A VerdictCheck is one question and its answer.
type VerdictCheck struct {
	Name   string // verify.check.<Name>
	Result string // passed, failed, undecided, not_made
	Reason string // verify.reason.<Reason>; empty: none
}

// A Standing is where an agreement stands now.
type Standing struct {
	State State     // Active, Ended, Revoked, Expired, Frozen
	At    time.Time // since when it ended, or until when it lives
}

// A VerifiedReceipt is what a genuine receipt says.
type VerifiedReceipt struct {
	ID        string
	Act       Act
	At        time.Time
	Requester Requester
	Purpose   string
	Basis     Basis
	Data      []string // granted, or asked of a refusal: catalogue ids
	Position  string   // in the log; empty: not known
	Assisted  bool
}

// A VerifiedDelivery is what a genuine delivery says: to whom, what, when, from
// whom. Data are its own.
type VerifiedDelivery struct {
	Recipient Requester
	Subject   string // the person's pseudonym at the recipient
	Resource  string // dss/quotient_familial
	Source    string // catalogue source id
	Data      []string
	Answers   []string // of Data: only a grid's answer was sent
	Period    string
	Retrieved time.Time // at the source
	Signed    time.Time
	Release   string
	Position  string
	Value     json.RawMessage // nil: an agreed absence
}

func (Verifier) template() string { return "verifier" }

// Failed tells that the form came back with something to correct.
func (p Verifier) Failed() bool { return p.Problem != "" }

// Offline is the command that says the same without Accord.
func (v Verdict) Offline() string {
	switch v.Kind {
	case "bundle":
		return "accord-verify bundle -policy policy fichier.accord"
	case "delivery":
		return "accord-verify delivery -jwks jwks.json document.jwt"
	}
	return "accord-verify receipt -jwks jwks.json recu.jws"
}

// Means is the word of what a verdict means for an auditor.
func (v Verdict) Means() string {
	if v.Result == "genuine" && v.Kind == "delivery" {
		return "delivery"
	}
	return v.Result
}

// Tone is how the verdict is set off: ok, err or nothing, beside its words.
func (v Verdict) Tone() string {
	switch v.Result {
	case "genuine":
		return " ok"
	case "V02", "V04", "V05":
		return " err"
	}
	return ""
}

// Attestation is a signed delivery on one sheet of paper, for a file: its code
// holds the delivery itself.
type Attestation struct {
	Delivery VerifiedDelivery
	Logged   bool // the log was seen to hold it
	Checked  time.Time
	Code     *Code  // nil: the delivery is too long for one
	Bytes    int    // of the delivery
	Most     int    // bytes a code may hold
	Where    string // address of the page that checks it, in words to type
}

// A Code is a QR code (ISO/IEC 18004) as one SVG path of lines one module high.
type Code struct {
	Side int // modules, with the quiet zone
	Path string
}

func (Attestation) template() string { return "attestation" }
func (Attestation) weighs()          {} // a code is some 15 KB of path, and the reader's own

// verdictSign is read beside the word of a check, never alone.
func verdictSign(result string) string {
	switch result {
	case "passed":
		return "✓"
	case "failed":
		return "✗"
	}
	return "–"
}
