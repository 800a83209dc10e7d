package cnav

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

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
	errOperator = fmt.Errorf("regime unknown: %w", &upstream.Unlisted{Status: http.StatusOK})
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

// operator names the regime behind X-APISECU-FD.
func operator(header http.Header) (string, bool) {
	switch header.Get("X-APISECU-FD") {
	case "00810011":
		return "CNAF", true
	case "00171001":
		return "MSA", true
	case "99430000":
		return "RNCPS", true
	}
	return "", false
}

// judge turns a reply about i into an answer.
func judge(i providers.Identity, asked period) func(upstream.Reply) providers.Answer {
	return func(r upstream.Reply) providers.Answer {
		name, known := operator(r.Header)
		answer := refusal(r, known)
		switch {
		case r.Status == http.StatusOK && !known:
			answer = upstream.Unavailable(errOperator)
		case r.Status == http.StatusOK:
			answer = read(r.Body, i, asked, name)
		}
		answer.Provenance.Operator = name
		return answer
	}
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
