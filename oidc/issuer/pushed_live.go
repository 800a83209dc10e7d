package issuer

import (
	"maps"
	"net/http"
	"sync"
	"time"
)

// maxPushed bounds the live pushed requests of one client in this process, so
// that one that runs wild leaves room for the others.
const maxPushed = 10_000

// pushes counts what each client has pushed and no citizen answered yet.
type pushes struct {
	now func() time.Time

	mu   sync.Mutex // guards live
	live map[string]map[[32]byte]time.Time
}

// add counts one more request of a client, until a time.
func (p *pushes) add(client string, key [32]byte, until time.Time) *Error {
	p.mu.Lock()
	defer p.mu.Unlock()
	own := p.live[client]
	if own == nil {
		own = map[[32]byte]time.Time{}
		p.live[client] = own
	}
	if len(own) >= maxPushed {
		now := p.now()
		maps.DeleteFunc(own, func(_ [32]byte, until time.Time) bool { return !now.Before(until) })
	}
	if len(own) >= maxPushed {
		return &Error{Code: "temporarily_unavailable", Status: http.StatusTooManyRequests, Description: "too many pushed requests at once"}
	}
	own[key] = until
	return nil
}

// done forgets a request that was answered.
func (p *pushes) done(client string, key [32]byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.live[client], key)
}
