package audit_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"accord/consent/audit"
)

func TestATrueLogIsAccepted(t *testing.T) {
	l := small(t)
	r := l.replay(l.head(), l.headAt(0), l.headAt(9), l.head())
	if r.Outcome != audit.Genuine || r.Size != int64(len(l.lines)) || r.Older != 3 || r.Receipts != 5 || r.Counts["consent.granted"] != 3 {
		t.Errorf("%+v", r)
	}
}

func TestEachSabotageIsFoundAtItsLeaf(t *testing.T) {
	for _, s := range sabotages() {
		t.Run(strings.ReplaceAll(s.name, " ", "_"), func(t *testing.T) {
			l := small(t)
			at := s.do(l)
			r := l.replay(l.head())
			if r.Outcome != audit.False || len(r.Findings) != 1 || r.Findings[0].Index != at || r.Findings[0].Rule != s.rule {
				t.Errorf("want %s at %d, found %s: %+v", s.rule, at, r.Outcome, r.Findings)
			}
		})
	}
}

func TestEveryRuleHasItsSabotage(t *testing.T) {
	tried := map[string]bool{ // by the tests on the tree and on lines
		audit.RuleLine: true, audit.RuleOrder: true, audit.RuleCount: true, audit.RuleRoot: true, audit.RuleOlder: true, audit.RuleCompromised: true,
	}
	for _, s := range sabotages() {
		tried[s.rule] = true
	}
	for _, rule := range audit.Rules() {
		if !tried[rule] {
			t.Errorf("no sabotage breaks %s", rule)
		}
	}
}

func TestALogChangedAfterItsCheckpointIsFound(t *testing.T) {
	for _, c := range []struct {
		name, rule string
		index      int64
		do         func(*log)
	}{
		{"changed event", audit.RuleRoot, -1, func(l *log) { l.change(1, func(e *audit.Event) { e.Digest = "sha-256:x" }) }},
		{"changed salt", audit.RuleRoot, -1, func(l *log) { l.lines[7].Salt = strings.Repeat("A", 43) }},
		{"swapped lines", audit.RuleOrder, 2, func(l *log) { l.lines[2], l.lines[3] = l.lines[3], l.lines[2] }},
		{"dropped line", audit.RuleOrder, 2, func(l *log) { l.lines = append(l.lines[:2], l.lines[3:]...) }},
		{"truncated end", audit.RuleCount, 27, func(l *log) { l.lines = l.lines[:27] }},
		{"a line too many", audit.RuleCount, 28, func(l *log) { l.add(audit.AdminAct, audit.Event{ID: "backup"}) }},
	} {
		l := small(t)
		if len(l.lines) != 28 {
			t.Fatalf("%d lines", len(l.lines))
		}
		head := l.head()
		c.do(l)
		r := l.replay(head)
		if r.Outcome != audit.False || !has(r, c.rule, c.index) {
			t.Errorf("%s: %s %+v", c.name, r.Outcome, r.Findings)
		}
	}
}

func has(r audit.Report, rule string, index int64) bool {
	for _, f := range r.Findings {
		if f.Rule == rule && f.Index == index {
			return true
		}
	}
	return false
}

func TestAnOlderCheckpointThatIsNoBeginningIsFound(t *testing.T) {
	l := small(t)
	forked, larger, foreign := l.headAt(9), l.head(), l.headAt(9)
	forked.Root[0] ^= 1
	larger.Size++
	foreign.Origin = "accord.example/log/2"
	for name, r := range map[string]audit.Report{
		"forked": l.replay(l.head(), forked), "shrunk": l.replay(l.head(), larger), "foreign": l.replay(l.head(), foreign),
	} {
		if r.Outcome != audit.False || !has(r, audit.RuleOlder, -1) {
			t.Errorf("%s: %s %+v", name, r.Outcome, r.Findings)
		}
	}
}

func TestReceiptsAfterTheLastGoodLeafOfACompromisedKeyLeaveTheLogUndecided(t *testing.T) {
	l := newLog(t)
	first, second := l.agreed(), l.agreed()
	l.add(audit.KeyCompromised, audit.Event{ID: l.kid, Reason: fmt.Sprint(audit.LastGood, first.granted)})
	r := l.replay(l.head())
	if r.Outcome != audit.Undecided || len(r.Findings) != 1 || !has(r, audit.RuleCompromised, second.granted) {
		t.Errorf("%s %+v", r.Outcome, r.Findings)
	}
}

func TestWhatIsErasedInOrderIsNotMissing(t *testing.T) {
	l := newLog(t)
	old := l.agreed()
	old.deliver()
	late := old.all()
	asked := l.agreed()
	asked.withdraw()
	gone := asked.all()
	refused := l.journey()
	refused.lookup()
	refused.refuse()
	unknown := refused.all()
	l.now = l.now.AddDate(5, 0, 1)
	l.erasure(audit.Event{Reason: "retention"}, late...)
	l.erasure(audit.Event{Reason: "request", Request: "DEMANDE-7"}, gone...)
	l.erasure(audit.Event{Reason: "retention"}, unknown...)
	r := l.replay(l.head())
	if r.Outcome != audit.Genuine || r.Erased != int64(len(late)+len(gone)+len(unknown)) {
		t.Errorf("%s %d %+v", r.Outcome, r.Erased, r.Findings)
	}
}

// A log that an honest store could write, whatever the citizens do, is true.
func TestAnyTrueLogIsAccepted(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		l := newLog(t)
		var open []*journey
		for range rapid.IntRange(0, 25).Draw(rt, "acts") {
			open = l.anyAct(rt, open)
		}
		if r := l.replay(l.head(), l.headAt(rapid.IntRange(0, len(l.lines)).Draw(rt, "older"))); r.Outcome != audit.Genuine {
			rt.Fatalf("%+v", r.Findings)
		}
	})
}

// anyAct makes one act that is allowed in the state things are in.
func (l *log) anyAct(rt *rapid.T, open []*journey) []*journey {
	l.now = l.now.Add(time.Duration(rapid.IntRange(0, 90).Draw(rt, "seconds")) * time.Second)
	if len(open) == 0 || rapid.IntRange(0, 3).Draw(rt, "new") == 0 {
		j := l.journey()
		j.lookup()
		return append(open, j)
	}
	at := rapid.IntRange(0, len(open)-1).Draw(rt, "who")
	j := open[at]
	act := rapid.SampledFrom([]string{"look", "query", "agree", "refuse", "deliver", "withdraw", "revoke", "rotate"}).Draw(rt, "act")
	switch live := j.granted > 0 && l.now.Add(2*time.Second).Before(j.until); {
	case act == "rotate":
		l.kid, act = l.rotate(), ""
	case j.granted == 0 && act == "look":
		j.lookup()
	case j.granted == 0 && act == "query":
		j.answer(j.query())
	case j.granted == 0 && act == "agree":
		j.agree()
	case live && act == "deliver":
		j.deliver()
	case j.granted == 0 && act == "refuse":
		j.refuse()
		return append(open[:at:at], open[at+1:]...)
	case live && act == "withdraw":
		j.withdraw()
		return append(open[:at:at], open[at+1:]...)
	case j.granted > 0 && act == "revoke":
		j.revoke("suspension")
		return append(open[:at:at], open[at+1:]...)
	}
	return open
}

// rotate activates the next key, then retires the present one.
func (l *log) rotate() string {
	next := l.activate(fmt.Sprint("receipt key ", len(l.lines)))
	l.add(audit.KeyRetired, audit.Event{ID: l.kid})
	return next
}

// quiet lets time pass until the replay has forgotten what ended.
func (l *log) quiet() {
	for range 3 {
		l.now = l.now.Add(48 * time.Hour)
		for range 400 {
			l.add(audit.AdminAct, audit.Event{ID: "backup"})
		}
	}
}

func TestALogForgottenByItsReplayIsStillJudged(t *testing.T) {
	for _, c := range []struct {
		name, outcome, rule string
		do                  func(*journey) int64
	}{
		{"revoked late", audit.Genuine, "", func(j *journey) int64 { return j.revoke("suspension") }},
		{"delivered late", audit.False, audit.RuleExpired, (*journey).deliver},
		{"delivered after a late revocation", audit.False, audit.RuleEnded, func(j *journey) int64 {
			j.revoke("suspension")
			return j.deliver()
		}},
		{"revoked twice", audit.False, audit.RuleEnding, func(j *journey) int64 {
			j.revoke("suspension")
			return j.revoke("suspension")
		}},
		{"chain broken", audit.False, audit.RulePrev, func(j *journey) int64 {
			j.last = nil
			return j.revoke("suspension")
		}},
	} {
		l := newLog(t)
		j := l.agreed()
		l.quiet()
		at := c.do(j)
		r := l.replay(l.head())
		if r.Outcome != c.outcome || c.rule != "" && (len(r.Findings) != 1 || !has(r, c.rule, at)) {
			t.Errorf("%s: %s %+v", c.name, r.Outcome, r.Findings)
		}
	}
}

// An approval that was suspended, resumed and renewed lets pass what comes
// while it is in force, and the replay finds nothing.
func TestResumedAndRenewedApprovalsAreInForce(t *testing.T) {
	l := newLog(t)
	for _, reason := range []string{"suspended:misuse", audit.ApprovalResumed, "suspended:registrar", audit.ApprovalRenewed} {
		l.change(l.approve(l.given.Approval.Digest), func(e *audit.Event) {
			e.Reason, e.ValidUntil = reason, "2030-01-01T00:00:00.000Z"
		})
		if audit.ApprovalInForce(reason) {
			l.agreed().deliver()
		}
	}
	if r := l.replay(l.head()); r.Outcome != audit.Genuine {
		t.Errorf("%+v", r.Findings)
	}
	if audit.ApprovalInForce("expired") || audit.SuspensionOf("suspended:misuse") != "misuse" || audit.SuspensionOf(audit.ApprovalResumed) != "" {
		t.Error("a reason is misread")
	}
}
