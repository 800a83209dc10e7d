package audit

import (
	"fmt"
	"slices"
	"time"
)

// A bare leaf is one whose opening is gone: its kind, and the time of the
// opened line before it, which its own is not earlier than.
type bare struct {
	kind  Kind
	since string
}

// erasureSize is the most leaves one erasure.done names; a longer grant goes
// on in the next line.
const erasureSize = 2000

// sets joins the erasures of one grant.
type sets struct {
	index int64          // of the latest erasure.done
	first map[Kind]int64 // lowest erased leaf of each kind
}

func (r *Replay) bare(p *prepared) {
	r.report.Erased++
	r.erased[p.line.I] = bare{p.kind, r.time}
}

// erasure: what is erased is named, once, by its kind; it holds the consent
// before each delivery and ending, and the look-up before each query, and had
// ended long enough or was asked for. So nobody erases a violation, nor the
// withdrawal that makes one.
func (r *Replay) erasure(p *prepared) {
	e := p.event
	if e.ID != "" { // of an earlier log, whose indices are not ours
		return
	}
	if len(e.Erased) == 0 || len(e.Erased) != len(e.ErasedKinds) || !slices.IsSorted(e.Erased) {
		r.found(p.line.I, RuleErasure, "indices and kinds do not match, or are out of order")
		return
	}
	if r.sets.first == nil || r.sets.index != p.line.I-1 {
		r.sets.first = map[Kind]int64{}
	}
	for i, index := range e.Erased {
		r.eraseOne(p, index, e.ErasedKinds[i])
	}
	if e.Request == "" {
		r.longEnded(p)
	}
	if r.sets.index = p.line.I; len(e.Erased) < erasureSize {
		r.sets.first = nil
	}
	for _, index := range e.Erased {
		delete(r.erased, index)
	}
}

func (r *Replay) eraseOne(p *prepared, index int64, kind string) {
	was, ok := r.erased[index]
	if !ok {
		r.found(p.line.I, RuleErasure, fmt.Sprintf("leaf %d is not erased, or was named before", index))
		return
	}
	if was.kind.name() != kind || !was.kind.erasable() {
		r.found(p.line.I, RuleErasure, fmt.Sprintf("leaf %d is a %s, not a %s that may be erased", index, was.kind, kind))
	}
	if _, again := r.sets.first[was.kind]; !again {
		r.sets.first[was.kind] = index
	}
	needed := r.needs(was.kind)
	if at, there := r.sets.first[needed]; needed != 0 && (!there || at > index) {
		r.found(index, RuleNoConsent, fmt.Sprintf("a %s erased by leaf %d, with no %s before it", was.kind, p.line.I, needed))
	}
}

// erasable: what is public names nobody, and who erases leaves a trace.
func (k Kind) erasable() bool {
	return k.name() != "" && !k.Public() && k != ErasureDone && k != AdminAct
}

// needs is what must stand before a leaf in the set that is erased with it. A
// log that goes on after a lost one ends grants whose consents stand there.
func (r *Replay) needs(k Kind) Kind {
	switch k {
	case ReleaseCompleted, ConsentRenewed, ConsentWithdrawn:
		return ConsentGranted
	case ConsentRevoked:
		if !r.public.restored {
			return ConsentGranted
		}
	case SourceQueried:
		return LookupRequested
	}
	return 0
}

// longEnded accuses only what is sure: an erased leaf is not older than the
// opened line before it.
func (r *Replay) longEnded(p *prepared) {
	kept := r.options.Refused
	if _, granted := r.sets.first[ConsentGranted]; granted {
		kept = r.options.Granted
	}
	last := p.event.Erased[len(p.event.Erased)-1]
	since, errSince := time.Parse(TimeLayout, r.erased[last].since)
	done, err := time.Parse(TimeLayout, p.event.Time)
	if err == nil && errSince == nil && done.Sub(since) < kept {
		r.found(p.line.I, RuleEarly, fmt.Sprintf("leaf %d was erased less than %d days after it, at nobody's request", last, int(kept.Hours()/24)))
	}
}

func (r *Replay) finishErasures() {
	var missing []int64
	for index := range r.erased {
		missing = append(missing, index)
	}
	slices.Sort(missing)
	for _, index := range missing {
		r.found(index, RuleMissing, fmt.Sprintf("no opening of this %s, and no erasure names it", r.erased[index].kind))
	}
}
