package journey

import "sync"

// locks serialise the steps of one interaction inside this process: two clicks
// on one page are answered one after the other, and no other interaction
// waits. Correctness over processes is the store's (Decide is idempotent,
// states are accepted once).
type locks struct {
	mu   sync.Mutex // guards held
	held map[string]*held
}

// held is one interaction's lock and how many hold or await it.
type held struct {
	sync.Mutex
	users int
}

func newLocks() *locks { return &locks{held: map[string]*held{}} }

func (l *locks) lock(id string) (unlock func()) {
	l.mu.Lock()
	h := l.held[id]
	if h == nil {
		h = &held{}
		l.held[id] = h
	}
	h.users++
	l.mu.Unlock()
	h.Lock()
	return func() { h.Unlock(); l.leave(id, h) }
}

func (l *locks) leave(id string, h *held) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if h.users--; h.users == 0 {
		delete(l.held, id)
	}
}
