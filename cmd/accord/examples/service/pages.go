package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"html"
	"net/http"
	"sync"

	"accord/oidc/serviceprovider"
)

// A service keeps what it began, by the cookie of the browser that began it. A
// real one keeps it in its own session, and lets it go after some minutes.
type service struct {
	client *serviceprovider.Client

	mu    sync.Mutex // guards begun
	begun map[string]serviceprovider.Attempt
}

func (s *service) start(w http.ResponseWriter, _ *http.Request) {
	page(w, http.StatusOK, `<form method="post" action="/demande"><button id="ask">Obtenir mon quotient familial</button></form>`)
}

// ask pushes the request and sends the browser to Accord.
func (s *service) ask(w http.ResponseWriter, r *http.Request) {
	attempt, err := s.client.Login(r.Context(), serviceprovider.Request{Purpose: purpose, Scopes: []string{"cnaf_quotient_familial"}})
	if err != nil { // the description says which part of the request the approval does not cover
		page(w, http.StatusBadGateway, "<p>La demande n’a pas pu partir : "+html.EscapeString(err.Error()))
		return
	}
	session := rand.Text()
	s.mu.Lock()
	s.begun[session] = attempt
	s.mu.Unlock()
	http.SetCookie(w, &http.Cookie{Name: "session", Value: session, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	http.Redirect(w, r, attempt.URL, http.StatusSeeOther)
}

// back takes the person's answer: a refusal is an ordinary one.
func (s *service) back(w http.ResponseWriter, r *http.Request) {
	attempt, ok := s.attempt(r)
	if !ok {
		page(w, http.StatusBadRequest, "<p>Cette demande n’est plus en cours.")
		return
	}
	token, err := s.client.Callback(r.Context(), attempt, r.URL.Query())
	var denied *serviceprovider.Denied
	if errors.As(err, &denied) {
		page(w, http.StatusOK, `<p id="denied">Vous n’avez pas donné votre accord : rien ne nous a été transmis.`)
		return
	}
	if err != nil {
		page(w, http.StatusBadGateway, "<p>"+html.EscapeString(err.Error()))
		return
	}
	delivery, err := s.client.Signed(r.Context(), token, "dss/quotient_familial")
	if err != nil {
		page(w, http.StatusBadGateway, "<p>"+html.EscapeString(err.Error()))
		return
	}
	// Data for the file, JWS to keep with it, Release for the day of an audit.
	page(w, http.StatusOK, fmt.Sprintf(`<pre id="data">%s</pre><p>Livraison <code>%s</code>, reçu <a href="%s">ici</a>.`,
		html.EscapeString(string(delivery.Data)), html.EscapeString(delivery.Release), html.EscapeString(token.ReceiptURI)))
}

// attempt is what this browser began, once.
func (s *service) attempt(r *http.Request) (serviceprovider.Attempt, bool) {
	cookie, err := r.Cookie("session")
	if err != nil {
		return serviceprovider.Attempt{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	attempt, ok := s.begun[cookie.Value]
	delete(s.begun, cookie.Value)
	return attempt, ok
}

func page(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<!doctype html><html lang=\"fr\"><title>Ma première application</title><h1>Ma première application</h1>%s</html>", body)
}
