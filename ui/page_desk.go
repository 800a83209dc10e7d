package ui

import "time"

// The pages of a desk: an agent of the service provider asks for somebody who
// does not log in. The agent never sees a value before the agreement is
// recorded, so no form here has one.

// DeskSignIn is "/guichet" without a session.
type DeskSignIn struct {
	Provider string // who knows the agents: "ProConnect"
	Ended    bool   // a session has ended
	Form     Form
}

// DeskHome is "/guichet": what the agent's body may ask for.
type DeskHome struct {
	Agent     string // name, for display
	SIRET     string // of the body
	Approvals []DeskApproval
	Until     time.Time // end of the session
	Logout    Form
}

// A DeskApproval is one purpose an agent may serve.
type DeskApproval struct {
	Requester Requester
	Purpose   Text
	URL       string
}

// DeskForm is "/guichet/demande": who the person is and how they agreed.
type DeskForm struct {
	Requester  Requester
	Purpose    Text
	Basis      Basis
	Required   []Asked
	Optional   []Asked
	Agreements []string // of the approval: signed_paper, counter, own_phone
	Cap        int      // look-ups a day
	Entry      DeskEntry
	Problems   []Problem // Text is a key below desk.problem
	Form       Form
}

// A DeskEntry is what the agent wrote, shown again beside a mistake.
type DeskEntry struct {
	FamilyName, GivenNames string
	Year, Month, Day       string
	Sex                    string // female, male, unspecified
	Commune, Country       string
	FileNumber, Agreement  string
	Fingerprint            string // of the signed paper, hexadecimal
	Optional               []string
}

// Ticked tells whether an optional datum was chosen.
func (e DeskEntry) Ticked(id string) bool {
	for _, o := range e.Optional {
		if o == id {
			return true
		}
	}
	return false
}

// A DeskWait is the page of a QR code: it loads itself again until the person
// has answered on their own phone.
type DeskWait struct {
	Requester Requester
	State     string // waiting, opened
	Address   string // in the code; empty once it was opened
	Code      string // address of the image
	Until     time.Time
	Seconds   int
	Again     string
}

// DeskResult is the delivery: what was agreed to, after it was recorded.
type DeskResult struct {
	Requester  Requester
	Purpose    Text
	Basis      Basis
	FileNumber string
	Sources    []Source
	Release    string // release id
	Position   string // of the delivery in the log
	Print      string // address of the receipt to print
	Until      time.Time
}

// DeskReceipt is the receipt printed for the person: one sheet.
type DeskReceipt struct {
	Receipt Receipt
	Look    string // where the person looks back: address, in words to type
}

// A StopReason is why an agent or a phone goes no further.
type StopReason string

// The reasons; texts desk.stop.<reason>.*.
const (
	StopCap         StopReason = "cap"          // the agent's daily cap
	StopBody        StopReason = "body"         // the approval is another body's
	StopNoDesk      StopReason = "no_desk"      // no desk, or none any more
	StopNotObtained StopReason = "not_obtained" // nothing recorded, nothing shown
	StopRefused     StopReason = "refused"      // the person refused
	StopMistaken    StopReason = "mistaken"     // three birth dates that were not the agent's
	StopClosed      StopReason = "closed"       // nobody came in time, or the values were wiped
	StopLogin       StopReason = "login"        // the agents' provider said no, or nothing
)

// DeskStop says so, and that nothing was sent.
type DeskStop struct {
	Reason StopReason
	Back   string // address to go on from; empty on a person's phone
}

// Invitation is what the QR code opens: a button, so that a preview of the
// address uses nothing up.
type Invitation struct {
	Requester Requester
	Form      Form
}

// Confirm is the first page on the person's own phone: Connexion's words, and
// the birth date that says it is they.
type Confirm struct {
	Connexion Connexion
	Problems  []Problem // Text is a key below desk.problem
}

// Finished tells the person what was recorded.
type Finished struct {
	Requester Requester
	Accepted  bool
	Receipt   string // address
}

func (DeskSignIn) template() string  { return "desksignin" }
func (DeskSignIn) leaves()           {}
func (DeskHome) template() string    { return "deskhome" }
func (DeskForm) template() string    { return "deskform" }
func (DeskWait) template() string    { return "deskwait" }
func (p DeskWait) refresh() int      { return p.Seconds }
func (DeskResult) template() string  { return "deskresult" }
func (DeskReceipt) template() string { return "deskreceipt" }
func (DeskStop) template() string    { return "deskstop" }
func (Invitation) template() string  { return "invitation" }
func (Confirm) template() string     { return "confirm" }
func (Finished) template() string    { return "finished" }
