package franceconnect

import "errors"

// A Kind says what an error means for the citizen's journey.
type Kind string

// The kinds.
const (
	Cancelled     Kind = "cancelled"       // the citizen came back without logging in
	Unavailable   Kind = "unavailable"     // FranceConnect is away, slow or says so: try later
	StateMismatch Kind = "state mismatch"  // the callback does not belong to this interaction
	LevelTooLow   Kind = "level too low"   // the login is weaker than what was asked
	Refused       Kind = "refused"         // FranceConnect says no: to this person, or to our registration
	Invalid       Kind = "protocol breach" // an answer that must not be trusted
)

// An Error is why a login did not happen. Reason is made of fixed words,
// protocol names and HTTP codes only: no value, identity, token or text sent by
// the other side ever stands in it. The cause, if any, is of the network.
type Error struct {
	Kind   Kind
	Reason string
	cause  error
}

// Error gives kind and reason, never the cause.
func (e *Error) Error() string { return "franceconnect: " + string(e.Kind) + ": " + e.Reason }

// Unwrap gives the network's error, so that errors.Is finds context.Canceled.
func (e *Error) Unwrap() error { return e.cause }

// KindOf gives the kind of an error of this package, Invalid for any other.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Invalid
}

func invalid(reason string) *Error { return &Error{Kind: Invalid, Reason: reason} }

// oauthErrors are the error codes that may be repeated in a reason, with the
// kind each means. RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, OpenID Connect
// Core §3.1.2.6; invalid_acr and invalid_idp_hint are FranceConnect's own.
var oauthErrors = map[string]Kind{
	"access_denied":             Cancelled,
	"temporarily_unavailable":   Unavailable,
	"invalid_acr":               LevelTooLow,
	"server_error":              Refused,
	"invalid_request":           Refused,
	"invalid_client":            Refused,
	"invalid_grant":             Refused,
	"invalid_token":             Refused,
	"invalid_scope":             Refused,
	"invalid_idp_hint":          Refused,
	"unauthorized_client":       Refused,
	"unsupported_response_type": Refused,
	"unsupported_grant_type":    Refused,
	"insufficient_scope":        Refused,
	"login_required":            Refused,
	"consent_required":          Refused,
	"interaction_required":      Refused,
}

// oauthError maps an error code of FranceConnect's. An unknown code is not
// repeated: it could hold anything.
func oauthError(code string) *Error {
	kind, known := oauthErrors[code]
	if !known {
		return &Error{Kind: Refused, Reason: "unknown error code"}
	}
	return &Error{Kind: kind, Reason: code}
}
