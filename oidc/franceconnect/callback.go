package franceconnect

import (
	"crypto/subtle"
	"net/url"
)

// maxCode bounds an authorization code, in bytes.
const maxCode = 2048

// Callback judges the query FranceConnect sent the browser back with, against
// the state of this browser's interaction, and gives the authorization code.
// State comes first: an answer that is not ours must not say anything. Then
// the issuer (RFC 9207), then exactly one of code and error. That state is
// used once is the caller's to hold.
func (rp *RelyingParty) Callback(q url.Values, state string) (code string, err error) {
	if !single(q, "state", "iss", "code", "error") {
		return "", invalid("callback repeats a parameter")
	}
	if state == "" || !same(q.Get("state"), state) {
		return "", &Error{Kind: StateMismatch, Reason: otherState(q)}
	}
	if wrong := rp.misdirected(q); wrong != "" {
		return "", invalid(wrong)
	}
	if q.Has("error") {
		return "", oauthError(q.Get("error"))
	}
	if code = q.Get("code"); code == "" || len(code) > maxCode {
		return "", invalid("callback with a malformed code")
	}
	return code, nil
}

// otherState says in which way a callback is not this interaction's.
func otherState(q url.Values) string {
	switch {
	case !q.Has("state"):
		return "callback without state"
	case q.Get("state") == "undefined": // FranceConnect's, when it has lost the state
		return "callback with state undefined"
	}
	return "callback with another state"
}

// misdirected says what is wrong in the envelope of a callback, "" if nothing.
func (rp *RelyingParty) misdirected(q url.Values) string {
	switch {
	case !q.Has("iss") && !rp.plain():
		return "callback without issuer"
	case q.Has("iss") && q.Get("iss") != rp.config.Issuer:
		return "callback from another issuer"
	case q.Has("code") && q.Has("error"):
		return "callback with both code and error"
	case !q.Has("code") && !q.Has("error"):
		return "callback with neither code nor error"
	}
	return ""
}

func single(q url.Values, names ...string) bool {
	for _, n := range names {
		if len(q[n]) > 1 {
			return false
		}
	}
	return true
}

// same compares secrets in a time that does not tell where they differ.
func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
