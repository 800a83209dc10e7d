package fcsim

import (
	"bytes"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v4"
)

func documentLies() []lie {
	at := func(name Fault, point string, h func(*Simulator, http.ResponseWriter, *http.Request)) lie {
		return lie{name: name, instead: map[string]func(*Simulator, http.ResponseWriter, *http.Request){point: h}}
	}
	return []lie{
		{name: "discovery-issuer-other", discovery: func(d map[string]any) { d["issuer"] = elsewhere }},
		{name: "discovery-endpoint-unsafe", discovery: func(d map[string]any) { d["token_endpoint"] = "http://192.0.2.1/token" }},
		at("discovery-503", "discovery", status(http.StatusServiceUnavailable)),
		{name: "keys-empty", keys: func([]jose.JSONWebKey) []jose.JSONWebKey { return []jose.JSONWebKey{} }},
		at("keys-cut", "jwks", cut),
		at("keys-500", "jwks", status(http.StatusInternalServerError)),
		at("keys-huge", "jwks", enormous("application/jwk-set+json")),
		at("keys-redirect", "jwks", func(s *Simulator, w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, s.url("/jwks/elsewhere"), http.StatusTemporaryRedirect)
		}),
	}
}

// status answers with a page of a server in between.
func status(code int) func(*Simulator, http.ResponseWriter, *http.Request) {
	return func(_ *Simulator, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(code)
		_, _ = w.Write([]byte("<html><body><h1>" + http.StatusText(code) + "</h1></body></html>"))
	}
}

// huge is the size of an answer meant to fill a memory, in bytes.
const huge = 20 << 20

func enormous(contentType string) func(*Simulator, http.ResponseWriter, *http.Request) {
	return func(_ *Simulator, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		block := bytes.Repeat([]byte("a"), 64<<10)
		for written := 0; written < huge; written += len(block) {
			if _, err := w.Write(block); err != nil {
				return // the reader had enough
			}
		}
	}
}

// slowness is how long a slow answer takes: more than a client should wait.
const slowness = 10 * time.Second

func slow(_ *Simulator, w http.ResponseWriter, r *http.Request) {
	select {
	case <-time.After(slowness):
	case <-r.Context().Done():
	}
	w.WriteHeader(http.StatusGatewayTimeout)
}

// cut ends the connection without an answer.
func cut(*Simulator, http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
