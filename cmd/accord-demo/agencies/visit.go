package agencies

import (
	"crypto/rand"
	"net/http"
	"time"

	"accord/oidc/serviceprovider"
)

// The agencies' own cookie: other sites of the demonstration stand on the same
// host.
const cookie = "agence-visite"

const (
	visitLife  = 30 * time.Minute
	mostVisits = 1000
)

// A visit is one browser's way, in memory only.
type visit struct {
	began    time.Time
	attempts map[string]serviceprovider.Attempt // by state: two tabs are two attempts
	results  map[string]result                  // by agency
}

// begin remembers an attempt in the browser's visit.
func (s *Sites) begin(w http.ResponseWriter, r *http.Request, a serviceprovider.Attempt) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.of(r)
	if v == nil {
		if len(s.visits) >= mostVisits {
			clear(s.visits)
		}
		id := rand.Text()
		v = &visit{began: time.Now(), attempts: map[string]serviceprovider.Attempt{}, results: map[string]result{}}
		s.visits[id] = v
		http.SetCookie(w, &http.Cookie{Name: cookie, Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	}
	v.attempts[a.State] = a
}

// of finds the browser's visit; the caller holds the lock.
func (s *Sites) of(r *http.Request) *visit {
	c, err := r.Cookie(cookie)
	if err != nil || s.visits[c.Value] == nil || time.Since(s.visits[c.Value].began) > visitLife {
		return nil
	}
	return s.visits[c.Value]
}

// take gives the attempt the browser comes back from, once.
func (s *Sites) take(r *http.Request) (serviceprovider.Attempt, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.of(r)
	if v == nil {
		return serviceprovider.Attempt{}, false
	}
	state := r.URL.Query().Get("state")
	a, ok := v.attempts[state]
	delete(v.attempts, state)
	return a, ok
}

func (s *Sites) keep(r *http.Request, slug string, res result) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := s.of(r); v != nil {
		v.results[slug] = res
	}
}

func (s *Sites) kept(r *http.Request, slug string) (result, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.of(r)
	if v == nil {
		return result{}, false
	}
	res, ok := v.results[slug]
	return res, ok
}
