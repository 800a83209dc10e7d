package audit

import (
	"slices"
	"strings"
)

// delivered: every delivery lies inside a consent that lives at its place.
func (r *Replay) delivered(p *prepared) {
	c := r.state.grants[tagOf(p.event.Grant)]
	if c == nil {
		r.deliveredLate(p)
		return
	}
	g := c.grant
	if g.ended != 0 {
		r.found(p.line.I, RuleEnded, "delivered after "+g.ended.String())
	}
	if p.event.Time >= g.event.ValidUntil {
		r.found(p.line.I, RuleExpired, "delivered at "+p.event.Time+", agreed until "+g.event.ValidUntil)
	}
	if !samePeople(p.event, g.event) {
		r.found(p.line.I, RuleParty, "person, recipient, client, purpose or approval is not the consent's")
	}
	if p.event.Release == "" || p.event.ResponseDigest == "" {
		r.found(p.line.I, RuleEvent, "a delivery without release id or response digest")
	}
	if g.event.Mode == ModeIdentity {
		r.found(p.line.I, RuleFields, "delivered under an agreement to the identifier alone")
	}
	r.announced(p)
	r.within(p, g)
	if p.event.Mode == ModeToken || p.event.Mode == ModeRefresh {
		r.deliveredFetched(p, g)
		return
	}
	r.fetched(p, g)
}

// within: data and fields are among those of the receipt the citizen holds.
func (r *Replay) within(p *prepared, g *agreed) {
	if !subset(p.event.Data, g.event.Data) {
		r.found(p.line.I, RuleFields, "data that were not agreed")
		return
	}
	for _, field := range p.event.Fields {
		_, path, _ := strings.Cut(field, "#")
		if !slices.ContainsFunc(p.event.Data, func(d string) bool { return slices.Contains(g.fields[d], path) }) {
			r.found(p.line.I, RuleFields, "field "+field+" was not agreed")
			return
		}
	}
}

// fetched: ceilings count distinct snapshots, never re-deliveries.
func (r *Replay) fetched(p *prepared, g *agreed) {
	sn := p.event.Snapshot
	if sn == "" || slices.Contains(g.snapshots, sn) {
		return
	}
	if n := slices.Index(g.snapshots, firstFetch); n >= 0 {
		g.snapshots[n] = sn
		return
	}
	r.count(p, g)
}

func (r *Replay) count(p *prepared, g *agreed) {
	if g.snapshots = append(g.snapshots, p.event.Snapshot); len(g.snapshots) > max(g.max, 1) {
		r.found(p.line.I, RuleFetches, "from more snapshots than agreed")
	}
}

func (r *Replay) deliveredLate(p *prepared) {
	was, ok := r.state.closed[tagOf(p.event.Grant)]
	switch {
	case !ok:
		r.found(p.line.I, RuleUnagreed, "no consent of this grant before it")
	case was.ended != 0:
		r.found(p.line.I, RuleEnded, "delivered long after "+was.ended.String())
	default:
		r.found(p.line.I, RuleExpired, "delivered long after the end of its consent")
	}
}

// failed: nothing left, but the grant must have been.
func (r *Replay) failed(p *prepared) {
	if !r.known(p.event.Grant) {
		r.found(p.line.I, RuleUnagreed, "a failed delivery of no grant")
	}
	if c := r.state.grants[tagOf(p.event.Grant)]; c != nil && p.event.Snapshot != "" {
		c.grant.failed(p.event)
	}
}
