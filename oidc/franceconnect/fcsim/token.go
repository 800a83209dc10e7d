package fcsim

import (
	"crypto/subtle"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

const minSecret = 32

// token answers RFC 6749 §4.1.3 with FranceConnect's five members.
func (s *Simulator) token(w http.ResponseWriter, r *http.Request) {
	form, ok := readForm(r)
	if !ok {
		jsonError(w, http.StatusBadRequest, "invalid_request", "only application/x-www-form-urlencoded content-type bodies are supported on POST /token", "undefined")
		return
	}
	if s.replaced(w, r, "token", s.memory.faultOf(form.Get("code"))) {
		return
	}
	if code, detail := s.authenticate(r, form); code != "" {
		refuseClient(w, code, detail)
		return
	}
	if code, description := checkTokenForm(form); code != "" {
		jsonError(w, http.StatusBadRequest, code, description, "undefined")
		return
	}
	g, refusal := s.memory.redeem(form.Get("code"), func(req request) string { return checkBinding(req, form) })
	if refusal != "" {
		jsonError(w, http.StatusBadRequest, "invalid_grant", "grant request is invalid", refusal)
		return
	}
	s.writeTokens(w, g)
}

func readForm(r *http.Request) (url.Values, bool) {
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != "application/x-www-form-urlencoded" || r.ParseForm() != nil {
		return nil, false
	}
	for _, values := range r.PostForm {
		if len(values) != 1 {
			return nil, false
		}
	}
	return r.PostForm, true
}

// authenticate takes client_secret_post only, whatever discovery says.
func (s *Simulator) authenticate(r *http.Request, form url.Values) (code, detail string) {
	secret := subtle.ConstantTimeCompare([]byte(form.Get("client_secret")), []byte(s.options.ClientSecret)) == 1
	switch {
	case r.Header.Get("Authorization") != "" || form.Has("client_assertion"):
		return "invalid_client", "the provided authentication mechanism does not match the registered client authentication method"
	case !form.Has("client_id"):
		return "invalid_request", "no client authentication mechanism provided"
	case form.Get("client_id") != s.options.ClientID:
		return "invalid_client", "client not found"
	case !form.Has("client_secret"):
		return "invalid_client", "client_secret must be provided in the body"
	case !secret:
		return "invalid_client", "invalid secret provided"
	}
	return "", ""
}

func refuseClient(w http.ResponseWriter, code, detail string) {
	if code == "invalid_client" {
		jsonError(w, http.StatusUnauthorized, code, "client authentication failed", detail)
		return
	}
	jsonError(w, http.StatusBadRequest, code, detail, "undefined")
}

func checkTokenForm(form url.Values) (code, description string) {
	if form.Get("grant_type") != "" && form.Get("grant_type") != "authorization_code" {
		return "unsupported_grant_type", "unsupported grant_type requested"
	}
	for _, name := range []string{"grant_type", "code", "redirect_uri"} {
		if form.Get(name) == "" {
			return "invalid_request", "missing required parameter '" + name + "'"
		}
	}
	return "", ""
}

// checkBinding compares with the authorization request, which cannot have held
// a code challenge.
func checkBinding(req request, form url.Values) string {
	switch {
	case req.clientID != form.Get("client_id"):
		return "client mismatch"
	case req.redirectURI != form.Get("redirect_uri"):
		return "authorization code redirect_uri mismatch"
	case form.Has("code_verifier"):
		return "PKCE verification failed"
	}
	return ""
}

func (s *Simulator) writeTokens(w http.ResponseWriter, g grant) {
	l := s.lie(g.fault)
	claims := s.idTokenClaims(g)
	if l.idToken != nil {
		l.idToken(s, claims)
	}
	idToken, err := s.jwt(claims, l.signID)
	if err == nil {
		idToken, err = s.seal(idToken)
	}
	if err != nil {
		jsonError(w, http.StatusInternalServerError, "server_error", "oops! something went wrong", "undefined")
		return
	}
	w.Header().Set("Pragma", "no-cache")
	members := map[string]any{
		"access_token": g.token,
		"expires_in":   int(TokenLife.Seconds()),
		"id_token":     idToken,
		"scope":        strings.Join(g.request.scopes, " "),
		"token_type":   "Bearer",
	}
	if l.tokens != nil {
		l.tokens(members)
	}
	writeJSON(w, http.StatusOK, "application/json; charset=utf-8", members)
}

// idTokenClaims are eight, nine when amr was asked for; no at_hash.
func (s *Simulator) idTokenClaims(g grant) map[string]any {
	claims := map[string]any{
		"sub":       g.persona.Identity.subject(g.request.clientID),
		"acr":       g.request.acr,
		"auth_time": g.at.Add(s.options.Skew).Unix(),
		"nonce":     g.request.nonce,
		"aud":       g.request.clientID,
		"exp":       g.issued.Add(s.options.Skew + TokenLife).Unix(),
		"iat":       g.issued.Add(s.options.Skew).Unix(),
		"iss":       s.options.Issuer,
	}
	if g.request.amr {
		claims["amr"] = []string{"fc", "pwd"}
	}
	return claims
}
