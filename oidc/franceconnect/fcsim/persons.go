package fcsim

import (
	"net/http"
	"net/url"

	"github.com/google/uuid"
)

type personError struct {
	status int
	oauth  string
}

// personErrors are the pages a person can meet instead of logging in, by code,
// with the HTTP status and the OAuth error their way back gives.
func personErrors() map[string]personError {
	denied := personError{http.StatusForbidden, "access_denied"}
	broken := personError{http.StatusBadRequest, "server_error"}
	later := personError{http.StatusGatewayTimeout, "temporarily_unavailable"}
	return map[string]personError{
		"Y010004": denied, "Y010006": denied, "Y010007": denied, "Y010008": denied, "Y010009": denied, // not found in the registry, or not so
		"Y010011": later, "Y010012": later, "Y010013": broken, // the registry is away, or answers nonsense
		"Y010015": denied,                                           // deceased
		"Y100001": {http.StatusInternalServerError, "server_error"}, // the identity provider's level is too low,
		"Y100018": {http.StatusBadRequest, "invalid_request"},       // or not allowed
		"Y100011": denied, "Y180001": denied,                        // provider or account blocked
		"Y600006": broken, // identity malformed
		"Y600020": {http.StatusBadRequest, "access_denied"},
	}
}

// refused gives the code of the page p meets instead of logging in.
func (p *Persona) refused() string {
	if p.Refused == "" && !p.Identity.accepted() {
		return "Y600006"
	}
	return p.Refused
}

// personPage is an error page with a way back to the service.
func (s *Simulator) personPage(w http.ResponseWriter, r *http.Request, i interaction, code string) {
	e, ok := personErrors()[code]
	if !ok {
		e.status = http.StatusInternalServerError
	}
	leave := s.issuer.Path + "/interaction/" + i.uid + "/leave/" + code
	s.pages.message(w, s.layout(r), e.status, message{Code: code, ID: uuid.NewString(), Leave: leave, Service: s.options.ServiceName})
}

// leave is that way back: a redirect with the page's error.
func (s *Simulator) leave(w http.ResponseWriter, r *http.Request, i interaction) {
	e, ok := personErrors()[r.PathValue("code")]
	if !ok || !s.memory.end(i.uid) {
		s.errorPage(w, r, http.StatusBadRequest, "Y420001")
		return
	}
	q := url.Values{"redirect_uri": {i.request.redirectURI}, "state": {i.request.state}}
	s.redirectError(w, r, q, refusal{code: e.oauth, description: describe(e.oauth)})
}

func describe(oauth string) string {
	switch oauth {
	case "access_denied":
		return "user authentication aborted"
	case "invalid_request":
		return "idp returned a not allowed acr value"
	}
	return "authentication aborted due to a technical error on the authorization server"
}
