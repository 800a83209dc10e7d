package audit

import (
	"fmt"
	"time"
)

// chained: prev names the latest event of the same interaction or grant, so
// that none can be left out of an extract. The events of operators stand alone.
func (r *Replay) chained(p *prepared) {
	switch p.kind {
	case LookupRequested, SourceQueried, SourceAnswered, ConsentGranted, ConsentRefused, ConsentRenewed,
		ReleaseCompleted, ReleaseFailed, ConsentWithdrawn, ConsentRevoked:
	default:
		return
	}
	c := r.state.chainOf(p.event)
	if c == nil {
		r.unchained(p)
		return
	}
	if !r.afterLast(p, c) {
		r.found(p.line.I, RulePrev, fmt.Sprintf("prev is %s, the event before it is %d", shown(p.event.Prev), c.last))
	}
	c.last, c.at = p.line.I, p.event.Time
}

// afterLast also takes the one gap a true store leaves: it forgets an
// interaction after a day.
func (r *Replay) afterLast(p *prepared, c *chain) bool {
	if p.event.Prev != nil {
		return *p.event.Prev == c.last
	}
	return p.kind == SourceAnswered && c.at < p.event.Time && c.grant == nil && dayApart(c.at, p.event.Time)
}

func dayApart(earlier, later string) bool {
	a, errA := time.Parse(TimeLayout, earlier)
	b, errB := time.Parse(TimeLayout, later)
	return errA == nil && errB == nil && b.Sub(a) >= 23*time.Hour
}

// unchained: a first event has no prev; a closed grant's last is still known.
func (r *Replay) unchained(p *prepared) {
	id := tagOf(p.event.Grant)
	if was, ok := r.state.closed[id]; ok && p.event.Grant != "" {
		if p.event.Prev == nil || *p.event.Prev != was.last {
			r.found(p.line.I, RulePrev, fmt.Sprintf("prev is %s, the event before it is %d", shown(p.event.Prev), was.last))
		}
		r.state.closed[id] = closed{last: p.line.I, ended: was.ended}
		return
	}
	if p.event.Prev != nil {
		r.found(p.line.I, RulePrev, fmt.Sprintf("prev is %d, which is no event of the same interaction or grant", *p.event.Prev))
	}
	if p.event.Interaction != "" && !beginsElsewhere(p) {
		r.state.interactions[tagOf(p.event.Interaction)] = &chain{last: p.line.I, at: p.event.Time}
	}
}

// beginsElsewhere: a restored store ends, in its new log, the grants of the old.
func beginsElsewhere(p *prepared) bool {
	return p.kind == ConsentRevoked && p.event.Reason == "restore"
}

func shown(index *int64) string {
	if index == nil {
		return "absent"
	}
	return fmt.Sprint(*index)
}
