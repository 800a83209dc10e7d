package apiparticulier

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"accord/providers"
	"accord/providers/upstream"
)

// ErrAnothersIdentifier is the cause when the identifier the citizen typed is
// another person's. It is no alarm: people mistype.
var ErrAnothersIdentifier = errors.New("identifier of another person")

// Causes of API Particulier's refusals, for the log.
var (
	errRequest     = errors.New("API Particulier refuses the form of the request")
	errParameters  = errors.New("API Particulier refuses a parameter")
	errCivil       = errors.New("source refuses the civil identity")
	errRegister    = errors.New("identity not found in the civil register")
	errUnknown     = errors.New("person not known to the source")
	errNoFile      = errors.New("no file at the regime for the period")
	errNoQuotient  = errors.New("file without a quotient for the period")
	errNotEligible = errors.New("no file that gives this right")
	errNoSchooling = errors.New("pupil not at school in the year asked")
	errSeveral     = errors.New("several persons match at the source")
	errInFlight    = errors.New("the same call is still in flight at API Particulier")
	errLegal       = errors.New("source withheld for legal reasons")
	errEntitled    = errors.New("entitlement lacks every scope of the resource")
	errFranceToken = errors.New("FranceConnect token refused")
	errLimit       = errors.New("API Particulier's own limit reached")
	errSource      = errors.New("API Particulier or the source in error")
)

const (
	anyCode = -1     // a JSON error of whatever code
	noJSON  = -2     // whatever body, JSON or not
	own     = 99_000 // own+YYY: XXYYY of the administration asked
)

// A row maps one refusal (status and error code) to an outcome.
type row struct {
	status  int
	code    int // XXYYY, own+YYY, anyCode or noJSON
	outcome providers.Outcome
	cause   error
}

// refusals is the one table from API Particulier's refusals to outcomes
// (reference/api-particulier.md §4); the first row that fits counts. What no
// row fits is Unavailable with upstream.Unlisted.
func refusals() []row {
	return slices.Concat([]row{
		{http.StatusBadRequest, 401, providers.Refused, errRequest},
		{http.StatusUnauthorized, 50001, providers.Refused, errFranceToken},
		{http.StatusUnauthorized, 50002, providers.Refused, errFranceToken},
		{http.StatusUnauthorized, noJSON, providers.Refused, upstream.ErrCredentials},
		{http.StatusForbidden, 100, providers.Refused, errEntitled},
		{http.StatusForbidden, 50003, providers.Refused, errFranceToken},
		{http.StatusForbidden, noJSON, providers.Refused, upstream.ErrCredentials},
	}, absences(), []row{
		{http.StatusTooManyRequests, noJSON, providers.Unavailable, errLimit},
		{http.StatusUnavailableForLegalReasons, noJSON, providers.Unavailable, errLegal},
		{http.StatusInternalServerError, noJSON, providers.Unavailable, errSource},
		{http.StatusNotImplemented, noJSON, providers.Unavailable, errSource},
		{http.StatusBadGateway, noJSON, providers.Unavailable, errSource},
		{http.StatusServiceUnavailable, noJSON, providers.Unavailable, errSource},
		{http.StatusGatewayTimeout, noJSON, providers.Unavailable, errSource},
	})
}

// absences are the rows that say something of the person.
func absences() []row {
	return []row{
		{http.StatusNotFound, codeCNAF*1000 + 3, providers.NoFile, errNoFile},
		{http.StatusNotFound, codeMSA*1000 + 3, providers.NoFile, errNoFile},
		{http.StatusNotFound, codeRNCPS*1000 + 3, providers.NoFile, errNoFile},
		{http.StatusNotFound, codeCNAV*1000 + 3, providers.NoFile, errNotEligible},
		{http.StatusNotFound, 30004, providers.NoFile, errNoSchooling},
		{http.StatusNotFound, own + 3, providers.Unknown, errUnknown},
		{http.StatusConflict, 15, providers.Unavailable, errInFlight},
		{http.StatusConflict, own + 15, providers.Ambiguous, errSeveral},
		{http.StatusUnprocessableEntity, 355, providers.Unknown, errRegister},
		{http.StatusUnprocessableEntity, 391, providers.Ambiguous, errSeveral},
		{http.StatusUnprocessableEntity, 366, providers.Refused, errCivil},
		{http.StatusUnprocessableEntity, 39400, providers.Refused, errAge},
		{http.StatusUnprocessableEntity, anyCode, providers.Refused, errParameters},
	}
}

func (r *resource) refusal(reply upstream.Reply) providers.Answer {
	code := errorCode(reply.Body)
	for _, row := range refusals() {
		if row.status == reply.Status && r.fits(row.code, code) {
			return providers.Answer{Outcome: row.outcome, Cause: row.told(code), Provenance: providers.Provenance{Operator: r.operator}}
		}
	}
	return upstream.Unavailable(&upstream.Unlisted{Status: reply.Status, Code: max(code, 0)})
}

// told is the row's cause, with the code where the row has many.
func (w row) told(code int) error {
	if w.code == anyCode && code != several {
		return fmt.Errorf("%w: code %05d", w.cause, code)
	}
	return w.cause
}

// fits says whether a row's code covers that of an answer. A code of an
// administration that was not asked is none: it says nothing of the person.
func (r *resource) fits(row, code int) bool {
	mine := slices.Contains(r.codes, code/1000)
	switch {
	case row == noJSON:
		return true
	case row == anyCode:
		return code >= 0
	case row >= own:
		return code >= 1000 && mine && code%1000 == row-own
	}
	return code == row && (code < 1000 || code >= 50_000 || mine)
}

// several is the code of an answer with more than one error: none of them is
// the reason alone.
const several = 0

// errorCode reads {"errors":[{"code":"XXYYY", …}]}; noJSON when the body is not
// such an object.
func errorCode(body []byte) int {
	var e struct {
		Errors []struct {
			Code string `json:"code"`
		} `json:"errors"`
	}
	if json.Unmarshal(body, &e) != nil || len(e.Errors) == 0 {
		return noJSON
	}
	if len(e.Errors) > 1 {
		return several
	}
	code, err := strconv.Atoi(e.Errors[0].Code)
	if err != nil || len(e.Errors[0].Code) != 5 || code <= 0 {
		return noJSON
	}
	return code
}
