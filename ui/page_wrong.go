package ui

// WrongData follows "ces données sont fausses": nothing was sent, the service
// provider learns of a refusal and nothing else, and here is who corrects. Its
// way back (id return) carries that refusal.
type WrongData struct {
	Requester Requester
	Holders   []Holder
	OtherPath Text   // how to go on without; may be empty
	Receipt   string // address of the refusal's receipt
	Reference string
}

// A Holder is an administration that holds data and corrects them (GDPR 16).
type Holder struct {
	Source  string // catalogue source id
	Name    string // legal name; may be empty
	Address string // postal, on one line; may be empty
	DPO     string // mail or https address
}

func (WrongData) template() string { return "wrong" }

// ReturnLink is the way back to the requester, nil when not known.
func (p WrongData) ReturnLink() *Link { return p.Requester.returnLink() }
