package audit

import (
	"slices"

	"accord/consent/receipt"
)

// assisted: an act at a desk names its agent, and is about the look-up that
// same agent asked for; an act of the citizen's own names none.
func (r *Replay) assisted(p *prepared, c *chain) {
	desk := p.event.Mode == ModeDesk
	if desk != (p.event.Agent != "") {
		r.found(p.line.I, RuleDesk, "mode desk and an agent do not go together")
	}
	if p.kind == LookupRequested || len(c.lookups) == 0 {
		return
	}
	if p.event.Agent != c.lookups[len(c.lookups)-1].event.Agent {
		r.found(p.line.I, RuleDesk, "another agent, or none, asked for the look-up")
	}
	if desk && sensitive(p) {
		r.found(p.line.I, RuleDesk, "sensitive data at a desk")
	}
}

// sensitive: the receipt says which data are a special category.
func sensitive(p *prepared) bool {
	for _, purpose := range p.receipt.Purposes {
		if slices.ContainsFunc(purpose.Data, func(d receipt.Datum) bool { return d.Special }) {
			return true
		}
	}
	return false
}
