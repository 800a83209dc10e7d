// Package cnavsim simulates the CNAV hub's quotient familial: token endpoint,
// refusals and answers as the hub's, about households given to it.
//
//	POST /token                      client credentials, Basic in base64url
//	GET  /dss/quotient-familial      civil identity in the query
//
// It finds people by rules, not by lists of parameters: a person matches when
// the names and birth date say the same once normalised. One file matching is
// answered, several are a conflict, none is told apart as the hub does (unknown
// to the register, or known without a regime). Memory only; faults at run time
// by the embedded Switch, which also lists the correlation ids received.
package cnavsim

import (
	"crypto/rand"
	"net/http"
	"sync"
	"time"

	"accord/providers/faults"
)

// Paths of the simulator.
const (
	TokenPath = "/token"
	QueryPath = "/dss/quotient-familial"
)

// Scope its token endpoint gives.
const Scope = "quotient-familial"

const tokenLife = time.Hour

// Options of a Simulator.
type Options struct {
	ClientID, ClientSecret string
	Households             []Household
	Registered             []Person         // known to the civil register, attached to no regime
	Now                    func() time.Time // nil = time.Now
	TokenLife              time.Duration    // 0 = one hour
}

// A Household is one file of one regime.
type Household struct {
	Operator     Operator // CNAF or MSA
	Allocataires []Person // those who claim; anyone still on the file stays one
	Enfants      []Person
	Address      Address
	Quotients    []Quotient // by month, ascending; none = a file without right
}

// An Operator is a regime, by its name.
type Operator string

// The operators.
const (
	CNAF Operator = "CNAF"
	MSA  Operator = "MSA"
)

// A Person as the regime's file has them.
type Person struct {
	BirthName, UsageName string // UsageName may be empty
	GivenNames           string // separated by spaces
	Birthdate            string // YYYY-MM-DD, unknown parts as 00
	Sex                  string // M or F
	Birthplace           string // INSEE commune code, empty abroad
}

// An Address is self-declared by the household; any line may be empty.
type Address struct {
	Addressee, Complement, Building, Street, Place, City, Country string
}

// A Quotient is the quotient familial from a month on, to the next one.
type Quotient struct {
	Year, Month int
	Value       int // euros a month
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
	s.mux.Handle("GET "+QueryPath, s.Person(http.HandlerFunc(s.query)))
	return s
}

// ServeHTTP answers as the hub.
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
