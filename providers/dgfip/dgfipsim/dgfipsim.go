// Package dgfipsim simulates DGFiP's API Impôt particulier in its FranceConnect
// mode: token endpoint, refusals and notices, about notices given to it.
//
//	POST /token                                                    client credentials, Basic
//	GET  /impotparticulier/1.0/situations/ir/assiettes/annrev/2025
//	       ID_Teleservice? ─ X-FranceConnect-OAuth ─ Options.Introspect ─ year selector among the scopes? ─ notice of that person, cut to the scopes
//
// As in DGFiP's own examples numbers are strings. The declarants' names and
// birth dates are on every answer whatever the scopes: without them no client
// could tell whose notice it is. Memory only; faults at run time by the
// embedded Switch, which also lists the correlation ids received.
package dgfipsim

import (
	"crypto/rand"
	"net/http"
	"sync"
	"time"

	"accord/providers"
	"accord/providers/faults"
)

// Paths of the simulator.
const (
	TokenPath  = "/token"
	NoticePath = "/impotparticulier/1.0/situations/ir/assiettes/annrev/"
)

// Scope its token endpoint gives.
const Scope = "RessourceIR"

const tokenLife = time.Hour

// Options of a Simulator.
type Options struct {
	ClientID, ClientSecret string
	Notices                []Notice
	// Introspect is FranceConnect's checktoken: whose access token it is and
	// the scopes agreed to; false when it is not live.
	Introspect   func(token string) (providers.Identity, []string, bool)
	Teleservices []string         // ID_Teleservice values entitled; empty = any
	Now          func() time.Time // nil = time.Now
	TokenLife    time.Duration    // 0 = one hour
}

// A Notice is one tax notice (avis d'impôt), of one or two declarants.
type Notice struct {
	Year       int // of the income
	Declarants []Declarant
	RFR        int     // revenu fiscal de référence, euros
	Parts      float64 // quarters
	Situation  string  // C, M, D, V or O (pacs)
	Dependants int
	Address    string // on 1 January, one line
}

// A Declarant of a notice.
type Declarant struct {
	BirthName, UsageName string // UsageName may be empty
	GivenNames           string // separated by spaces
	Birthdate            string // YYYY-MM-DD, unknown parts as 00
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
	if o.Introspect == nil {
		o.Introspect = func(string) (providers.Identity, []string, bool) { return providers.Identity{}, nil, false }
	}
	s := &Simulator{Switch: &faults.Switch{}, options: o, mux: http.NewServeMux(), tokens: map[string]time.Time{}}
	s.mux.Handle("POST "+TokenPath, s.Token(http.HandlerFunc(s.token)))
	s.mux.Handle("GET "+NoticePath+"{year}", s.Person(http.HandlerFunc(s.query)))
	return s
}

// ServeHTTP answers as DGFiP.
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
