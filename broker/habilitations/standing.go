package habilitations

import (
	"time"

	"accord/broker/store"
	"accord/consent"
	"accord/consent/audit"
)

// A State is where an approval stands.
type State string

// The states. Nothing is asked or delivered but under InForce.
const (
	InForce   State = "in_force"
	NotYet    State = "not_yet"
	Suspended State = "suspended"
	Ended     State = "ended"
)

// States are all of them.
func States() []State { return []State{InForce, NotYet, Suspended, Ended} }

// A Standing is an approval and what the log last said of it.
type Standing struct {
	Approval  *consent.Approval
	Published store.PublishedApproval
}

// State is where it stands at a time. An end is an end, suspended or not.
func (s Standing) State(at time.Time) State {
	from, until := s.Approval.Term()
	switch {
	case !at.Before(until):
		return Ended
	case s.Approval.Suspended || !s.Published.State.InForce:
		return Suspended
	case at.Before(from):
		return NotYet
	}
	return InForce
}

// Suspension is why nothing passes under it, and since when an operator said
// so; both empty while it is not suspended.
func (s Standing) Suspension() (reason string, since time.Time) {
	if made := s.Published.Suspended; made != nil {
		return made.Reason, made.Time
	}
	if s.Approval.Suspended {
		return audit.SuspendedByRegistrar, time.Time{}
	}
	return "", time.Time{}
}

// days are the first and the last day, at noon: the same day in Paris.
func (s Standing) days() (first, last time.Time) {
	from, until := s.Approval.Term()
	return from.Add(12 * time.Hour), until.Add(-12 * time.Hour)
}
