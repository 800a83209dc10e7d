package audit

import (
	"maps"
	"slices"
)

// renewed: a person who changes their choice keeps fewer of the data of a live
// grant of theirs, under the same terms. From here on deliveries are held to
// what is left.
func (r *Replay) renewed(p *prepared) {
	c := r.state.grants[tagOf(p.event.Grant)]
	if c == nil {
		r.found(p.line.I, RuleRenewal, "of no live grant")
		return
	}
	g := c.grant
	switch {
	case g.ended != 0:
		r.found(p.line.I, RuleRenewal, "after "+g.ended.String())
	case p.event.Time >= g.event.ValidUntil:
		r.found(p.line.I, RuleRenewal, "at "+p.event.Time+", agreed until "+g.event.ValidUntil)
	case !samePeople(p.event, g.event):
		r.found(p.line.I, RuleRenewal, "of another person, recipient or client than the grant")
	case p.event.ValidUntil != g.event.ValidUntil:
		r.found(p.line.I, RuleRenewal, "until another time than agreed")
	}
	r.announced(p)
	if p.receipt.ReceiptID == "" { // found missing, or another's
		return
	}
	if p.receipt.PreviousReceipt != g.receipt {
		r.found(p.line.I, RuleReceipt, "previous_receipt is not the agreement's")
	}
	r.narrowed(p, g)
}

// narrowed takes over what is left of the agreement: nothing that its person
// did not see is ever added, and no fetch is won.
func (r *Replay) narrowed(p *prepared, g *agreed) {
	left := agreedOf(p)
	fewer := len(p.event.Data) < len(g.event.Data) && subset(p.event.Data, g.event.Data)
	for id, fields := range left.fields {
		fewer = fewer && subset(fields, g.fields[id])
	}
	if !fewer || left.max != g.max || left.repeated != g.repeated {
		r.found(p.line.I, RuleRenewal, "data, fields or fetches beyond the agreement, or the same again")
	}
	g.receipt = p.digest
	g.event.Data = slices.DeleteFunc(slices.Clone(g.event.Data), func(id string) bool { return !slices.Contains(p.event.Data, id) })
	maps.DeleteFunc(g.fields, func(id string, _ []string) bool { return !slices.Contains(p.event.Data, id) })
	for id := range g.fields {
		g.fields[id] = left.fields[id]
	}
}
