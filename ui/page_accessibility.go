package ui

import "time"

// Accessibility is "/accessibilite": the statement that article 47 of the law
// of 11 February 2005 asks for. It claims no conformance: nobody audited.
type Accessibility struct {
	Operator Operator
	Declared time.Time // day of the statement
	Contact  string    // mail or https address for who cannot use a page; empty: the operator's DPO is told
}

func (Accessibility) template() string { return "accessibility" }
