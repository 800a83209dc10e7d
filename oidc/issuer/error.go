package issuer

import "strings"

// An Error is a protocol answer: what the service provider, or the citizen on
// a local page, is told. Its cause is for the log only and never sent.
type Error struct {
	Code        string // one of ErrorCodes; empty: no token was sent
	Description string // for developers, in English; no value of the request
	Status      int    // of JSON answers and pages; 0 takes the code's own
	// Page names a local page: unknown_client, redirect_uri, invalid_request,
	// unknown_request, request_expired, over_asking … Empty: the error may be
	// sent to the client's redirect URI.
	Page string
	// Back takes the citizen from that page to the client with the error; empty
	// while no redirect URI is known good. Who is the name of the service
	// provider, where the hooks know it.
	Back, Who string
	dpop      bool // of an access token that the scheme DPoP must present
	cause     error
}

// NewError makes an Error for the client.
func NewError(code, description string) *Error {
	return &Error{Code: code, Description: description}
}

// WithCause returns a copy that carries cause for the log.
func (e *Error) WithCause(cause error) *Error {
	with := *e
	with.cause = cause
	return &with
}

// Error names the code and the cause, for the log.
func (e *Error) Error() string {
	s := e.Code
	if e.Description != "" {
		s += ": " + e.Description
	}
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// HTTPStatus is Status, or the one that belongs to Code in the table.
func (e *Error) HTTPStatus() int {
	if e.Status != 0 {
		return e.Status
	}
	return errorCode(e.Code).Status
}

func pageError(page, code, description string) *Error {
	return &Error{Code: code, Description: description, Page: page}
}

func invalidRequest(description string) *Error {
	return NewError("invalid_request", description)
}

func serverError(doing string, cause error) *Error {
	return NewError("server_error", doing).WithCause(cause)
}

func unavailable(cause error) *Error {
	return NewError("temporarily_unavailable", "try again in a moment").WithCause(cause)
}

// describe keeps to the characters of error_description (RFC 6749 §5.2), so
// that no description can break out of the quotes of a header. Names a
// description quotes stay quoted.
func describe(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '"':
			return '\''
		case r < 0x20 || r > 0x7e || r == '\\':
			return '?'
		}
		return r
	}, s)
}
