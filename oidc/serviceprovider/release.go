package serviceprovider

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"accord/consent/ledger"
)

// released reads which release an answer is. A refusal of Accord's own is
// none; any other answer without one is outside the log.
func released(status int, header http.Header, body []byte) (Answer, error) {
	id, position := header.Values("Accord-Release-Id"), header.Values("Accord-Log")
	if len(id) == 0 && len(position) == 0 {
		return Answer{}, refusal(status, body)
	}
	if len(id) != 1 || len(position) != 1 || !isUUID(id[0]) {
		return Answer{}, ErrUnlogged
	}
	at, err := ledger.ParsePosition(position[0])
	if err != nil {
		return Answer{}, fmt.Errorf("%w: %w", ErrUnlogged, err)
	}
	key, err := base64.RawURLEncoding.Strict().DecodeString(header.Get("Accord-Release-Key"))
	if err != nil || len(key) != sha256.Size {
		return Answer{}, fmt.Errorf("%w: no key to the event's digest", ErrUnlogged)
	}
	return Answer{Release: id[0], Log: at, Key: key}, nil
}

// refusal tells Accord's own errors (codes 00…) from data that came without
// their release: also "no file" is something said about a person.
func refusal(status int, body []byte) error {
	var e struct {
		Errors []struct {
			Code, Title, Detail string
			Meta                struct {
				Reason string
				Agree  string `json:"authorization_request"`
			}
		}
	}
	if status < http.StatusBadRequest || json.Unmarshal(body, &e) != nil || len(e.Errors) != 1 || !strings.HasPrefix(e.Errors[0].Code, "00") && !sourceFailed(status) {
		return fmt.Errorf("%w: status %d without Accord-Release-Id", ErrUnlogged, status)
	}
	first := e.Errors[0]
	r := &Refused{Status: status, Code: first.Code, Detail: first.Detail, Agree: first.Meta.Agree}
	switch first.Meta.Reason {
	case "consent_required":
		r.kind = ErrConsentRequired
	case "citizen_presence_required":
		r.kind = ErrPresenceRequired
	case "refresh_required":
		r.kind = ErrRefreshRequired
	}
	return r
}

// sourceFailed: a source told nothing, so nothing was delivered (a value it says
// it does not have is one, and has a release).
func sourceFailed(status int) bool {
	return status == http.StatusBadGateway || status == http.StatusConflict
}

// isUUID reports whether s is a UUID in its one lower-case spelling
// (RFC 9562 §4): a line of the list.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for n, r := range s {
		dash := n == 8 || n == 13 || n == 18 || n == 23
		if dash != (r == '-') || !dash && !strings.ContainsRune("0123456789abcdef", r) {
			return false
		}
	}
	return true
}
