package audit

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"accord/consent/ledger"
	"accord/consent/receipt"
)

// A prepared line is what can be known of one without the others.
type prepared struct {
	raw     bool // encoded is still to be decoded into line
	encoded string
	line    ExportLine
	broken  error // no line of an export

	leaf  ledger.Leaf
	hash  tlog.Hash
	event Event
	kind  Kind
	form  error // no event, or of another kind than its leaf

	receipt receipt.Receipt
	header  receipt.Header
	signed  error  // no receipt
	checked bool   // its signature was, with a key announced in an earlier batch
	fault   error  // of that check
	digest  string // of the JWS; of the event, for a look-up
}

func (p *prepared) prepare(r *Replay) {
	if p.raw {
		p.line, p.broken = decodeLine(p.encoded)
	} else {
		p.broken = p.line.check()
	}
	if p.broken != nil {
		return
	}
	if p.leaf, p.broken = p.line.LeafOf(); p.broken != nil {
		return
	}
	p.hash, p.kind = p.leaf.Hash(), Kind(p.line.Kind)
	if !p.opened() {
		return
	}
	p.open()
	if p.kind == LookupRequested {
		p.digest = Digest(p.line.Event)
	}
	if p.line.JWS != "" && !r.options.LeavesOnly {
		p.openReceipt(r)
	}
}

func (p *prepared) open() {
	var kind Kind
	p.event, kind, p.form = Decode(p.line.Event)
	if p.form == nil && kind != p.kind {
		p.form = fmt.Errorf("event is a %s, its leaf a %s: %w", kind, p.kind, ErrEvent)
	}
}

func (p *prepared) opened() bool { return p.line.Leaf == "" }

// judge holds one line to the rules of every line, then to those of its kind.
func (r *Replay) judge(p *prepared) {
	index := r.next
	r.next++
	if p.broken != nil {
		r.found(index, RuleLine, p.broken.Error())
		return
	}
	if p.line.I != index {
		r.found(index, RuleOrder, fmt.Sprintf("the line says leaf %d", p.line.I))
		p.line.I = index
	}
	r.grow(p.hash)
	r.report.Counts[p.kind.String()]++
	if !p.opened() {
		r.visit(p.kind, nil)
		r.bare(p)
		return
	}
	if p.form != nil {
		r.found(index, RuleEvent, p.form.Error())
		return
	}
	r.visit(p.kind, &p.event)
	r.ordered(p)
	if !r.options.LeavesOnly {
		r.rulesOf(p)
	}
}

func (r *Replay) visit(k Kind, e *Event) {
	if r.options.Visit != nil {
		r.options.Visit(k, e)
	}
}

// ordered: the sequencer's stamp never goes back, though its clock may.
func (r *Replay) ordered(p *prepared) {
	if p.event.Time < r.time {
		r.found(p.line.I, RuleTime, fmt.Sprintf("stamped %s, after a line of %s", p.event.Time, r.time))
		return
	}
	r.time = p.event.Time
}

func (r *Replay) rulesOf(p *prepared) {
	r.opening(p)
	r.chained(p)
	r.signedAct(p)
	switch p.kind {
	case LookupRequested:
		r.lookup(p)
	case SourceQueried:
		r.query(p)
	case SourceAnswered:
		r.answer(p)
	case ConsentGranted:
		r.granted(p)
	case ConsentRefused:
		r.refused(p)
	case ConsentRenewed:
		r.renewed(p)
	case ConsentWithdrawn, ConsentRevoked:
		r.ended(p)
	case ReleaseCompleted:
		r.delivered(p)
	case ReleaseFailed:
		r.failed(p)
	case KeyActivated, KeyRetired, KeyCompromised:
		r.key(p)
	case NoticePublished, PolicyChanged, ApprovalChanged:
		r.public.note(p)
	case ErasureDone:
		r.erasure(p)
	}
}
