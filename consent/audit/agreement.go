package audit

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"accord/consent/receipt"
)

// ErrDisagree is returned when a receipt and the event that logged it do not
// tell the same act.
var ErrDisagree = errors.New("receipt and event do not tell the same act")

// Agree returns nil when the event e, in the log of the given origin, tells of
// the very act of receipt r; else an error that wraps ErrDisagree. That e
// names the receipt's bytes is judged elsewhere (member receipt).
func Agree(r receipt.Receipt, e Event, origin string) error {
	for _, member := range []struct{ name, said, logged string }{
		{"kind", string(r.Event.Type), e.Kind},
		{"interaction", r.RecordID, e.Interaction},
		{"grant", r.GrantID, e.Grant},
		{"recipient", recipientOf(r), recipientPrefix + e.Recipient},
		{"purpose", purposeOf(r), e.Purpose},
		{"approval", r.Approval.ID, e.Approval},
		{"approval_digest", r.Approval.Digest, e.ApprovalDigest},
		{"basis", string(r.Event.BasisAct), e.Basis},
		{"stage", string(r.Event.Stage), e.Stage},
		{"subject", subjectOf(r), e.Subject},
		{"log", r.Log.Origin, origin},
	} {
		if member.said != member.logged {
			return fmt.Errorf("%w: %s", ErrDisagree, member.name)
		}
	}
	if r.Event.Type != receipt.Withdrawn && r.Assisted() != (e.Mode == ModeDesk) {
		return fmt.Errorf("%w: mode", ErrDisagree)
	}
	return agreeOnExtent(r, e)
}

// agreeOnExtent compares what was agreed and until when, and the two times of
// the act: that of the page and that of the sequencer.
func agreeOnExtent(r receipt.Receipt, e Event) error {
	if e.Kind == ConsentGranted.String() || e.Kind == ConsentRenewed.String() {
		if !slices.Equal(grantedIDs(r), slices.Sorted(slices.Values(e.Data))) {
			return fmt.Errorf("%w: data", ErrDisagree)
		}
		if r.IdentityOnly() != (e.Mode == ModeIdentity) {
			return fmt.Errorf("%w: mode", ErrDisagree)
		}
		if string(r.Event.ValidUntil) != e.ValidUntil {
			return fmt.Errorf("%w: valid_until", ErrDisagree)
		}
	}
	at, err := time.Parse(TimeLayout, e.Time)
	if err != nil || at.Sub(r.Event.Time.Time()).Abs() > clockTolerance {
		return fmt.Errorf("%w: time", ErrDisagree)
	}
	return nil
}

func purposeOf(r receipt.Receipt) string {
	if len(r.Purposes) == 0 {
		return ""
	}
	return r.Purposes[0].ID
}

func grantedIDs(r receipt.Receipt) []string {
	var ids []string
	for _, p := range r.Purposes {
		for _, d := range p.Data {
			if d.Granted && !r.IdentityOnly() { // no datum: the event lists none
				ids = append(ids, d.ID)
			}
		}
	}
	slices.Sort(ids)
	return ids
}

func recipientOf(r receipt.Receipt) string {
	for _, p := range r.Parties {
		if p.Type == "recipient" {
			return p.ID
		}
	}
	return ""
}

func subjectOf(r receipt.Receipt) string {
	if r.Subject == nil {
		return ""
	}
	return r.Subject.ID
}
