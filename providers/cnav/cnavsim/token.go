package cnavsim

import (
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"accord/providers/faults"
)

// token answers a client credentials request for the scope of a resource.
func (s *Simulator) token(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	switch {
	case !s.authentic(r):
		faults.JSON(w, http.StatusUnauthorized, `{"error":"invalid_client"}`)
	case r.PostFormValue("grant_type") != "client_credentials":
		faults.JSON(w, http.StatusBadRequest, `{"error":"unsupported_grant_type"}`)
	case !isScope(r.PostFormValue("scope")):
		faults.JSON(w, http.StatusBadRequest, `{"error":"invalid_scope"}`)
	default:
		faults.JSON(w, http.StatusOK, fmt.Sprintf(`{"access_token":%q,"token_type":"Bearer","expires_in":%d}`,
			s.issue(r.PostFormValue("scope")), int(s.options.TokenLife.Seconds())))
	}
}

// authentic checks the Basic credentials, in base64url as the hub has them.
func (s *Simulator) authentic(r *http.Request) bool {
	encoded, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Basic ")
	pair, err := base64.URLEncoding.DecodeString(encoded)
	want := s.options.ClientID + ":" + s.options.ClientSecret
	return ok && err == nil && subtle.ConstantTimeCompare(pair, []byte(want)) == 1
}
