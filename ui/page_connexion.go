package ui

// Connexion is "/connexion": who asks, why, what Accord would look up and
// where, before anybody is known. Its two equal buttons are ids refuse
// (choix=refuser) and accept (choix=voir).
type Connexion struct {
	Requester   Requester
	Operator    Operator
	Purpose     Text // one sentence, as the approval writes it: "Calculer votre tarif de cantine."
	Basis       Basis
	Groups      []Group // by source
	OtherPath   Text    // the way without FranceConnect, named before the login
	Consequence Text    // of refusing
	// IdentityOnly: an identifier of the requester's own is asked for and
	// nothing else; Groups is empty.
	IdentityOnly bool
	// Session: the citizen is known from /mes-accords and may go on without
	// FranceConnect (accept is choix=session, other is choix=voir).
	Session bool
	Again   bool // the form came back without one of the two buttons
	Form    Form
}

func (Connexion) template() string { return "connexion" }
func (Connexion) leaves()          {}
