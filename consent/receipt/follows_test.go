package receipt

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestRenewalNamesTheReceiptItFollowsAndHasItsOwnEnd(t *testing.T) {
	checkBroken(t, renewedReceipt, []broken{
		{"follows nothing", "previous_receipt", func(r *Receipt) { r.PreviousReceipt = "" }},
		{"follows no digest", "previous_receipt", func(r *Receipt) { r.PreviousReceipt = "first" }},
		{"no grant", "grant_id", func(r *Receipt) { r.GrantID = "" }},
		{"nobody", "subject", func(r *Receipt) { r.Subject = nil }},
		{"another state", "event.state", func(r *Receipt) { r.Event.State = "renewed" }},
		{"withdrawn", "event.state", func(r *Receipt) { r.Event.State = StateWithdrawn }},
		{"a stage", "event.stage", func(r *Receipt) { r.Event.Stage = StageDecision }},
		{"no end", "event.valid_until", func(r *Receipt) { r.Event.ValidUntil = "" }},
		{"valid before the act", "event.valid_from", func(r *Receipt) { r.Event.ValidFrom = NewTime(actTime) }},
		{"no way out", "withdrawal", func(r *Receipt) { r.Withdrawal = nil }},
		{"nothing granted", "purposes.data.granted", func(r *Receipt) {
			r.Purposes[0].Data[0].Granted, r.Purposes[0].Data[1].Granted = false, false
		}},
	})
}

func TestWithdrawalAndRenewalFollowTheirReceipt(t *testing.T) {
	all := vectors(t)
	granted, _ := signed(t, all["granted"])
	renewed, _ := signed(t, all["renewed"])
	for _, name := range []string{"withdrawn", "renewed"} {
		if err := all[name].Follows(granted); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	end := all["withdrawn"]
	end.GrantID, end.Event, end.Purposes = all["renewed"].GrantID, all["renewed"].Event, all["renewed"].Purposes
	end.Event.Type, end.Event.State, end.Event.Time = Withdrawn, StateWithdrawn, NewTime(actTime.Add(time.Hour))
	end.PreviousReceipt = Digest(renewed)
	if err := end.Follows(renewed); err != nil {
		t.Errorf("withdrawal of a renewal: %v", err)
	}
}

func TestAReceiptNeverFollowsAnother(t *testing.T) {
	granted, _ := signed(t, grantedReceipt())
	for _, c := range []struct {
		name, member string
		renewal      bool
		spoil        func(*Receipt)
	}{
		{"another digest", "previous_receipt", true, func(r *Receipt) { r.PreviousReceipt = digestOf("x") }},
		{"another record", "record_id", true, func(r *Receipt) { r.RecordID = r.ReceiptID }},
		{"the same receipt", "receipt_id", true, func(r *Receipt) { r.ReceiptID = grantedReceipt().ReceiptID }},
		{"earlier", "event.time", true, func(r *Receipt) { r.Event.Time = NewTime(actTime.Add(-time.Millisecond)) }},
		{"another person", "subject.id", true, func(r *Receipt) { r.Subject.ID = "somebody-else" }},
		{"nobody", "subject.id", true, func(r *Receipt) { r.Subject = nil }},
		{"another recipient", "parties", true, func(r *Receipt) { r.Parties[0].ID = "siret:99900030000015" }},
		{"an agreement", "event.type", true, func(r *Receipt) { r.Event.Type = Granted }},
		{"another grant withdrawn", "event.type", false, func(r *Receipt) { r.GrantID = renewedReceipt().GrantID }},
		{"other data withdrawn", "event.type", false, func(r *Receipt) { r.Purposes[0].Data[1].Granted = true }},
		{"another end withdrawn", "event.type", false, func(r *Receipt) { r.Event.ValidUntil = NewTime(actTime.Add(time.Hour)) }},
		{"another act withdrawn", "event.type", false, func(r *Receipt) { r.Event.BasisAct = ConsentementArt61A }},
	} {
		r := withdrawnReceipt()
		if c.renewal {
			r = renewedReceipt()
		}
		r.PreviousReceipt = Digest(granted)
		c.spoil(&r)
		if err := r.Follows(granted); !errors.Is(err, ErrContent) || !strings.Contains(err.Error(), c.member+": ") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestNothingFollowsWhatAgreedToNothing(t *testing.T) {
	for _, first := range []Receipt{refusedReceipt(StageDecision), withdrawnReceipt()} {
		jws, _ := signed(t, first)
		r := renewedReceipt()
		r.PreviousReceipt = Digest(jws)
		if err := r.Follows(jws); !errors.Is(err, ErrContent) {
			t.Errorf("after %s: %v", first.Event.Type, err)
		}
	}
	if err := renewedReceipt().Follows([]byte("hello")); !errors.Is(err, ErrMalformed) {
		t.Errorf("after no receipt: %v", err)
	}
}
