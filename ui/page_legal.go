package ui

// LegalNotice is "/mentions-legales": who publishes and hosts this service
// (law 2004-575 of 21 June 2004, art. 1-1). What the operator did not write in
// the configuration is said to be missing.
type LegalNotice struct {
	Operator Body
	Director string // director of publication; empty: not told
	Host     string // name, address and telephone of the host; empty: not told
	Contact  string // mail or https address; empty: not told
}

func (LegalNotice) template() string { return "legal" }
