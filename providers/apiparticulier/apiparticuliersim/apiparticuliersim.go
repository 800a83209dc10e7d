// Package apiparticuliersim simulates API Particulier, v3 and newer: paths,
// parameters, errors, and answers about people given to it.
//
//	GET /v3/dss/quotient_familial/identite?recipient=…&nomNaissance=…
//	      bearer known? ─ one of the route's scopes? ─ parameters right? ─ one person? ─ their data, cut to the scopes
//
// It finds people by rules, not by lists of parameters: a person matches when
// names and birth date say the same once normalised, and sex and place of birth
// do not contradict. Unlike API Particulier's own sandbox it leaves out what the
// scopes do not open. The registration of vehicles is asked with FranceConnect's
// token as bearer (Options.Introspect). Memory only; faults at run time by the
// embedded Switch, which also lists the request ids received (X-Request-Id).
package apiparticuliersim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"accord/providers"
	"accord/providers/faults"
)

// Options of a Simulator.
type Options struct {
	Tokens map[string][]string // bearer tokens and their scopes
	People []Person
	// Introspect is FranceConnect's checktoken: whose access token it is and
	// the scopes agreed to; false when it is not live.
	Introspect func(token string) (providers.Identity, []string, bool)
	Now        func() time.Time // nil = time.Now
}

// A Simulator is an http.Handler. It is safe for concurrent use.
type Simulator struct {
	*faults.Switch

	options Options
	mux     *http.ServeMux
}

// New makes a Simulator of o.
func New(o Options) *Simulator {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Introspect == nil {
		o.Introspect = func(string) (providers.Identity, []string, bool) { return providers.Identity{}, nil, false }
	}
	s := &Simulator{Switch: &faults.Switch{}, options: o, mux: http.NewServeMux()}
	for _, r := range routes() {
		s.mux.Handle("GET "+r.path, s.Person(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) { s.serve(w, q, r) })))
	}
	s.mux.HandleFunc("GET /api/ping", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	s.mux.HandleFunc("GET /api/introspect", s.introspect)
	return s
}

// Scopes are all that the simulated resources know, for a token that sees
// everything.
func Scopes() []string {
	var all []string
	for _, r := range routes() {
		all = append(all, r.scopes...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// ServeHTTP answers as API Particulier.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Header.Set("X-Correlation-ID", r.Header.Get("X-Request-Id")) // the switch's name for it
	s.mux.ServeHTTP(w, r)
}

func (s *Simulator) serve(w http.ResponseWriter, r *http.Request, to route) {
	who, scopes, refusal := s.caller(r, to)
	if refusal == nil && !slices.ContainsFunc(to.scopes, func(scope string) bool { return slices.Contains(scopes, scope) }) {
		refusal = fail(http.StatusForbidden, "00100", "Privilèges insuffisants", "token")
	}
	if refusal == nil {
		refusal = to.malformed(r.URL.Query(), s.options.Now())
	}
	if refusal != nil {
		refusal.send(w)
		return
	}
	p, refusal := s.find(to, r, who)
	if refusal != nil {
		refusal.send(w)
		return
	}
	s.answer(w, r, to, p, func(scope string) bool { return slices.Contains(scopes, scope) })
}

// caller tells the scopes of the bearer and, in FranceConnect's mode, whose it
// is. There the identity scopes are dropped, as in API Particulier.
func (s *Simulator) caller(r *http.Request, to route) (providers.Identity, []string, *failure) {
	bearer, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if to.franceConnect {
		who, scopes, ok := s.options.Introspect(bearer)
		if !ok {
			return who, nil, fail(http.StatusUnauthorized, "50002", "Jeton FranceConnect non trouvé ou expiré", "token")
		}
		kept := slices.DeleteFunc(slices.Clone(scopes), func(scope string) bool { return strings.Contains(scope, "_identite") })
		return who, kept, nil
	}
	scopes, ok := s.options.Tokens[bearer]
	if !ok || bearer == "" {
		return providers.Identity{}, nil, fail(http.StatusUnauthorized, "00101", "Interdit", "token")
	}
	return providers.Identity{}, scopes, nil
}

func (s *Simulator) answer(w http.ResponseWriter, r *http.Request, to route, p Person, has func(string) bool) {
	data, refusal := to.data(p, request{r.URL.Query(), s.options.Now()}, has)
	if refusal != nil {
		refusal.send(w)
		return
	}
	meta := map[string]any{}
	if to.franceConnect {
		meta["identity_matching"] = map[string]any{"family_name": 1.0, "given_name": 1.0, "birth_date": 1.0, "overall_match": true}
	}
	body, err := json.Marshal(map[string]any{"data": data, "links": map[string]any{}, "meta": meta})
	if err != nil {
		fail(http.StatusInternalServerError, "00500", "Erreur interne", "").send(w)
		return
	}
	w.Header().Set("Content-Type", "application/vnd.api+json")
	_, _ = w.Write(body) // the caller may be gone
}

func (s *Simulator) introspect(w http.ResponseWriter, r *http.Request) {
	bearer, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	scopes, ok := s.options.Tokens[bearer]
	if !ok {
		fail(http.StatusUnauthorized, "00101", "Interdit", "token").send(w)
		return
	}
	body, err := json.Marshal(map[string]any{"_id": "00000000-0000-4000-8000-000000000001", "name": "", "scopes": scopes})
	if err != nil {
		fail(http.StatusInternalServerError, "00500", "Erreur interne", "").send(w)
		return
	}
	faults.JSON(w, http.StatusOK, string(body))
}
