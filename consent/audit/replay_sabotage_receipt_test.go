package audit_test

import (
	"fmt"
	"strings"
	"time"

	"accord/consent/audit"
	"accord/consent/receipt"
)

func sabotagedReceipts() []sabotage {
	return []sabotage{
		{"grant that ends before it begins", audit.RuleReceipt, func(l *log) int64 {
			at := l.agreed().granted
			l.change(at, func(e *audit.Event) { e.ValidUntil = "2027-01-01T00:00:00.000Z" })
			return at
		}},
		{"withdrawal of another receipt", audit.RuleReceipt, func(l *log) int64 {
			j := l.agreed()
			j.jws = []byte("another")
			return j.withdraw()
		}},
		{"back-dated receipt", audit.RuleSigned, deciding(func(r *receipt.Receipt) { r.Event.Time = receipt.NewTime(r.Event.Time.Time().Add(-6 * time.Minute)) })},
		{"receipt for another recipient than the event", audit.RuleReceipt, func(l *log) int64 {
			at := l.agreed().granted
			l.change(at, func(e *audit.Event) { e.Purpose = "other" })
			return at
		}},
		{"receipt of another look-up", audit.RuleReceipt, deciding(func(r *receipt.Receipt) { r.RequestDigest = r.Catalogue })},
		{"receipt of other data than the event", audit.RuleReceipt, deciding(func(r *receipt.Receipt) { r.Purposes[0].Data[1].Granted = true })},
		{"receipt under a notice not published", audit.RuleReceipt, deciding(func(r *receipt.Receipt) { r.Notice.Digest = r.Catalogue })},
		{"receipt of another log", audit.RuleReceipt, deciding(func(r *receipt.Receipt) { r.Log.Origin = "accord.example/log/2" })},
		{"receipt left out", audit.RuleDigest, func(l *log) int64 {
			at := l.agreed().granted
			l.lines[at].JWS = ""
			return at
		}},
		{"receipt replaced", audit.RuleDigest, func(l *log) int64 {
			first, second := l.agreed(), l.agreed()
			l.lines[second.granted].JWS = string(first.jws)
			return second.granted
		}},
		{"receipt with a flipped bit", audit.RuleSignature, func(l *log) int64 {
			j := l.agreed()
			dot := strings.LastIndexByte(string(j.jws), '.') + 10
			spoilt := []byte(string(j.jws))
			spoilt[dot] = "AB"[spoilt[dot]&1]
			l.lines[j.granted].JWS = string(spoilt)
			l.change(j.granted, func(e *audit.Event) { e.Receipt = receipt.Digest(spoilt) })
			return j.granted
		}},
		{"receipt by a key not announced", audit.RuleKey, func(l *log) int64 {
			s, _ := l.signer("another key")
			l.kid, l.keys[s.KeyID] = s.KeyID, s
			return l.agreed().granted
		}},
		{"receipt by a retired key", audit.RuleKey, func(l *log) int64 {
			l.add(audit.KeyRetired, audit.Event{ID: l.kid})
			return l.agreed().granted
		}},
		{"receipt by a compromised key", audit.RuleKey, func(l *log) int64 {
			l.add(audit.KeyCompromised, audit.Event{ID: l.kid, Reason: fmt.Sprint(audit.LastGood, len(l.lines)-1)})
			return l.agreed().granted
		}},
		{"key whose id is another's", audit.RuleKeyEvent, func(l *log) int64 {
			at := int64(len(l.lines))
			l.activate("a third key")
			l.change(at, func(e *audit.Event) { e.ID = "AAAAAAAAAAAAAAAA" })
			return at
		}},
	}
}

func sabotagedErasures() []sabotage {
	return []sabotage{
		{"operator erases a violation", audit.RuleNoConsent, func(l *log) int64 {
			j := l.journey()
			look := j.lookup()
			j.refuse()
			at := j.deliver()
			l.erasure(audit.Event{Reason: "request", Request: "DEMANDE-7"}, look, look+1, at)
			return at
		}},
		{"operator erases the withdrawal only", audit.RuleNoConsent, func(l *log) int64 {
			j := l.agreed()
			given := j.granted
			at := j.withdraw()
			j.last = &given
			j.deliver()
			l.erasure(audit.Event{Reason: "request", Request: "DEMANDE-7"}, at)
			return at
		}},
		{"operator erases a query nobody asked for", audit.RuleNoConsent, func(l *log) int64 {
			at := l.journey().query()
			l.erasure(audit.Event{Reason: "request", Request: "DEMANDE-7"}, at)
			return at
		}},
		{"operator erases an announced key", audit.RuleErasure, func(l *log) int64 {
			at := l.add(audit.PolicyChanged, audit.Event{ID: "other"})
			return l.erasure(audit.Event{Reason: "request", Request: "DEMANDE-7"}, at)
		}},
		{"half a grant erased", audit.RuleUnagreed, func(l *log) int64 {
			j := l.agreed()
			gone := j.all()
			at := j.deliver()
			l.change(at, func(e *audit.Event) { e.Prev = nil })
			l.erasure(audit.Event{Reason: "request", Request: "DEMANDE-7"}, gone...)
			return at
		}},
		{"erasure too early", audit.RuleEarly, func(l *log) int64 {
			j := l.agreed()
			l.now = l.now.AddDate(4, 0, 0)
			return l.erasure(audit.Event{Reason: "retention"}, j.all()...)
		}},
		{"refusal erased too early", audit.RuleEarly, func(l *log) int64 {
			j := l.journey()
			look := j.lookup()
			j.refuse()
			l.now = l.now.AddDate(0, 4, 0)
			return l.erasure(audit.Event{Reason: "retention"}, look, look+1)
		}},
		{"opening missing, unnamed", audit.RuleMissing, func(l *log) int64 {
			j := l.agreed()
			at := j.deliver()
			l.erase(at)
			return at
		}},
		{"erasure under another kind", audit.RuleErasure, func(l *log) int64 {
			j := l.agreed()
			at := l.erasure(audit.Event{Reason: "request", Request: "DEMANDE-7"}, j.all()...)
			l.change(at, func(e *audit.Event) { e.ErasedKinds[0] = "source.answered" })
			return at
		}},
		{"erasure that erased nothing", audit.RuleErasure, func(l *log) int64 {
			j := l.agreed()
			return l.add(audit.ErasureDone, audit.Event{Reason: "request", Request: "D", Erased: []int64{j.granted}, ErasedKinds: []string{"consent.granted"}})
		}},
	}
}

func sabotagedChains() []sabotage {
	return []sabotage{
		{"prev skips an event", audit.RulePrev, func(l *log) int64 {
			j := l.agreed()
			before := *j.last
			j.deliver()
			j.last = &before
			return j.deliver()
		}},
		{"back-dated time", audit.RuleTime, func(l *log) int64 {
			j := l.agreed()
			at := j.deliver()
			l.change(at, func(e *audit.Event) { e.Time = j.made.Event.Time.Time().Add(-time.Second).Format(audit.TimeLayout) })
			return at
		}},
		{"log opened twice", audit.RuleOpened, func(l *log) int64 { return l.add(audit.LogOpened, audit.Event{ID: origin}) }},
		{"leaf after the log was closed", audit.RuleOpened, func(l *log) int64 {
			l.add(audit.LogClosed, audit.Event{ID: "accord.example/log/2"})
			return l.add(audit.AdminAct, audit.Event{ID: "backup"})
		}},
		{"event under another kind's leaf", audit.RuleEvent, func(l *log) int64 {
			at := l.agreed().deliver()
			l.lines[at].Kind = int(audit.ReleaseFailed)
			return at
		}},
	}
}

func (j *journey) all() (indices []int64) {
	for i := *j.asked; i < int64(len(j.lines)); i++ {
		indices = append(indices, i)
	}
	return indices
}
