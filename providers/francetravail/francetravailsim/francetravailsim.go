// Package francetravailsim simulates France Travail: token endpoint, refusals
// and answers as its own, about jobseekers given to it.
//
//	POST /token                        client credentials
//	POST /statut-augmente              the bare identifier in the body
//	GET  /liste-paiements              the identifier in loginMnemotechnique
//
// It looks at the identifier alone, never at who asks: it answers about
// whoever bears it, as France Travail does. Memory only; faults at run time by
// the embedded Switch, which also lists the correlation ids received.
package francetravailsim

import (
	"crypto/rand"
	"net/http"
	"sync"
	"time"

	"accord/providers/faults"
)

// Paths of the simulator.
const (
	TokenPath    = "/token"
	StatusPath   = "/statut-augmente"
	PaymentsPath = "/liste-paiements"
)

const tokenLife = 25 * time.Minute

// Options of a Simulator.
type Options struct {
	ClientID, ClientSecret string
	Jobseekers             []Jobseeker
	Now                    func() time.Time // nil = time.Now
	TokenLife              time.Duration    // 0 = 25 minutes
}

// A Simulator is an http.Handler. It is safe for concurrent use.
type Simulator struct {
	*faults.Switch

	options Options
	mux     *http.ServeMux

	mu     sync.Mutex // guards tokens
	tokens map[string]time.Time
}

// New makes a Simulator of o.
func New(o Options) *Simulator {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.TokenLife == 0 {
		o.TokenLife = tokenLife
	}
	s := &Simulator{Switch: &faults.Switch{}, options: o, mux: http.NewServeMux(), tokens: map[string]time.Time{}}
	s.mux.Handle("POST "+TokenPath, s.Token(http.HandlerFunc(s.token)))
	s.mux.Handle("POST "+StatusPath, s.Person(http.HandlerFunc(s.status)))
	s.mux.Handle("GET "+PaymentsPath, s.Person(http.HandlerFunc(s.payments)))
	return s
}

// ServeHTTP answers as France Travail.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// issue makes a token and forgets those that ended.
func (s *Simulator) issue() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.options.Now()
	for token, until := range s.tokens {
		if !now.Before(until) {
			delete(s.tokens, token)
		}
	}
	token := rand.Text()
	s.tokens[token] = now.Add(s.options.TokenLife)
	return token
}

func (s *Simulator) valid(token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	until, ok := s.tokens[token]
	return ok && s.options.Now().Before(until)
}
