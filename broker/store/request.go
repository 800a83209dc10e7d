package store

import "time"

// A CitizenRequest is what a citizen asks about an agreement of theirs, kept
// sealed for as long as they may ask after it. It is no event: the log tells
// what was done with data, not what was written about it.
type CitizenRequest struct {
	ID        string // reference, the citizen's to quote: at most 40 bytes
	Kind      RequestKind
	Citizen   string
	Grant     string
	Recipient string // SIRET
	Event     *int64 // of a dispute: index of the event it is about
	Reason    string // of a dispute: a short word
	Message   string // the citizen's own words, at most MostMessage bytes; may be empty
	Made      time.Time
	Until     time.Time // forgotten from then on
	State     RequestState
	Answers   []RequestAnswer
}

// A RequestAnswer is one thing that was done about a request.
type RequestAnswer struct {
	Time  time.Time
	By    string // who answered, in words; "" is Accord's operator
	Text  string // to the citizen, at most MostMessage bytes
	State RequestState
}

// RequestKind is what is asked.
type RequestKind string

// The kinds.
const (
	RequestErasure RequestKind = "erasure" // of what the recipient received, by the recipient
	RequestDispute RequestKind = "dispute" // an access the citizen does not understand
)

// RequestState is how far a request has come.
type RequestState string

// The states.
const (
	RequestOpen     RequestState = "open"
	RequestSent     RequestState = "sent"     // passed on to the recipient's data protection officer
	RequestAnswered RequestState = "answered" // and may be answered further
	RequestClosed   RequestState = "closed"
)

// Bounds of requests.
const (
	MostMessage     = 4000 // bytes of one text
	MostRequests    = 20   // of one citizen not closed: ErrCapped beyond
	MostAnswers     = 50   // of one request: ErrCapped beyond
	RequestsAtOnce  = 1000 // of one listing
	longestRequest  = 40
	longestAnswerer = 200
)

// Sound tells whether a request is one that may be made.
func (r CitizenRequest) Sound() bool {
	known := r.Kind == RequestErasure && r.Event == nil || r.Kind == RequestDispute && r.Event != nil
	return known && r.ID != "" && len(r.ID) <= longestRequest && r.Citizen != "" && r.Grant != "" && len(r.Message) <= MostMessage && len(r.Reason) <= longestRequest
}

// Sound tells whether an answer is one that may be given.
func (a RequestAnswer) Sound() bool {
	known := a.State == RequestSent || a.State == RequestAnswered || a.State == RequestClosed
	return known && len(a.Text) <= MostMessage && len(a.By) <= longestAnswerer && (a.Text != "" || a.State != RequestAnswered)
}
