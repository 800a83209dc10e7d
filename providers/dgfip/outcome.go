package dgfip

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"accord/providers"
	"accord/providers/upstream"
)

// Causes of DGFiP's own refusals, for the log.
var (
	errNoNotice = errors.New("no notice for the income year")
	errUnknown  = errors.New("person unknown to DGFiP")
	errRefused  = errors.New("DGFiP refuses this request")
	errEntitled = errors.New("DGFiP refuses: scope, teleservice or person not entitled")
	errSource   = errors.New("DGFiP in error")
	errLimit    = errors.New("DGFiP's own limit reached")
)

// A body is what a refusal carries, as far as it can be told.
type body int

const (
	anyBody     body = iota
	emptyBody        // none, or {}
	errorBody        // {"erreur":{"message":…}}
	unknownBody      // the same, and the message says that the person is not known
	otherBody        // HTML, a gateway's JSON, anything else
)

// A row maps one refusal (status and body) to an outcome.
type row struct {
	status  int
	body    body
	outcome providers.Outcome
	cause   error
}

// refusals is the one table from DGFiP's refusals to outcomes; the first row
// that fits counts. What no row fits is Unavailable with upstream.Unlisted.
// DGFiP spreads "not found" over 204, 403, 404 and 410. A 403 says so only in
// its own words, and a 404 page of a gateway is a wrong address: neither may
// pass for a citizen without a notice.
func refusals() []row {
	return []row{
		{http.StatusNoContent, anyBody, providers.NoFile, errNoNotice},
		{http.StatusBadRequest, errorBody, providers.Refused, errRefused},
		{http.StatusUnauthorized, anyBody, providers.Refused, upstream.ErrCredentials},
		{http.StatusForbidden, unknownBody, providers.Unknown, errUnknown},
		{http.StatusForbidden, anyBody, providers.Refused, errEntitled},
		{http.StatusNotFound, unknownBody, providers.Unknown, errUnknown},
		{http.StatusNotFound, errorBody, providers.NoFile, errNoNotice},
		{http.StatusNotFound, emptyBody, providers.NoFile, errNoNotice},
		{http.StatusGone, errorBody, providers.NoFile, errNoNotice},
		{http.StatusGone, emptyBody, providers.NoFile, errNoNotice},
		{http.StatusTooManyRequests, anyBody, providers.Unavailable, errLimit},
		{http.StatusInternalServerError, anyBody, providers.Unavailable, errSource},
		{http.StatusBadGateway, anyBody, providers.Unavailable, errSource},
		{http.StatusServiceUnavailable, anyBody, providers.Unavailable, errSource},
		{http.StatusGatewayTimeout, anyBody, providers.Unavailable, errSource},
	}
}

// judge turns a reply about q's person into an answer.
func judge(q providers.Query, year int) func(upstream.Reply) providers.Answer {
	return func(r upstream.Reply) providers.Answer {
		if r.Status == http.StatusOK {
			return read(r.Body, q, year)
		}
		return refusal(r)
	}
}

func refusal(r upstream.Reply) providers.Answer {
	kind := kindOf(r.Body)
	for _, row := range refusals() {
		if row.status == r.Status && (row.body == anyBody || row.body == kind) {
			return providers.Answer{Outcome: row.outcome, Cause: row.cause}
		}
	}
	return upstream.Unavailable(&upstream.Unlisted{Status: r.Status})
}

// kindOf reads a refusal's body.
func kindOf(b []byte) body {
	text := strings.TrimSpace(string(b))
	if text == "" || text == "{}" {
		return emptyBody
	}
	var refusal struct {
		Error *struct {
			Message string `json:"message"`
		} `json:"erreur"`
	}
	switch {
	case json.Unmarshal(b, &refusal) != nil || refusal.Error == nil:
		return otherBody
	case saysUnknown(refusal.Error.Message):
		return unknownBody
	}
	return errorBody
}

func saysUnknown(message string) bool {
	words := " " + providers.NormalName(message) + " "
	for _, known := range []string{" USAGER INCONNU ", " PERSONNE INCONNUE ", " USAGER NON TROUVE ", " PERSONNE NON TROUVEE "} {
		if strings.Contains(words, known) {
			return true
		}
	}
	return false
}
