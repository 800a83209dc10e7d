package pcsim

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// token exchanges a code, once.
func (s *Simulator) token(w http.ResponseWriter, r *http.Request) {
	if r.ParseForm() != nil || !s.client(r) {
		refuse(w, http.StatusUnauthorized, "invalid_client")
		return
	}
	l, ok := s.take(r.PostForm)
	if !ok {
		refuse(w, http.StatusBadRequest, "invalid_grant")
		return
	}
	access, now := rand.Text()+rand.Text(), time.Now()
	id, err := s.sign("id_token", map[string]any{
		"iss": s.Issuer, "aud": s.ClientID, "sub": l.agent.ID, "nonce": l.nonce, "acr": l.acr,
		"iat": now.Unix(), "exp": now.Add(tokenLife).Unix(), "auth_time": l.at.Unix(),
	})
	if err != nil {
		refuse(w, http.StatusInternalServerError, "server_error")
		return
	}
	l.until = now.Add(tokenLife)
	s.mu.Lock()
	s.tokens[access] = l
	s.mu.Unlock()
	writeJSON(w, map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": int(tokenLife.Seconds()), "id_token": id})
}

func (s *Simulator) client(r *http.Request) bool {
	id, secret, basic := r.BasicAuth()
	if basic {
		id, _ = url.QueryUnescape(id)
		secret, _ = url.QueryUnescape(secret)
	} else {
		id, secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	return id == s.ClientID && secret == s.ClientSecret
}

func (s *Simulator) take(form url.Values) (login, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, ok := s.codes[form.Get("code")]
	delete(s.codes, form.Get("code"))
	sum := sha256.Sum256([]byte(form.Get("code_verifier")))
	proven := l.challenge == "" || l.challenge == base64.RawURLEncoding.EncodeToString(sum[:])
	return l, ok && proven && time.Now().Before(l.until) && form.Get("redirect_uri") == l.redirect
}

// userinfo answers a signed JWT, as ProConnect does.
func (s *Simulator) userinfo(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	l, ok := s.tokens[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
	s.mu.Unlock()
	if !ok || !time.Now().Before(l.until) {
		refuse(w, http.StatusUnauthorized, "invalid_token")
		return
	}
	jwt, err := s.sign("userinfo", map[string]any{
		"iss": s.Issuer, "aud": s.ClientID, "sub": l.agent.ID, "siret": l.agent.SIRET,
		"given_name": l.agent.GivenName, "usual_name": l.agent.FamilyName,
	})
	if err != nil {
		refuse(w, http.StatusInternalServerError, "server_error")
		return
	}
	w.Header().Set("Content-Type", "application/jwt")
	_, _ = w.Write([]byte(jwt)) // a reader that has gone is no error of ours
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(`{"error":"` + code + `"}`))
}
