package audit_test

import (
	"slices"
	"time"

	"accord/consent/audit"
	"accord/consent/receipt"
)

// A sabotage changes one thing of a true log, and tells the leaf where it must
// be found.
type sabotage struct {
	name, rule string
	do         func(l *log) (index int64)
}

func sabotages() []sabotage {
	return slices.Concat(sabotagedDeliveries(), sabotagedLookups(), sabotagedRecurring(), sabotagedRenewals(), sabotagedReceipts(), sabotagedErasures(), sabotagedChains())
}

// delivering is a delivery whose event is another than it should be.
func delivering(how func(*audit.Event)) func(*log) int64 {
	return func(l *log) int64 {
		at := l.agreed().deliver()
		l.change(at, how)
		return at
	}
}

// deciding is an agreement whose receipt is another than it should be.
func deciding(how func(*receipt.Receipt)) func(*log) int64 {
	return func(l *log) int64 {
		l.now = l.now.Add(time.Hour)
		j := l.journey()
		j.lookup()
		j.answer(j.query())
		r := j.receipt(receipt.Granted)
		how(&r)
		return j.agreeTo(r)
	}
}

func sabotagedDeliveries() []sabotage {
	return []sabotage{
		{"delivery after the withdrawal", audit.RuleEnded, func(l *log) int64 {
			j := l.agreed()
			j.withdraw()
			return j.deliver()
		}},
		{"delivery after a revocation", audit.RuleEnded, func(l *log) int64 {
			j := l.agreed()
			j.revoke("code_reuse")
			return j.deliver()
		}},
		{"delivery of data not agreed", audit.RuleFields, delivering(func(e *audit.Event) { e.Data = []string{"dgfip_rfr"} })},
		{"delivery of a field not agreed", audit.RuleFields, delivering(func(e *audit.Event) { e.Fields = append(e.Fields, "dss/quotient_familial#allocataires.nom") })},
		{"delivery without consent", audit.RuleUnagreed, func(l *log) int64 {
			j := l.journey()
			j.lookup()
			j.answer(j.query())
			j.last = nil
			return j.deliver()
		}},
		{"delivery after a refusal", audit.RuleUnagreed, func(l *log) int64 {
			j := l.journey()
			j.lookup()
			j.answer(j.query())
			j.refuse()
			j.last = nil
			return j.deliver()
		}},
		{"delivery to another recipient", audit.RuleParty, delivering(func(e *audit.Event) { e.Recipient = "99900050800014" })},
		{"delivery to another client", audit.RuleParty, delivering(func(e *audit.Event) { e.Client = "other" })},
		{"delivery about another person", audit.RuleParty, delivering(func(e *audit.Event) { e.Citizen = "somebody" })},
		{"delivery without digest", audit.RuleEvent, delivering(func(e *audit.Event) { e.ResponseDigest = "" })},
		{"second snapshot beyond the ceiling", audit.RuleFetches, func(l *log) int64 {
			j := l.agreed()
			j.deliver()
			return j.deliverFrom("another")
		}},
		{"delivery after valid_until", audit.RuleExpired, func(l *log) int64 {
			j := l.agreed()
			l.now = l.now.Add(12 * time.Minute)
			return j.deliver()
		}},
		{"withdrawal twice", audit.RuleEnding, func(l *log) int64 {
			j := l.agreed()
			given := j.jws
			j.withdraw()
			j.jws = given
			return j.withdraw()
		}},
		{"revocation of no grant", audit.RuleEnding, func(l *log) int64 {
			j := l.agreed()
			j.grant, j.last, j.id = "g_another", nil, "another"
			return j.revoke("suspension")
		}},
	}
}

func sabotagedLookups() []sabotage {
	return []sabotage{
		{"source queried without a look-up", audit.RuleQuery, func(l *log) int64 {
			j := l.journey()
			return j.query()
		}},
		{"source queried on another's look-up", audit.RuleQuery, func(l *log) int64 {
			other := l.journey()
			j := l.journey()
			other.lookup()
			j.lookup()
			j.asked = other.asked
			return j.query()
		}},
		{"source queried after the decision", audit.RuleQuery, func(l *log) int64 { return l.agreed().query() }},
		{"source queried beyond the look-up", audit.RuleQueryData, func(l *log) int64 {
			j := l.journey()
			j.lookup()
			at := j.query()
			l.change(at, func(e *audit.Event) { e.Data = []string{"cnaf_enfants"} })
			return at
		}},
		{"answer without a query", audit.RuleAnswer, func(l *log) int64 {
			j := l.journey()
			return j.answer(j.lookup())
		}},
		{"look-up under an approval not announced", audit.RuleApproval, func(l *log) int64 {
			at := l.journey().lookup()
			l.change(at, func(e *audit.Event) { e.Approval = "other" })
			return at
		}},
		{"look-up under an approval that changed", audit.RuleApproval, func(l *log) int64 {
			l.approve(audit.Digest([]byte("a new version")))
			return l.journey().lookup()
		}},
		{"look-up under a suspended approval", audit.RuleApproval, func(l *log) int64 {
			l.change(l.approve(l.given.Approval.Digest), func(e *audit.Event) { e.Reason = "suspended" })
			return l.journey().lookup()
		}},
		{"delivery under a suspended approval", audit.RuleApproval, func(l *log) int64 {
			j := l.agreed()
			l.change(l.approve(l.given.Approval.Digest), func(e *audit.Event) { e.Reason = "suspended:misuse" })
			return j.deliver()
		}},
		{"delivery under a removed approval", audit.RuleApproval, func(l *log) int64 {
			j := l.agreed()
			l.change(l.approve(l.given.Approval.Digest), func(e *audit.Event) { e.Reason = audit.ApprovalRemoved })
			return j.deliver()
		}},
		{"agreement under an approval suspended since the look-up", audit.RuleApproval, func(l *log) int64 {
			j := l.journey()
			j.lookup()
			j.answer(j.query())
			l.change(l.approve(l.given.Approval.Digest), func(e *audit.Event) { e.Reason = "suspended:security" })
			return j.agree()
		}},
		{"delivery after the approval's end", audit.RuleApproval, func(l *log) int64 {
			at := l.approve(l.given.Approval.Digest)
			j := l.agreed()
			l.change(at, func(e *audit.Event) { e.ValidUntil = l.now.Add(time.Second).Format(audit.TimeLayout) })
			return j.deliver()
		}},
		{"source queried after the approval's end", audit.RuleApproval, func(l *log) int64 {
			at := l.approve(l.given.Approval.Digest)
			j := l.journey()
			j.lookup()
			l.change(at, func(e *audit.Event) { e.ValidUntil = l.now.Add(time.Second).Format(audit.TimeLayout) })
			return j.query()
		}},
		{"agreement to what was not looked up", audit.RuleConsent, func(l *log) int64 {
			j := l.journey()
			j.lookup()
			first := j.asked
			j.lookup()
			j.asked, j.request = first, audit.Digest(l.lines[*first].Event)
			return j.agree()
		}},
		{"agreement by another person than looked up", audit.RuleConsent, func(l *log) int64 {
			at := l.agreed().granted
			l.change(at, func(e *audit.Event) { e.Citizen = "somebody" })
			return at
		}},
		{"an agent on a look-up of the citizen's own", audit.RuleDesk, func(l *log) int64 {
			at := l.journey().lookup()
			l.change(at, func(e *audit.Event) { e.Agent = "an agent" })
			return at
		}},
		{"agreement of the citizen's own to an agent's look-up", audit.RuleDesk, func(l *log) int64 {
			j := l.journey()
			l.change(j.lookup(), func(e *audit.Event) { e.Mode, e.Agent = audit.ModeDesk, "an agent" })
			j.request = audit.Digest(l.lines[*j.asked].Event)
			return j.agree()
		}},
		{"interaction decided twice", audit.RuleConsent, func(l *log) int64 {
			j := l.agreed()
			return j.refuse()
		}},
	}
}
