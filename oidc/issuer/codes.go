package issuer

import (
	"net/http"
	"slices"
)

// AtRedirect is where an authorization response comes back to, beside the
// endpoints an error is answered at.
const AtRedirect = "redirect_uri"

// pathReceipts is where clients fetch receipts; served by broker/journey,
// behind ClientPosting.
const pathReceipts = "/recu"

// An ErrorCode is one value of error, with where a client may meet it.
type ErrorCode struct {
	Code   string
	Status int      // its own, of a JSON answer or a page
	Others []int    // statuses of particular cases
	At     []string // endpoints that answer it as JSON, and AtRedirect; none: a page of the citizen's, and the log
}

// ErrorCodes is THE table of errors: no other code leaves the issuer. RFC 6749
// §4.1.2.1 and §5.2, RFC 6750 §3.1, RFC 8707 §2, RFC 9101 §6.3, RFC 9396 §5,
// RFC 9449 §5 and §8, OpenID Connect Core §3.1.2.6, OpenID Connect Core Unmet
// Authentication Requirements 1.0.
func ErrorCodes() []ErrorCode {
	clients := []string{pathPush, pathToken, pathIntrospect, pathRevoke, pathReceipts}
	tokens := []string{pathUserinfo, pathOfGrants}
	request := []string{pathPush, AtRedirect}
	proven := slices.Concat([]string{pathPush, pathToken}, tokens)
	anywhere := slices.Concat(clients, tokens, []string{AtRedirect})
	return []ErrorCode{
		{"access_denied", http.StatusForbidden, nil, []string{AtRedirect}},
		{"consent_required", http.StatusBadRequest, nil, []string{AtRedirect}},
		{"insufficient_scope", http.StatusForbidden, nil, tokens},
		{"invalid_authorization_details", http.StatusBadRequest, nil, []string{pathPush, pathToken, AtRedirect}},
		{"invalid_client", http.StatusUnauthorized, nil, clients},
		{"invalid_dpop_proof", http.StatusBadRequest, []int{http.StatusUnauthorized}, proven},
		{"invalid_grant", http.StatusBadRequest, nil, []string{pathToken}},
		{"invalid_request", http.StatusBadRequest, invalidRequestStatuses(), anywhere},
		{"invalid_request_uri", http.StatusBadRequest, nil, nil},
		{"invalid_scope", http.StatusBadRequest, nil, []string{pathPush, pathToken, AtRedirect}},
		{"invalid_target", http.StatusBadRequest, nil, []string{pathPush, pathToken, AtRedirect}},
		{"invalid_token", http.StatusUnauthorized, nil, tokens},
		{"login_required", http.StatusBadRequest, nil, request},
		{"registration_not_supported", http.StatusBadRequest, nil, request},
		{"request_not_supported", http.StatusBadRequest, nil, []string{AtRedirect}},
		{"request_uri_not_supported", http.StatusBadRequest, nil, nil},
		{"server_error", http.StatusInternalServerError, nil, anywhere},
		{"temporarily_unavailable", http.StatusServiceUnavailable, []int{http.StatusTooManyRequests}, anywhere},
		{"unauthorized_client", http.StatusBadRequest, nil, []string{pathPush, pathToken, AtRedirect}},
		{"unmet_authentication_requirements", http.StatusBadRequest, nil, request},
		{"unsupported_grant_type", http.StatusBadRequest, nil, []string{pathToken}},
		{"unsupported_response_type", http.StatusBadRequest, nil, request},
		{"use_dpop_nonce", http.StatusBadRequest, []int{http.StatusUnauthorized}, proven},
	}
}

// invalidRequestStatuses are those of a request whose form alone is wrong, and
// of a grant that is not there.
func invalidRequestStatuses() []int {
	return []int{http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType}
}

// Statuses are those an answer with the code may have, 303 for the way back.
func (c ErrorCode) Statuses() (all []int) {
	if slices.Contains(c.At, AtRedirect) {
		all = append(all, http.StatusSeeOther)
	}
	if slices.ContainsFunc(c.At, func(at string) bool { return at != AtRedirect }) {
		all = append(append(all, c.Status), c.Others...)
	}
	slices.Sort(all)
	return all
}

// errorCode finds a code in the table. One that is not there must not leave: it
// is a fault of ours.
func errorCode(code string) ErrorCode {
	all := ErrorCodes()
	if n := slices.IndexFunc(all, func(c ErrorCode) bool { return c.Code == code }); n >= 0 {
		return all[n]
	}
	return ErrorCode{Code: "server_error", Status: http.StatusInternalServerError}
}
