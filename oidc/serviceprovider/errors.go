package serviceprovider

import (
	"errors"
	"fmt"
)

// What may be wrong with what came, in words a caller can tell apart.
var (
	// ErrUnlogged: an answer names no release or no position in the log. It
	// was made outside the log: nothing of it is given, and an auditor would
	// like to know.
	ErrUnlogged = errors.New("an answer outside Accord's log")
	// ErrUnlisted: the release id could not be written down, so the data were
	// not given to the caller.
	ErrUnlisted = errors.New("the release could not be listed")
	// ErrState: the browser came back with another state or issuer than it
	// left with (RFC 6749 §10.12, RFC 9207).
	ErrState = errors.New("an answer to another request")
	// ErrIDToken: the ID token is not one of Accord's for this request.
	ErrIDToken = errors.New("ID token refused")
	// ErrDelivery: a signed delivery is not what it should be.
	ErrDelivery = errors.New("signed delivery refused")
	// ErrParties: a delivery that Accord signed, but from or for others. It
	// wraps with ErrDelivery.
	ErrParties = errors.New("the delivery is between others")
	// ErrConsentRequired: the person has not agreed to access after today, or
	// no longer; Refused.Agree is where they can. Refused wraps it.
	ErrConsentRequired = errors.New("consent required")
	// ErrPresenceRequired: this token does not open these data; the person must
	// come through Accord, or log in with their scopes. Refused wraps it.
	ErrPresenceRequired = errors.New("citizen presence required")
	// ErrRefreshRequired: a token of Refresh reads each resource once. Refused
	// wraps it.
	ErrRefreshRequired = errors.New("refresh required")
	// ErrEnded: the person's agreement has ended, was used up, or its refresh token
	// was revoked or replaced. Refused wraps it.
	ErrEnded = errors.New("the agreement has ended")
)

// Denied is an authorization that ended without a code: access_denied or
// temporarily_unavailable say nothing about the person.
type Denied struct {
	Code        string // RFC 6749 §4.1.2.1
	Description string
}

func (e *Denied) Error() string { return "authorization refused: " + e.Code }

// Refused is Accord's refusal of a request; nothing was delivered.
type Refused struct {
	Status int    // HTTP
	Code   string // OAuth's error, or the five digits of /v3
	Detail string
	Agree  string // where the person can agree: see LoginAgain; "" but for ErrConsentRequired

	kind error
}

// Unwrap is ErrConsentRequired, ErrPresenceRequired, ErrRefreshRequired or ErrEnded where
// it is one of them.
func (e *Refused) Unwrap() error { return e.kind }

func (e *Refused) Error() string {
	return fmt.Sprintf("refused by Accord: status %d, %s: %s", e.Status, e.Code, e.Detail)
}
