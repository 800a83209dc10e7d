package townhall

import (
	"crypto/rand"
	"net/http"
	"time"
)

// The town hall's own cookie: other sites of the demonstration stand on the
// same host, so no other may use this name.
const cookie = "mairie-visite"

const (
	visitLife  = 30 * time.Minute
	mostVisits = 1000
)

// A visit is one browser's way through the form, in memory only.
type visit struct {
	began    time.Time
	attempts map[string]attempt // by state: two tabs are two attempts
	results  map[string]result  // by commune
}

// An attempt is one way to Accord and back.
type attempt struct {
	commune, nonce, verifier string
}

// visitOf finds or begins the browser's visit.
func (t *TownHall) visitOf(w http.ResponseWriter, r *http.Request) *visit {
	t.mu.Lock()
	defer t.mu.Unlock()
	if c, err := r.Cookie(cookie); err == nil && t.visits[c.Value] != nil && time.Since(t.visits[c.Value].began) < visitLife {
		return t.visits[c.Value]
	}
	if len(t.visits) >= mostVisits {
		clear(t.visits)
	}
	id := rand.Text()
	t.visits[id] = &visit{began: time.Now(), attempts: map[string]attempt{}, results: map[string]result{}}
	http.SetCookie(w, &http.Cookie{Name: cookie, Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	return t.visits[id]
}

// begin remembers an attempt under its state.
func (t *TownHall) begin(v *visit, state string, a attempt) {
	t.mu.Lock()
	defer t.mu.Unlock()
	v.attempts[state] = a
}

// take gives the attempt of a state once.
func (t *TownHall) take(v *visit, state string) (attempt, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	a, ok := v.attempts[state]
	delete(v.attempts, state)
	return a, ok
}

func (t *TownHall) keep(v *visit, commune string, r result) {
	t.mu.Lock()
	defer t.mu.Unlock()
	v.results[commune] = r
}

func (t *TownHall) kept(v *visit, commune string) (result, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	r, ok := v.results[commune]
	return r, ok
}
