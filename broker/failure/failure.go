// Package failure names the kinds of failure a handler may meet. A handler
// returns an *Error; broker/errors.go holds the one table that turns a kind
// into a page, an OAuth error, an API code and a log level. Refusal, expiry
// of data and an unknown person are results, not failures.
package failure

import (
	"fmt"
	"time"
)

// A Kind says what went wrong, for code. People read the page's sentence, the
// log keeps the cause.
type Kind string

// The kinds of the citizen's pages (A01 to A22 of the error table).
const (
	LinkExpired       Kind = "link_expired"       // A01
	UnknownRequest    Kind = "unknown_request"    // A02
	AlreadyAnswered   Kind = "already_answered"   // A03
	Suspended         Kind = "suspended"          // A04
	RedirectURI       Kind = "redirect_uri"       // A05
	OverAsking        Kind = "over_asking"        // A06
	FranceConnectDown Kind = "franceconnect_down" // A08
	SessionLost       Kind = "session_lost"       // A09
	LevelTooLow       Kind = "level_too_low"      // A10
	Stopped           Kind = "stopped"            // A07
	TimedOut          Kind = "timed_out"          // A15
	CrossSite         Kind = "cross_site"         // A16
	InvalidForm       Kind = "invalid_form"       // A17
	TooYoung          Kind = "too_young"          // A18
	TooMany           Kind = "too_many"           // A19
	Busy              Kind = "busy"               // A20: queue full, store unavailable
	Ours              Kind = "ours"               // A21
	NotFound          Kind = "not_found"          // A22
	BadRequest        Kind = "bad_request"        // a service provider's request we cannot answer by redirect
	FranceConnectSaid Kind = "franceconnect_said" // FranceConnect refused or answered what cannot be trusted
)

// An Error is a failure on its way to the edge. Back is the address of the
// service provider when it is known and registered; Cause goes to the log
// only and holds no value, name or secret.
type Error struct {
	Kind  Kind
	Back  string    // URL, "" when unknown
	Name  string    // of the service provider, for the words of the way back
	Retry string    // path that starts the step again, "" when there is none
	At    time.Time // from when it is worth trying again; zero: not known
	Cause error
}

// New makes a failure of a kind with its cause.
func New(k Kind, cause error) *Error { return &Error{Kind: k, Cause: cause} }

// Newf is New with a formatted cause.
func Newf(k Kind, format string, args ...any) *Error {
	return &Error{Kind: k, Cause: fmt.Errorf(format, args...)}
}

// WithBack adds the registered way back to the service provider.
func (e *Error) WithBack(url, name string) *Error {
	e.Back, e.Name = url, name
	return e
}

// WithRetry adds the path that starts the step again.
func (e *Error) WithRetry(path string) *Error {
	e.Retry = path
	return e
}

// WithAt adds from when it is worth trying again.
func (e *Error) WithAt(at time.Time) *Error {
	e.At = at
	return e
}

func (e *Error) Error() string {
	if e.Cause == nil {
		return string(e.Kind)
	}
	return string(e.Kind) + ": " + e.Cause.Error()
}

func (e *Error) Unwrap() error { return e.Cause }
