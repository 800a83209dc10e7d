package habilitations

import (
	"testing"
	"time"

	"accord/broker/store"
	"accord/consent"
	"accord/consent/audit"
)

func TestAnApprovalStandsAsItsDatesItsFileAndTheLogSay(t *testing.T) {
	day := func(s string) time.Time {
		at, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	since := day("2026-03-01")
	stopped := &store.Suspension{Position: "accord.example/log/1#9", Time: since, Reason: "misuse"}
	for _, c := range []struct {
		at        string
		inForce   bool
		file      bool // the file says suspended
		suspended *store.Suspension
		want      State
		reason    string
	}{
		{"2025-12-31", true, false, nil, NotYet, ""},
		{"2026-01-01", true, false, nil, InForce, ""},
		{"2026-12-31", true, false, nil, InForce, ""},
		{"2027-01-01", true, false, nil, Ended, ""},
		{"2026-06-01", false, false, stopped, Suspended, "misuse"},
		{"2025-06-01", false, false, stopped, Suspended, "misuse"},
		{"2027-06-01", false, false, stopped, Ended, "misuse"},
		{"2026-06-01", false, true, nil, Suspended, audit.SuspendedByRegistrar},
		{"2026-06-01", true, true, nil, Suspended, audit.SuspendedByRegistrar},
		{"2026-06-01", false, false, nil, Suspended, ""}, // not announced: nothing passes
	} {
		s := Standing{
			Approval:  &consent.Approval{Suspended: c.file, Dates: consent.Dates{From: "2026-01-01", Until: "2026-12-31"}},
			Published: store.PublishedApproval{State: store.ApprovalState{InForce: c.inForce}, Suspended: c.suspended},
		}
		if got := s.State(day(c.at)); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
		reason, at := s.Suspension()
		if reason != c.reason || (c.suspended != nil) != at.Equal(since) {
			t.Errorf("%+v: %q since %s", c, reason, at)
		}
	}
}
