package ui

import "time"

// Reload is shown when the values were wiped before the decision: one button
// (id accept, choix=recharger) fetches them again through FranceConnect, the
// other (id refuse) refuses. Chosen data are posted again as item.
type Reload struct {
	Requester Requester
	Purpose   Text
	Wiped     time.Time // when the values were wiped
	Chosen    []string  // optional catalogue ids ticked before, kept over the reload
	Suite     bool      // later access was ticked before
	Form      Form
}

func (Reload) template() string { return "reload" }
func (Reload) leaves()          {}
