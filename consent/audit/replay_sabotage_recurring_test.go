package audit_test

import (
	"fmt"
	"testing"

	"accord/consent/audit"
)

// fetching is a query under a recurring grant whose event is another than it
// should be.
func fetching(how func(*audit.Event)) func(*log) int64 {
	return func(l *log) int64 {
		at := l.agreedAgain().again("second")
		l.change(at, how)
		return at
	}
}

func sabotagedRecurring() []sabotage {
	return []sabotage{
		{"fetch under a grant for once", audit.RuleQueryGrant, func(l *log) int64 { return l.agreed().again("second") }},
		{"fetch under no grant", audit.RuleQueryGrant, func(l *log) int64 {
			j := l.agreedAgain()
			j.grant, j.last = "g_another", nil
			return j.again("second")
		}},
		{"fetch after the withdrawal", audit.RuleQueryGrant, func(l *log) int64 {
			j := l.agreedAgain()
			j.withdraw()
			return j.again("second")
		}},
		{"fetch after a revocation", audit.RuleQueryGrant, func(l *log) int64 {
			j := l.agreedAgain()
			j.revoke("suspension")
			return j.again("second")
		}},
		{"fetch after valid_until", audit.RuleQueryGrant, func(l *log) int64 {
			j := l.agreedAgain()
			l.now = j.until
			return j.again("second")
		}},
		{"fetch long after valid_until", audit.RuleQueryGrant, func(l *log) int64 {
			j := l.agreedAgain()
			l.now = j.until.AddDate(0, 3, 0)
			for range 2000 { // until what is long over is forgotten
				l.add(audit.AdminAct, audit.Event{ID: "backup", Reason: "nightly"})
			}
			return j.again("second")
		}},
		{"fetch of data not agreed", audit.RuleQueryGrant, fetching(func(e *audit.Event) { e.Data = []string{"dgfip_rfr"} })},
		{"fetch about another person", audit.RuleQueryGrant, fetching(func(e *audit.Event) { e.Citizen = "somebody" })},
		{"fetch for another recipient", audit.RuleQueryGrant, fetching(func(e *audit.Event) { e.Recipient = "99900050800014" })},
		{"fetch without a request id", audit.RuleQueryGrant, fetching(func(e *audit.Event) { e.RequestID = "" })},
		{"fetch of no snapshot", audit.RuleQueryGrant, fetching(func(e *audit.Event) { e.Snapshot = "" })},
		{"fetch under a suspended approval", audit.RuleApproval, func(l *log) int64 {
			j := l.agreedAgain()
			l.change(l.approve(l.given.Approval.Digest), func(e *audit.Event) { e.Reason = "suspended" })
			return j.again("second")
		}},
		{"one fetch too many", audit.RuleFetches, func(l *log) int64 {
			j := l.agreedAgain()
			for n := range 3 {
				snapshot := fmt.Sprint("snapshot", n)
				j.again(snapshot)
				j.deliverAgain(snapshot)
			}
			return j.again("fifth")
		}},
		{"delivery of what was not fetched", audit.RuleUnfetched, func(l *log) int64 {
			return l.agreedAgain().deliverAgain("second")
		}},
		{"delivery of what failed", audit.RuleUnfetched, func(l *log) int64 {
			j := l.agreedAgain()
			j.again("second")
			j.failAgain("second")
			return j.deliverAgain("second")
		}},
		{"delivery of one fetch twice", audit.RuleUnfetched, func(l *log) int64 {
			j := l.agreedAgain()
			j.again("second")
			j.deliverAgain("second")
			return j.deliverAgain("second")
		}},
		{"token delivery under a grant for once", audit.RuleUnfetched, func(l *log) int64 {
			return l.agreed().deliverAgain("second")
		}},
		{"token delivery after the withdrawal", audit.RuleEnded, func(l *log) int64 {
			j := l.agreedAgain()
			j.again("second")
			j.withdraw()
			return j.deliverAgain("second")
		}},
	}
}

func TestATrueLogOfRecurringGrantsIsAccepted(t *testing.T) {
	l := newLog(t)
	j := l.agreedAgain()
	j.deliver()
	for _, snapshot := range []string{"second", "third"} {
		l.now = l.now.AddDate(0, 0, 9)
		j.answer(j.again(snapshot))
		j.deliverAgain(snapshot)
	}
	j.answer(j.again("failed"))
	j.failAgain("failed")
	j.again("fourth")
	j.again("fourth") // retried
	j.deliverAgain("fourth")
	j.withdraw()
	other := l.agreedAgain() // whose citizen's own fetch is delivered after the others
	for n := range 3 {
		other.again(fmt.Sprint("snapshot", n))
		other.deliverAgain(fmt.Sprint("snapshot", n))
	}
	other.deliver()
	if r := l.replay(l.head()); r.Outcome != audit.Genuine {
		t.Fatalf("%+v", r.Findings)
	}
}
