package ui

// Connexion is "/connexion": who asks, why, what Accord would look up and
// where, before anybody is known. Its two equal buttons are ids refuse
// (choix=refuser) and accept (choix=voir).
type Connexion struct {
	Requester   Requester
	Operator    Operator
	Purpose     Text // one sentence, as the approval writes it: "Calculer votre tarif de cantine."
	Basis       Basis
	Groups      []Group  // by source
	Sensitive   []Asked  // looked up only if ticked; in no group
	Ticked      []string // catalogue ids of Sensitive ticked before; none at first
	Untold      []string // catalogue ids that had to be ticked and were not: the page came back
	Typed       []string // names of the inputs the next page asks for, as Field.Name
	Children    bool     // the children on the citizen's file are looked up, to choose one
	ListOnly    bool     // and that list serves for nothing else
	OtherPath   Text     // the way without FranceConnect, named before the login
	Consequence Text     // of refusing
	// IdentityOnly: an identifier of the requester's own is asked for and
	// nothing else; Groups is empty.
	IdentityOnly bool
	// Session: the citizen is known from /mes-accords and may go on without
	// FranceConnect (accept is choix=session, other is choix=voir).
	Session bool
	Again   bool // the form came back without one of the two buttons
	Form    Form
}

// Failed tells that the page came back with something to correct.
func (p Connexion) Failed() bool { return p.Again || len(p.Untold) > 0 }

func (Connexion) template() string { return "connexion" }
func (Connexion) leaves()          {}
