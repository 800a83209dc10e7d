package francetravail

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"accord/providers"
	"accord/providers/upstream"
)

// Causes of France Travail's own refusals, for the log.
var (
	errUnknown    = errors.New("identifier unknown to France Travail")
	errNoStatus   = errors.New("person known, without a registration")
	errNoPayments = errors.New("person known, without payments")
	errTimeout    = errors.New("France Travail timed out inside")
	errSource     = errors.New("France Travail in error")
	errLimit      = errors.New("France Travail's own limit reached")
)

// A row maps one refusal of France Travail to an outcome.
type row struct {
	resource string // "" = both
	status   int
	coded    bool   // the body must be France Travail's error object
	log      string // words its messageLog must hold
	outcome  providers.Outcome
	cause    error
}

// refusals is the one table from France Travail's refusals to outcomes; the
// first row that fits counts. What no row fits is Unavailable with
// upstream.Unlisted. A statut of status 206 is judged by whom it names, in
// judgeStatus.
func refusals() []row {
	return []row{
		{"", http.StatusUnauthorized, false, "", providers.Refused, upstream.ErrCredentials},
		{"", http.StatusForbidden, false, "", providers.Refused, upstream.ErrCredentials},
		{ResourceStatus, http.StatusNotFound, true, "", providers.Unknown, errUnknown},
		// The statut knew the identifier a moment ago.
		{ResourcePayments, http.StatusNotFound, true, "", providers.NoFile, errNoPayments},
		{ResourcePayments, http.StatusNoContent, false, "", providers.NoFile, errNoPayments},
		{"", http.StatusTooManyRequests, false, "", providers.Unavailable, errLimit},
		{"", http.StatusInternalServerError, true, "java.util.concurrent.TimeoutException", providers.Unavailable, errTimeout},
		{"", http.StatusInternalServerError, false, "", providers.Unavailable, errSource},
		{"", http.StatusBadGateway, false, "", providers.Unavailable, errSource},
		{"", http.StatusServiceUnavailable, false, "", providers.Unavailable, errSource},
		{"", http.StatusGatewayTimeout, false, "", providers.Unavailable, errSource},
	}
}

// judgeStatus turns a reply about the identifier into an answer about i.
func judgeStatus(i providers.Identity, identifier string) func(upstream.Reply) providers.Answer {
	return func(r upstream.Reply) providers.Answer {
		switch r.Status {
		case http.StatusOK:
			return readStatus(r.Body, i, identifier)
		case http.StatusPartialContent:
			return readWithoutStatus(r, i)
		}
		return refusal(ResourceStatus, r)
	}
}

func judgePayments(identifier string) func(upstream.Reply) providers.Answer {
	return func(r upstream.Reply) providers.Answer {
		if r.Status == http.StatusOK {
			return readPayments(r.Body, identifier)
		}
		return refusal(ResourcePayments, r)
	}
}

func refusal(resource string, r upstream.Reply) providers.Answer {
	log, coded := messageLog(r.Body)
	for _, row := range refusals() {
		if row.fits(resource, r.Status, coded) && strings.Contains(log, row.log) {
			return providers.Answer{Outcome: row.outcome, Cause: row.cause}
		}
	}
	return upstream.Unavailable(&upstream.Unlisted{Status: r.Status})
}

func (w row) fits(resource string, status int, coded bool) bool {
	return (w.resource == "" || w.resource == resource) && w.status == status && (coded || !w.coded)
}

// messageLog reads {"codeErreur":string,"messageLog":string}; false when the
// body is not such an object.
func messageLog(body []byte) (string, bool) {
	var e struct {
		Code *string `json:"codeErreur"`
		Log  string  `json:"messageLog"`
	}
	if json.Unmarshal(body, &e) != nil || e.Code == nil {
		return "", false
	}
	return e.Log, true
}
