package francetravailsim

import (
	"io"
	"net/http"
	"strings"

	"accord/providers/faults"

	"github.com/google/uuid"
)

const unknown = `{"codeErreur":"404","messageLog":"Individu inconnu de nos services"}`

// status answers about the bearer of the identifier in the body.
func (s *Simulator) status(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 256))
	if !s.admits(w, r) {
		return
	}
	j, ok := s.bearer(string(body), faults.WantsOtherPerson(r))
	switch {
	case err != nil || len(body) == 0:
		faults.JSON(w, http.StatusBadRequest, `{"codeErreur":"400","messageLog":"Identifiant absent"}`)
	case !ok:
		faults.JSON(w, http.StatusNotFound, unknown)
	case j.Registration == nil:
		faults.JSON(w, http.StatusPartialContent, string(j.body()))
	default:
		faults.JSON(w, http.StatusOK, string(j.body()))
	}
}

// payments answers what the bearer of the identifier in the query received.
func (s *Simulator) payments(w http.ResponseWriter, r *http.Request) {
	if !s.admits(w, r) {
		return
	}
	j, ok := s.bearer(r.URL.Query().Get("loginMnemotechnique"), faults.WantsOtherPerson(r))
	switch {
	case !ok:
		faults.JSON(w, http.StatusNotFound, unknown)
	case j.Payments == nil:
		w.WriteHeader(http.StatusNoContent)
	default:
		faults.JSON(w, http.StatusOK, string(j.list()))
	}
}

// admits answers itself whoever lacks a token, a correlation id or a consumer.
func (s *Simulator) admits(w http.ResponseWriter, r *http.Request) bool {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || !s.valid(token) {
		faults.JSON(w, http.StatusUnauthorized, `{"error":"invalid_token"}`)
		return false
	}
	if uuid.Validate(r.Header.Get("X-Correlation-ID")) != nil || r.Header.Get("X-pe-consommateur") == "" {
		faults.JSON(w, http.StatusBadRequest, `{"codeErreur":"400","messageLog":"Consommateur ou corrélation absents"}`)
		return false
	}
	return true
}

// bearer is the jobseeker of an identifier; other gives somebody else.
func (s *Simulator) bearer(identifier string, other bool) (Jobseeker, bool) {
	for _, j := range s.options.Jobseekers {
		if (j.Identifier == identifier) != other {
			return j, true
		}
	}
	return Jobseeker{}, false
}
