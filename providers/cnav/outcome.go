package cnav

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"accord/providers"
	"accord/providers/upstream"
)

// Causes of the hub's own refusals, for the log.
var (
	errIdentity = errors.New("hub refuses the civil identity")
	errUnknown  = errors.New("identity not found in the civil register")
	errNoRegime = errors.New("person attached to no regime")
	errNoFile   = errors.New("no file at the regime for the period")
	errSeveral  = errors.New("several persons match at the hub")
	errSource   = errors.New("hub or regime in error")
	errLimit    = errors.New("hub's own limit reached")
)

// Causes of our own judgement of a 200, for the log.
var (
	errNoHistory = errors.New("regime keeps no past months")
	errNoChild   = errors.New("no child under seven")
	errNoAge     = errors.New("no child surely under seven, the age of one not known")
	errOperator  = fmt.Errorf("regime unknown: %w", &upstream.Unlisted{Status: http.StatusOK})
	errIndicator = fmt.Errorf("indicator unknown: %w", &upstream.Unlisted{Status: http.StatusOK})
	errRights    = fmt.Errorf("indicator and open rights do not agree: %w", &upstream.Unlisted{Status: http.StatusOK})
)

// Any code, and a regime named or not, in a row of the table.
const anyCode = 0

// A row maps one refusal of the hub (status and errorCode) to an outcome.
type row struct {
	status  int
	code    int  // errorCode; anyCode = every one, a body that is not JSON included only if page is set
	regime  bool // the answer must name its regime (X-APISECU-FD)
	page    bool // also without a JSON body
	outcome providers.Outcome
	cause   error
}

// refusals is the one table from the hub's refusals to outcomes; the first row
// that fits counts. What no row fits is Unavailable with upstream.Unlisted.
func refusals() []row {
	return []row{
		{http.StatusBadRequest, 40002, false, false, providers.Refused, errIdentity},
		{http.StatusBadRequest, 40013, false, false, providers.Refused, errIdentity},
		{http.StatusUnauthorized, anyCode, false, true, providers.Refused, upstream.ErrCredentials},
		{http.StatusForbidden, anyCode, false, true, providers.Refused, upstream.ErrCredentials},
		{http.StatusNotFound, 40409, false, false, providers.Unknown, errUnknown},
		{http.StatusNotFound, 40406, false, false, providers.Unknown, errNoRegime},
		{http.StatusNotFound, 40412, false, false, providers.Unknown, errNoRegime},
		{http.StatusNotFound, 40401, true, false, providers.NoFile, errNoFile},
		{http.StatusConflict, anyCode, false, false, providers.Ambiguous, errSeveral},
		{http.StatusTooManyRequests, anyCode, false, true, providers.Unavailable, errLimit},
		{http.StatusInternalServerError, anyCode, false, true, providers.Unavailable, errSource},
		{http.StatusBadGateway, anyCode, false, true, providers.Unavailable, errSource},
		{http.StatusServiceUnavailable, anyCode, false, true, providers.Unavailable, errSource},
		{http.StatusGatewayTimeout, anyCode, false, true, providers.Unavailable, errSource},
	}
}

// Who answers.
const (
	cnaf  = "CNAF"
	msa   = "MSA"
	rncps = "RNCPS"
	hub   = "CNAV" // where no regime need be named
)

// operator names the regime behind X-APISECU-FD.
func operator(header http.Header) (string, bool) {
	switch header.Get("X-APISECU-FD") {
	case "00810011":
		return cnaf, true
	case "00171001":
		return msa, true
	case "99430000":
		return rncps, true
	}
	return "", false
}

// judge turns a reply to what was asked into an answer.
func (to *account) judge(a asked) func(upstream.Reply) providers.Answer {
	return func(r upstream.Reply) providers.Answer {
		if !ours(r) {
			return upstream.Unavailable(upstream.ErrAnotherPerson)
		}
		name, known := operator(r.Header)
		answer := refusal(r, known)
		if to.nameless && r.Header.Get("X-APISECU-FD") == "" {
			name, known = hub, true
		}
		switch {
		case r.Status == http.StatusOK && !known:
			answer = upstream.Unavailable(errOperator)
		case r.Status == http.StatusOK:
			a.operator = name
			answer = to.read(r.Body, a)
		}
		answer.Provenance.Operator = name
		return answer
	}
}

// ours is false when the hub says, by the correlation id it sends back, that
// the reply is to another request. Without an id it says nothing.
func ours(r upstream.Reply) bool {
	return !slices.ContainsFunc(r.Header.Values(correlation), func(id string) bool {
		return !strings.EqualFold(strings.TrimSpace(id), r.RequestID)
	})
}

func refusal(r upstream.Reply, regime bool) providers.Answer {
	code, isJSON := errorCode(r.Body)
	for _, row := range refusals() {
		if row.fits(r.Status, code) && (isJSON || row.page) && (regime || !row.regime) {
			return providers.Answer{Outcome: row.outcome, Cause: row.cause}
		}
	}
	return upstream.Unavailable(&upstream.Unlisted{Status: r.Status, Code: code})
}

func (w row) fits(status, code int) bool {
	return w.status == status && (w.code == anyCode || w.code == code)
}

// errorCode reads {"errorCode":int,"error":string}; false when the body is not
// such an object.
func errorCode(body []byte) (int, bool) {
	var e struct {
		Code *int `json:"errorCode"`
	}
	if json.Unmarshal(body, &e) != nil || e.Code == nil || *e.Code < 0 || *e.Code > 99999 {
		return 0, false
	}
	return *e.Code, true
}
