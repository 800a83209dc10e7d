package ui

import "time"

// Health is "/etat": whether FranceConnect, the sources and the log work, as
// this service saw it last.
type Health struct {
	At      time.Time
	Ready   bool // the log can be written
	Notice  Text // of maintenance or an incident; empty: none
	Sources []SourceHealth
	Minutes int // that count
}

// A SourceHealth is how one source stands; texts health.condition.<Condition>.
type SourceHealth struct {
	Source    string // catalogue source id
	Condition string
	Since     time.Time // zero: well, or not known
}

func (Health) template() string { return "health" }
