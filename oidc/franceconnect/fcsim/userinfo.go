package fcsim

import (
	"net/http"
	"slices"
	"strings"
)

// userinfo answers a signed JWT (OpenID Connect Core §5.3.2), while the grant
// lives.
func (s *Simulator) userinfo(w http.ResponseWriter, r *http.Request) {
	token, ok := bearer(r)
	if !ok {
		s.refuseUserinfo(w, "invalid_request", http.StatusBadRequest, "no access token provided", "undefined")
		return
	}
	g, ok := s.memory.byToken(token)
	if !ok {
		s.refuseUserinfo(w, "invalid_token", http.StatusUnauthorized, "invalid token provided", "access token not found")
		return
	}
	if s.replaced(w, r, "userinfo", g.fault) {
		return
	}
	if !s.options.Now().Before(g.at.Add(GrantLife)) {
		s.refuseUserinfo(w, "invalid_token", http.StatusUnauthorized, "invalid token provided", "grant is expired")
		return
	}
	s.writeUserinfo(w, g)
}

func (s *Simulator) writeUserinfo(w http.ResponseWriter, g grant) {
	l := s.lie(g.fault)
	claims := s.userinfoClaims(g)
	if l.userinfo != nil {
		l.userinfo(s, claims)
	}
	jwt, err := s.jwt(claims, l.signInfo)
	if err == nil {
		jwt, err = s.seal(jwt)
	}
	if err != nil {
		jsonError(w, http.StatusInternalServerError, "server_error", "oops! something went wrong", "undefined")
		return
	}
	w.Header().Set("Content-Type", "application/jwt; charset=utf-8")
	_, _ = w.Write([]byte(jwt)) // the reader is gone: nothing to do
}

func (s *Simulator) userinfoClaims(g grant) map[string]any {
	claims := s.claims(g.persona.Identity, g.request.scopes)
	claims["sub"] = g.persona.Identity.subject(g.request.clientID)
	claims["aud"] = g.request.clientID
	claims["iss"] = s.options.Issuer
	claims["iat"] = s.options.Now().Add(s.options.Skew).Unix()
	claims["exp"] = g.issued.Add(s.options.Skew + TokenLife).Unix()
	if slices.Contains(g.request.scopes, "amr") {
		claims["amr"] = []string{"fc", "pwd"}
	}
	return claims
}

func (s *Simulator) refuseUserinfo(w http.ResponseWriter, code string, status int, description, detail string) {
	w.Header().Set("WWW-Authenticate", `Bearer realm="`+s.options.Issuer+`", error="`+code+`"`)
	jsonError(w, status, code, description, detail)
}

// bearer takes the token from the header, or from the query as FranceConnect
// does.
func bearer(r *http.Request) (string, bool) {
	if scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		return token, token != ""
	}
	token := r.URL.Query().Get("access_token")
	return token, token != ""
}
