// Package cnavsim simulates the CNAV hub: token endpoint, refusals and answers
// of its eight resources as the hub's, about households given to it.
//
//	POST /token         client credentials, Basic in base64url, one scope a resource
//	GET  /dss/{name}    civil identity in the query, a token of that resource's scope
//
// It finds people by rules, not by lists of parameters: a person matches when
// the names and birth date say the same once normalised. One file matching is
// answered, several are a conflict, none is told apart as the hub does (unknown
// to the register, or known without a regime). Every answer sends the request's
// X-Correlation-ID back. Memory only; faults at run time by the embedded
// Switch, which also lists the correlation ids received. A benefit's answer
// names nobody, so under the fault OtherPerson it comes with another id.
package cnavsim

import (
	"crypto/rand"
	"net/http"
	"sync"
	"time"

	"accord/providers/faults"
)

// TokenPath is the path of the token endpoint.
const TokenPath = "/token"

const tokenLife = time.Hour

// Options of a Simulator.
type Options struct {
	ClientID, ClientSecret string
	Households             []Household
	Registered             []Person         // known to the civil register, attached to no regime
	Now                    func() time.Time // nil = time.Now
	TokenLife              time.Duration    // 0 = one hour
}

// A Simulator is an http.Handler. It is safe for concurrent use.
type Simulator struct {
	*faults.Switch

	options Options
	mux     *http.ServeMux

	mu     sync.Mutex // guards tokens
	tokens map[string]token
}

type token struct {
	scope string
	until time.Time
}

// New makes a Simulator of o.
func New(o Options) *Simulator {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.TokenLife == 0 {
		o.TokenLife = tokenLife
	}
	s := &Simulator{Switch: &faults.Switch{}, options: o, mux: http.NewServeMux(), tokens: map[string]token{}}
	s.mux.Handle("POST "+TokenPath, s.Token(http.HandlerFunc(s.token)))
	for _, resource := range Resources() {
		s.mux.Handle("GET "+Path(resource), s.Person(s.query(resource)))
	}
	return s
}

// ServeHTTP answers as the hub.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// issue makes a token of that scope and forgets those that ended.
func (s *Simulator) issue(scope string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.options.Now()
	for value, t := range s.tokens {
		if !now.Before(t.until) {
			delete(s.tokens, value)
		}
	}
	value := rand.Text()
	s.tokens[value] = token{scope, now.Add(s.options.TokenLife)}
	return value
}

// scope is that of a token still valid.
func (s *Simulator) scope(value string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.tokens[value]
	return t.scope, ok && s.options.Now().Before(t.until)
}
