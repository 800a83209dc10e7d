package audit_test

import (
	"slices"
	"testing"

	"accord/consent/audit"
	"accord/consent/receipt"
)

// agreedToBoth is a journey up to an agreement to two data, one of them
// optional, for four fetches in a month.
func (l *log) agreedToBoth() *journey {
	j := l.journey()
	j.lookup()
	j.answer(j.query())
	r := j.receipt(receipt.Granted)
	r.Purposes[0].Fetch = receipt.Fetch{Mode: "repeated", Max: 4, Period: "P1M"}
	r.Purposes[0].Data[1].Granted = true
	at := j.agreeUntil(r, j.now.AddDate(0, 1, 0))
	j.change(at, func(e *audit.Event) { e.Data = []string{"cnaf_quotient_familial", "dgfip_rfr"} })
	return j
}

// renewal is the receipt of a change that keeps only the required datum.
func (j *journey) renewal() receipt.Receipt {
	r := j.made
	r.ReceiptID = j.receipt(receipt.Renewed).ReceiptID
	r.Purposes = slices.Clone(r.Purposes)
	r.Purposes[0].Data = slices.Clone(r.Purposes[0].Data)
	r.Purposes[0].Data[1].Granted = false
	r.Event.Type, r.Event.State = receipt.Renewed, receipt.StateGiven
	r.Event.Time = j.receipt(receipt.Renewed).Event.Time
	r.Event.ValidFrom, r.PreviousReceipt = r.Event.Time, receipt.Digest(j.jws)
	return r
}

func (j *journey) renew() int64 { return j.renewTo(j.renewal(), "cnaf_quotient_familial") }

func (j *journey) renewTo(r receipt.Receipt, data ...string) int64 {
	j.jws = j.signs(r)
	e := j.act(r)
	e.Data, e.ValidUntil = data, string(r.Event.ValidUntil)
	return j.next(audit.ConsentRenewed, e, j.jws...)
}

// deliverFiscal delivers the datum that a renewal leaves out.
func (j *journey) deliverFiscal() int64 {
	at := j.deliver()
	j.change(at, func(e *audit.Event) {
		e.Data, e.Fields = []string{"dgfip_rfr"}, []string{"dgfip/situation_ir#revenu_fiscal_reference"}
	})
	return at
}

func renewing(how func(*audit.Event)) func(*log) int64 {
	return func(l *log) int64 {
		at := l.agreedToBoth().renew()
		l.change(at, how)
		return at
	}
}

func sabotagedRenewals() []sabotage {
	return []sabotage{
		{"delivery of a datum left out since", audit.RuleFields, func(l *log) int64 {
			j := l.agreedToBoth()
			j.deliverFiscal()
			j.renew()
			return j.deliverFiscal()
		}},
		{"delivery of a field left out since", audit.RuleFields, func(l *log) int64 {
			j := l.agreedToBoth()
			j.renew()
			at := j.deliver()
			l.change(at, func(e *audit.Event) { e.Fields = append(e.Fields, "dgfip/situation_ir#revenu_fiscal_reference") })
			return at
		}},
		{"fetch of a datum left out since", audit.RuleQueryGrant, func(l *log) int64 {
			j := l.agreedToBoth()
			j.renew()
			at := j.again("second")
			l.change(at, func(e *audit.Event) { e.Data = []string{"dgfip_rfr"} })
			return at
		}},
		{"renewal that adds a datum", audit.RuleRenewal, func(l *log) int64 {
			j := l.agreedAgain()
			r := j.renewal()
			r.Purposes[0].Data[1].Granted = true
			return j.renewTo(r, "cnaf_quotient_familial", "dgfip_rfr")
		}},
		{"renewal that changes nothing", audit.RuleRenewal, func(l *log) int64 { return l.agreedAgain().renew() }},
		{"renewal that wins fetches", audit.RuleRenewal, func(l *log) int64 {
			j := l.agreedToBoth()
			r := j.renewal()
			r.Purposes[0].Fetch.Max = 9
			return j.renewTo(r, "cnaf_quotient_familial")
		}},
		{"renewal after the withdrawal", audit.RuleRenewal, func(l *log) int64 {
			j := l.agreedToBoth()
			r := j.renewal()
			j.revoke("suspension")
			r.Event.Time = j.receipt(receipt.Renewed).Event.Time
			r.Event.ValidFrom = r.Event.Time
			return j.renewTo(r, "cnaf_quotient_familial")
		}},
		{"renewal of another person's grant", audit.RuleRenewal, renewing(func(e *audit.Event) { e.Citizen = "somebody" })},
		{"renewal of no grant", audit.RuleRenewal, func(l *log) int64 {
			j := l.agreedToBoth()
			r := j.renewal()
			r.GrantID, j.grant, j.last = "g_AAAAAAAAAAAAAAAAAAAAAA", "g_AAAAAAAAAAAAAAAAAAAAAA", nil
			r.RecordID, j.id = "019ab9c1-6f0e-7c2a-9b7e-00000000ffff", "019ab9c1-6f0e-7c2a-9b7e-00000000ffff"
			return j.renewTo(r, "cnaf_quotient_familial")
		}},
		{"renewal that tells other data than its receipt", audit.RuleReceipt, renewing(func(e *audit.Event) { e.Data = []string{"dgfip_rfr"} })},
		{"renewal of a receipt that is not the last", audit.RuleReceipt, func(l *log) int64 {
			j := l.agreedToBoth()
			r := j.renewal()
			r.PreviousReceipt = receipt.Digest([]byte("another"))
			return j.renewTo(r, "cnaf_quotient_familial")
		}},
		{"renewal under a suspended approval", audit.RuleApproval, func(l *log) int64 {
			j := l.agreedToBoth()
			l.change(l.approve(l.given.Approval.Digest), func(e *audit.Event) { e.Reason = "suspended" })
			return j.renew()
		}},
		{"withdrawal that follows the receipt before the renewal", audit.RuleReceipt, func(l *log) int64 {
			j := l.agreedToBoth()
			given := j.jws
			j.renew()
			j.jws = given
			return j.withdraw()
		}},
	}
}

func TestATrueLogOfChangedChoicesIsAccepted(t *testing.T) {
	l := newLog(t)
	j := l.agreedToBoth()
	j.deliverFiscal()
	j.renew()
	j.deliver()
	j.again("second")
	j.deliverAgain("second")
	j.withdraw()
	if r := l.replay(l.head()); r.Outcome != audit.Genuine || r.Counts["consent.renewed"] != 1 {
		t.Fatalf("%+v", r.Findings)
	}
}
