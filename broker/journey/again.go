package journey

import (
	"accord/broker/keyring"
	"accord/consent"
	"accord/oidc/franceconnect"
	"accord/providers"
)

// What broker/resource shares, so that data fetched later become what data
// fetched before a decision do, and belong to the same citizen.

// SnapshotOf masks answers, by resource, to the data agreed.
func SnapshotOf(agreed []consent.Datum, answers map[string]providers.Answer) (Snapshot, error) {
	return snapshot(agreed, answers)
}

// Sendable tells whether an outcome may be delivered: a document, or an
// absence that is itself a value.
func Sendable(o providers.Outcome) bool { return sendable(o) }

// CanSend tells whether a datum may be delivered of an answer: its outcome may,
// and where a grid answers for it, the grid has an answer.
func CanSend(d consent.Datum, a providers.Answer) bool { return canSend(d, a) }

// IdentityOf is FranceConnect's identity as sources are asked about it.
func IdentityOf(id franceconnect.Identity) providers.Identity { return identityOf(id) }

// PivotOf is what a citizen's pseudonym is made of; issuer and subject count
// only where FranceConnect gave no whole identité pivot.
func PivotOf(id franceconnect.Identity, issuer, subject string) keyring.Pivot {
	return pivot(&franceconnect.Login{Identity: id, Issuer: issuer, Subject: subject})
}
