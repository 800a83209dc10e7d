package ui

// SignIn leads from /mes-accords to FranceConnect by its one button (id
// submit).
type SignIn struct {
	Form  Form
	Ended bool // the web session is over
}

// SignedOut says the web session is closed.
type SignedOut struct {
	FranceConnect bool  // the FranceConnect session was closed too
	Return        *Link // registered way back, may be nil
}

// LogoutConfirm asks before a service's logout request ends the session: two
// equal buttons, ids refuse (choix=refuser: stay) and accept (choix=accepter).
type LogoutConfirm struct {
	Client string // name of the service that asks, may be empty
	Then   string // sealed way back, field suite; may be empty
	Form   Form
}

func (SignIn) template() string        { return "signin" }
func (SignIn) leaves()                 {}
func (SignedOut) template() string     { return "signedout" }
func (LogoutConfirm) template() string { return "logout" }
func (LogoutConfirm) leaves()          {}
