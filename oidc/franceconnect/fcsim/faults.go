package fcsim

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/go-jose/go-jose/v4"
)

// A Fault is something FranceConnect, or somebody on the way, might get wrong,
// by name. It is played for one login (fault=<name> posted beside
// persona=<id>, with Options.Faults) or for every request (Simulator.Play).
type Fault string

// Faults gives the names of all that a client must refuse, in a fixed order.
func Faults() []Fault { return names(refusable()) }

// Variations gives the names of all that a client must accept.
func Variations() []Fault { return names(acceptable()) }

func names(all []lie) []Fault {
	var out []Fault
	for _, l := range all {
		out = append(out, l.name)
	}
	return out
}

// A lie is what a fault changes. A member not set leaves the truth.
type lie struct {
	name      Fault
	callback  func(s *Simulator, back url.Values)
	idToken   func(s *Simulator, claims map[string]any)
	userinfo  func(s *Simulator, claims map[string]any)
	signID    signing
	signInfo  signing
	tokens    func(answer map[string]any)
	discovery func(document map[string]any)
	keys      func([]jose.JSONWebKey) []jose.JSONWebKey
	instead   map[string]func(*Simulator, http.ResponseWriter, *http.Request) // of an endpoint, by Options.Fault's name
}

// signing gives a compact JWS of claims, true or not.
type signing func(s *Simulator, claims map[string]any) (string, error)

func named(f Fault) (lie, bool) {
	all := append(refusable(), acceptable()...)
	n := slices.IndexFunc(all, func(l lie) bool { return l.name == f })
	if n < 0 {
		return lie{}, false
	}
	return all[n], true
}

// Play makes every request meet f from now on; "" ends it. It tells whether
// there is such a fault.
func (s *Simulator) Play(f Fault) bool {
	l, ok := named(f)
	s.played.Store(&l)
	return ok || f == ""
}

// lie gives what to change in an answer to a login begun with this fault.
func (s *Simulator) lie(ofLogin Fault) lie {
	if l, ok := named(ofLogin); ok {
		return l
	}
	if l := s.played.Load(); l != nil {
		return *l
	}
	return lie{}
}

// replaced answers in place of an endpoint and tells whether it did.
func (s *Simulator) replaced(w http.ResponseWriter, r *http.Request, point string, ofLogin Fault) bool {
	h := s.lie(ofLogin).instead[point]
	if h != nil {
		h(s, w, r)
	}
	return h != nil
}

// jwt signs claims truly, unless how says otherwise.
func (s *Simulator) jwt(claims map[string]any, how signing) (string, error) {
	if how == nil {
		return s.keys.sign(s.options.SigningAlg, claims)
	}
	return how(s, claims)
}
