package audit

import (
	"fmt"
)

// published is what the log announced: the latest of each thing.
type published struct {
	approvals map[string]Event
	notices   map[string]bool // id ‖ digest: every version ever shown
	policies  map[string]string
	restored  bool // the log goes on after one that was lost
	closed    bool
}

func newPublished() published {
	return published{approvals: map[string]Event{}, notices: map[string]bool{}, policies: map[string]string{}}
}

func (a *published) note(p *prepared) {
	switch e := p.event; p.kind {
	case ApprovalChanged:
		a.approvals[e.ID] = e
	case NoticePublished:
		a.notices[e.ID+"\x00"+e.Digest] = true
	case PolicyChanged:
		a.policies[e.ID] = e.Digest
	}
}

// opening: log.opened is the first leaf and no other; log.closed is the last.
func (r *Replay) opening(p *prepared) {
	if first := p.line.I == 0; first != (p.kind == LogOpened) {
		r.found(p.line.I, RuleOpened, fmt.Sprintf("leaf %d is a %s", p.line.I, p.kind))
	}
	if p.kind == LogOpened {
		if p.event.ID != r.options.Origin {
			r.found(p.line.I, RuleOpened, "opens another log")
		}
		r.public.restored = p.event.Checkpoint != ""
	}
	if r.public.closed {
		r.found(p.line.I, RuleOpened, "a leaf after log.closed")
	}
	r.public.closed = r.public.closed || p.kind == LogClosed
}

// approved: the approval named was announced, is in force, and is still the
// one that was shown.
func (r *Replay) approved(p *prepared, e Event) {
	known, ok := r.announcedApproval(p, e.Approval)
	if ok && e.ApprovalDigest != known.Digest {
		r.found(p.line.I, RuleApproval, "the approval is not the one announced last")
	}
}

func (r *Replay) announced(p *prepared) {
	if p.event.Approval != "" {
		r.announcedApproval(p, p.event.Approval)
	}
}

func (r *Replay) announcedApproval(p *prepared, id string) (Event, bool) {
	known, ok := r.public.approvals[id]
	switch {
	case !ok:
		r.found(p.line.I, RuleApproval, "under an approval that was not announced")
	case !ApprovalInForce(known.Reason):
		r.found(p.line.I, RuleApproval, "under an approval out of force: "+known.Reason)
		return known, false
	case known.ValidUntil != "" && p.event.Time >= known.ValidUntil:
		r.found(p.line.I, RuleApproval, "under an approval that ended at "+known.ValidUntil)
		return known, false
	}
	return known, ok
}
