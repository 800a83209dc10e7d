package ui

import "time"

// The kinds of request a citizen makes about an agreement.
const (
	RequestErasure = "erasure" // of what the requester received, by the requester
	RequestDispute = "dispute" // of one access
)

// Reasons are the reasons of a dispute, in the order the form offers them.
func Reasons() []string { return []string{"not_me", "not_asked", "too_much", "too_often", "other"} }

// RequestForm is "/mes-accords/{id}/effacement" and "/mes-accords/{id}/signaler".
// Form.Text is the reference the request will have, so that sending the form
// twice makes one request.
type RequestForm struct {
	Kind     string // RequestErasure, RequestDispute
	Accord   Accord
	Event    *Event // of a dispute
	Reason   string // of a dispute: one of Reasons, "" not chosen yet
	Message  string
	Problems []Problem // fields f-raison, f-message
	Form     Form
}

// Reasons are those to choose from.
func (RequestForm) Reasons() []string { return Reasons() }

// Wrong is the problem of a field, "" without one.
func (p RequestForm) Wrong(field string) string {
	for _, problem := range p.Problems {
		if problem.Field == field {
			return problem.Text
		}
	}
	return ""
}

// Failed tells whether the page is shown again for a mistake.
func (p RequestForm) Failed() bool { return len(p.Problems) > 0 }

// RequestPage is "/mes-accords/demandes/{reference}": what was asked, how far
// it has come, and what the citizen can send themselves.
type RequestPage struct {
	Kind      string
	Reference string
	State     string // open, sent, answered, closed
	Made      time.Time
	Until     time.Time // forgotten from then on
	Accord    Accord
	Event     *Event
	Reason    string
	Message   string
	Answers   []RequestAnswer
	Operator  Operator
	Letter    Letter
}

// A RequestAnswer is one thing done about a request.
type RequestAnswer struct {
	At    time.Time
	By    string // "" is Accord's operator
	Text  string
	State string
}

// A Letter is what the citizen may send to the requester's data protection
// officer: references, never a value.
type Letter struct {
	Grant, Receipt, Subject string
	Data                    []string // catalogue ids: delivered (erasure), or agreed
	Deliveries              []Event  // latest last
	More                    int      // earlier deliveries left out
	Mail                    string   // mailto: address with subject and text; empty without a mail address
}

// A RequestLink is a request in the list of an agreement's page.
type RequestLink struct {
	Kind, Reference, State string
	At                     time.Time
	URL                    string
}

func (RequestForm) template() string { return "request" }
func (RequestPage) template() string { return "requested" }

// LetterLines are the words of a letter, one line each, as its mail holds them.
func (u *UI) LetterLines(lang string, p RequestPage) []string {
	return u.speech[lang].letter(p)
}

// LetterSubject is the subject of the mail.
func (u *UI) LetterSubject(lang string, p RequestPage) string {
	return u.speech[lang].text("request.letter.mail_subject", "ref", p.Reference)
}

func (s *speech) letter(p RequestPage) []string {
	key := "request.letter." + p.Kind + "."
	lines := []string{
		s.text("request.letter.hello"), s.text(key + "ask"), s.text("request.letter.body", "name", p.Accord.Requester.Name, "siret", siret(p.Accord.Requester.SIRET)),
		s.text("request.letter.purpose", "purpose", s.plain(p.Accord.Purpose)),
		s.text("request.letter.data", "data", s.list(s.given(p.Accord, p.Letter.Data))),
		s.text("request.letter.refs", "grant", p.Letter.Grant, "receipt", p.Letter.Receipt),
		s.text("request.letter.subject", "subject", p.Letter.Subject),
	}
	if p.Event != nil {
		lines = append(lines, s.text("request.letter.event", "when", s.when(p.Event.At), "what", s.event(*p.Event), "ref", p.Event.ID))
	}
	for _, d := range p.Letter.Deliveries {
		lines = append(lines, s.text("request.letter.delivery", "when", s.when(d.At), "ref", d.ID))
	}
	if p.Letter.More > 0 {
		lines = append(lines, s.text("request.letter.more", "n", s.count(p.Letter.More, "request.letter.earlier")))
	}
	return append(lines, s.text("request.letter.month"), s.text("request.letter.reference", "ref", p.Reference))
}
