package audit

import "slices"

// lookup: the recorded request to look asks under an approval in force.
func (r *Replay) lookup(p *prepared) {
	c := r.state.chainOf(p.event)
	if c == nil {
		r.found(p.line.I, RuleQuery, "a look-up of no interaction")
		return
	}
	if c.decided {
		r.found(p.line.I, RuleQuery, "a look-up after the interaction's decision")
	}
	if len(p.event.Data) > 0 || p.event.Approval != "" {
		r.approved(p, p.event)
	}
	r.assisted(p, c)
	c.citizen = ""
	c.lookups = append(c.lookups, lookedUp{p.line.I, p.event, p.digest})
}

// query: no source is called without the citizen's recorded request to look,
// nor for more than it asked, nor after the decision.
func (r *Replay) query(p *prepared) {
	if p.event.Grant != "" {
		r.queryUnderGrant(p)
		return
	}
	c := r.state.chainOf(p.event)
	if c != nil {
		c.queries, c.citizen = append(c.queries, p.line.I), p.event.Citizen
	}
	asked, ok := c.lookup(p.event.Lookup)
	if !ok {
		r.found(p.line.I, RuleQuery, "no look-up of the same interaction was requested at index "+shown(p.event.Lookup))
		return
	}
	if c.decided {
		r.found(p.line.I, RuleQuery, "a source queried after the interaction's decision")
	}
	if p.event.RequestID == "" || p.event.Source == "" {
		r.found(p.line.I, RuleQuery, "the query names no source or no request id")
	}
	if len(p.event.Data) == 0 || !subset(p.event.Data, asked.event.Data) {
		r.found(p.line.I, RuleQueryData, "data beyond the look-up")
	}
	r.approved(p, asked.event)
}

func (c *chain) lookup(index *int64) (lookedUp, bool) {
	if c == nil || index == nil {
		return lookedUp{}, false
	}
	i := slices.IndexFunc(c.lookups, func(l lookedUp) bool { return l.index == *index })
	if i < 0 {
		return lookedUp{}, false
	}
	return c.lookups[i], true
}

// answer: each answer follows a query of the same interaction.
func (r *Replay) answer(p *prepared) {
	c := r.state.chainOf(p.event)
	if c == nil || p.event.Queried == nil || !slices.Contains(c.queries, *p.event.Queried) {
		r.found(p.line.I, RuleAnswer, "no query of the same interaction at index "+shown(p.event.Queried))
	}
}

func subset(some, all []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}
