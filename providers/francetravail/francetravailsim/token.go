package francetravailsim

import (
	"crypto/subtle"
	"fmt"
	"net/http"

	"accord/providers/faults"
)

// Scope its token endpoint gives the application of clientID.
func Scope(clientID string) string {
	return "api_statutaugmentev1 api_liste-paiementsv1 individuStatutAugmente application_" + clientID
}

// token answers a client credentials request for the one scope.
func (s *Simulator) token(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	switch {
	case !s.authentic(r):
		faults.JSON(w, http.StatusUnauthorized, `{"error":"invalid_client"}`)
	case r.PostFormValue("grant_type") != "client_credentials":
		faults.JSON(w, http.StatusBadRequest, `{"error":"unsupported_grant_type"}`)
	case r.PostFormValue("scope") != Scope(s.options.ClientID):
		faults.JSON(w, http.StatusBadRequest, `{"error":"invalid_scope"}`)
	default:
		faults.JSON(w, http.StatusOK, fmt.Sprintf(`{"access_token":%q,"token_type":"Bearer","expires_in":%d}`,
			s.issue(), int(s.options.TokenLife.Seconds())))
	}
}

func (s *Simulator) authentic(r *http.Request) bool {
	id, secret, ok := r.BasicAuth()
	same := func(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
	return ok && same(id, s.options.ClientID) && same(secret, s.options.ClientSecret)
}
