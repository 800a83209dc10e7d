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
	OneOffGrant       = 11 * time.Minute // valid_until of a one-off grant, after the decision
	Snapshot          = 21 * time.Minute // at most, in all
	AnswerKept        = 10 * time.Minute // the same POST gets the same 303
	WebSession        = 30 * time.Minute
	ReceiptByCookie   = 20 * time.Minute // the interaction cookie opens its receipt
)

// ProofKept is how long the proof of an agreement is kept after its end, as
// the consent page says it (ISO 8601; the first line of Retentions).
func ProofKept() string { return "P5Y" }

// A Retention is one line of what is kept, where and how long.
type Retention struct {
	What, Where, Long string
}

// Retentions lists what Accord keeps (proposal, to be validated by a DPO).
func Retentions() []Retention {
	return []Retention{
		{"receipt, events and salts of an agreement", "sealed rows of the store", "5 years after its end"},
		{"receipt, events and salts of a refusal or an abandoned look-up", "sealed rows of the store", "6 months"},
		{"leaf (34 bytes, no personal data)", "the log", "for ever"},
		{"grant (pseudonym, recipient, names of the agreed data)", "the store", "as its receipt"},
		{"interaction, with identity and FranceConnect's tokens", "memory, sealed under the citizen's cookie", InteractionAtMost.String() + " at most"},
		{"values shown before the decision", "memory, sealed under the citizen's cookie", ValuesShown.String() + " after the fetch"},
		{"values agreed to", "the store, sealed under the code, then the access token", Snapshot.String() + " at most"},
		{"answer to the decision (return address, state, outcome)", "the store, sealed under the citizen's cookie", AnswerKept.String()},
		{"web session of « Mes accords »", "memory, sealed under its cookie", WebSession.String()},
		{"pushed requests, states, assertion ids", "memory, as SHA-256", "seconds to minutes"},
	}
}
