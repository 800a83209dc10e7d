// Package clocks holds every duration a citizen, a service provider or a DPO
// meets: how long a step may take and how long a thing is kept. They stand in
// one file so that one reading tells them all; cmd/accord/PRIVACY.md is
// generated from Retentions.
package clocks

import "time"

// The clocks of the journey (design §4).
const (
	PushedRequest     = 60 * time.Second // to its first visit
	ToFranceConnect   = 30 * time.Minute // authorize to the FranceConnect click
	AtFranceConnect   = 30 * time.Minute // FranceConnect's own leg
	ToDecision        = 20 * time.Minute // from callback to decision
	Extension         = 20 * time.Minute // once
	ValuesShown       = 10 * time.Minute // after the fetch; then one button reloads them
	InteractionAtMost = 60 * time.Minute // no interaction outlives this
	HeldGET           = 3 * time.Second  // the consent page waits for its sources that long
	PendingSource     = 12 * time.Second // then pending becomes unavailable
	Code              = 60 * time.Second
	AccessToken       = 10 * time.Minute
	IDToken           = 5 * time.Minute
	RefreshHanded     = 60 * time.Second // a replaced refresh token gets its successor again
	OneOffGrant       = 11 * time.Minute // valid_until of a one-off grant, after the decision
	Snapshot          = 21 * time.Minute // at most, in all
	AnswerKept        = 10 * time.Minute // the same POST gets the same 303
	WebSession        = 30 * time.Minute
	Invitation        = 10 * time.Minute  // a QR code at a desk, to its opening
	AgentSession      = 240 * time.Minute // of an agent at a desk
	ReceiptByCookie   = 20 * time.Minute  // the interaction cookie opens its receipt
)
