package ui

import "time"

// ErrorPage tells what happened, whether anything was sent, what to do, a
// reference and the way back. Its texts are error.<Code>.title, .what, .sent
// and .todo.
type ErrorPage struct {
	Code      string    // A01 to A22
	Sent      Sent      // what is proven about a delivery; empty: the code's own sentence
	Reference string    // request or interaction id, to be told to support
	Requester string    // name, where the text names it; may be empty
	Source    string    // catalogue source id, A11 to A14; may be empty
	Period    string    // A14: "2026-10"
	Accepted  bool      // A03: what was answered
	At        time.Time // A03 answered, A19 try again, A20 end; zero: not known
	Problems  []Problem // A17
	Return    *Link     // way back to the requester; only when known and registered
	Restart   *Link     // begins again in this tab; Name is ignored
	Contact   string    // operator's address for help, may be empty
}

// Sent says whether anything left Accord.
type Sent string

// What can be said about a delivery. Nothing must be proven by the log, not
// assumed.
const (
	SentNothing  Sent = "nothing"  // proven: no delivery event
	SentChecking Sent = "checking" // not known yet
	SentAnswered Sent = "answered" // as the citizen first answered
)

// code is the error table's for what a source answered, which is told on the
// consent page; "" for what the citizen typed wrong, and can correct there.
func (s Source) code() string {
	if s.Typed && s.Outcome == Refused {
		return ""
	}
	return map[Outcome]string{Unknown: "A11", Ambiguous: "A12", Unavailable: "A13", Refused: "A13", NoFile: "A14"}[s.Outcome]
}

func (ErrorPage) template() string { return "error" }
