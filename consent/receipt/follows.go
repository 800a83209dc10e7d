package receipt

import (
	"fmt"
	"reflect"
)

// Follows returns nil when r, a withdrawal or renewal, follows the receipt
// previous: it names that receipt's exact bytes, and is a later act of the
// same person towards the same recipient in the same record. A withdrawal
// repeats what it ends; a renewal may agree to other data, under the same or
// a new grant. Otherwise an error wrapping ErrContent, or ErrMalformed when
// previous is no receipt. Neither signature is judged: verify both first.
func (r Receipt) Follows(previous []byte) error {
	p, _, err := Parse(previous)
	if err != nil {
		return fmt.Errorf("reading the previous receipt: %w", err)
	}
	var found breaches
	found.must(r.follows(), "event.type", "follows nothing")
	found.must(r.PreviousReceipt == Digest(previous), "previous_receipt", "names another receipt")
	found.must(p.Event.Type == Granted || p.Event.Type == Renewed, "previous_receipt", "agreed to nothing")
	found.must(r.RecordID == p.RecordID, "record_id", "not that of the previous receipt")
	found.must(r.ReceiptID != p.ReceiptID, "receipt_id", "that of the previous receipt")
	found.must(!r.Event.Time.Time().Before(p.Event.Time.Time()), "event.time", "before the previous receipt")
	found.must(r.person() != "" && r.person() == p.person(), "subject.id", "not that of the previous receipt")
	found.must(r.recipient() == p.recipient(), "parties", "another recipient than in the previous receipt")
	found.must(r.Event.Type != Withdrawn || r.ends(p), "event.type", "what it ends is not what was agreed")
	return found.err()
}

// ends tells whether r holds what p agreed to, unchanged.
func (r Receipt) ends(p Receipt) bool {
	return r.GrantID == p.GrantID && r.Event.ValidFrom == p.Event.ValidFrom && r.Event.ValidUntil == p.Event.ValidUntil &&
		r.Event.BasisAct == p.Event.BasisAct && r.Approval == p.Approval && reflect.DeepEqual(r.Purposes, p.Purposes)
}

func (r Receipt) person() string {
	if r.Subject == nil {
		return ""
	}
	return r.Subject.ID
}

func (r Receipt) recipient() string {
	for _, p := range r.Parties {
		if p.Type == "recipient" {
			return p.ID
		}
	}
	return ""
}
