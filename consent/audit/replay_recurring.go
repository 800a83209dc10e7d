package audit

import "slices"

// The modes of a delivery fetched under a recurring grant.
const (
	ModeToken   = "token"   // in the token way: the citizen had just logged in at the recipient
	ModeRefresh = "refresh" // with a refresh token, the citizen not being there
)

// A fetch is one resource being fetched under a recurring grant.
type fetch struct {
	snapshot  string
	data      []string
	delivered bool
}

// under is the place of the fetch under way that an event is of, -1 without.
func (g *agreed) under(e Event) int {
	return slices.IndexFunc(g.fetches, func(f fetch) bool {
		return len(e.Data) > 0 && f.snapshot == e.Snapshot && !f.delivered && subset(e.Data, f.data)
	})
}

// queryUnderGrant: without a look-up a source is called only under a live
// recurring grant of that person, for agreed data, within its fetches.
func (r *Replay) queryUnderGrant(p *prepared) {
	c := r.state.grants[tagOf(p.event.Grant)]
	if c == nil {
		r.found(p.line.I, RuleQueryGrant, "under no grant, or long after its end")
		return
	}
	c.queries = append(c.queries, p.line.I)
	switch g := c.grant; {
	case g.ended != 0:
		r.found(p.line.I, RuleQueryGrant, "queried after "+g.ended.String())
	case p.event.Time >= g.event.ValidUntil:
		r.found(p.line.I, RuleQueryGrant, "queried at "+p.event.Time+", agreed until "+g.event.ValidUntil)
	case !g.repeated:
		r.found(p.line.I, RuleQueryGrant, "the grant allows one fetch, which its look-up was")
	case p.event.Lookup != nil || !samePeople(p.event, g.event):
		r.found(p.line.I, RuleQueryGrant, "person, recipient, client, purpose or approval is not the consent's")
	case len(p.event.Data) == 0 || !subset(p.event.Data, g.event.Data):
		r.found(p.line.I, RuleQueryGrant, "data that were not agreed")
	case p.event.RequestID == "" || p.event.Source == "" || p.event.Snapshot == "":
		r.found(p.line.I, RuleQueryGrant, "the query names no source, no request id or no snapshot")
	}
	r.announced(p)
	r.begun(p, c.grant)
}

// begun counts the fetch an attempt begins; a retry begins none.
func (r *Replay) begun(p *prepared, g *agreed) {
	if g.under(p.event) >= 0 {
		return
	}
	g.fetches = append(g.fetches, fetch{snapshot: p.event.Snapshot, data: p.event.Data})
	if !slices.Contains(g.snapshots, p.event.Snapshot) {
		r.count(p, g)
	}
}

// deliveredFetched: after the day of the agreement only what was fetched is
// delivered, once.
func (r *Replay) deliveredFetched(p *prepared, g *agreed) {
	n := g.under(p.event)
	if n < 0 {
		r.found(p.line.I, RuleUnfetched, "no source was queried under this grant for it, or it was delivered before")
		return
	}
	g.fetches[n].delivered = true
}

// failed gives back a fetch that came to nothing.
func (g *agreed) failed(e Event) {
	n := g.under(e)
	if n < 0 {
		return
	}
	g.fetches = slices.Delete(g.fetches, n, n+1)
	// What the same snapshot took beside keeps it counted.
	if !slices.ContainsFunc(g.fetches, func(f fetch) bool { return f.snapshot == e.Snapshot }) {
		g.snapshots = slices.DeleteFunc(g.snapshots, func(s string) bool { return s == e.Snapshot })
	}
}
