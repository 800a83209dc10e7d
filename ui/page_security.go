package ui

// Security is "/securite": how to report a flaw, what protects, and what the
// log proves and does not.
type Security struct {
	Contact string // mail or https address for reports; empty: none was configured
	Origin  string // of the log
	Log     string // path of the log's public files: /log/1
}

func (Security) template() string { return "security" }
