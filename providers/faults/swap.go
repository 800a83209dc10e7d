package faults

import (
	"net/http"
	"time"
)

// A half is the first of two requests whose answers are to be swapped.
type half struct {
	answer *recorder      // its own true answer
	theirs chan *recorder // room for the other's
}

// swap gives the other's answer for mine, once two requests have met. The
// first to come waits for the second; alone, it gets none.
func (s *Switch) swap(mine *recorder, r *http.Request) (*recorder, bool) {
	s.mu.Lock()
	if first := s.first; first != nil {
		s.first = nil
		s.mu.Unlock()
		first.theirs <- mine
		return first.answer, true
	}
	own := &half{answer: mine, theirs: make(chan *recorder, 1)}
	s.first = own
	s.mu.Unlock()
	return s.meet(own, r)
}

func (s *Switch) meet(own *half, r *http.Request) (*recorder, bool) {
	select {
	case theirs := <-own.theirs:
		return theirs, true
	case <-r.Context().Done():
	case <-time.After(30 * time.Second):
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.first == own {
		s.first = nil
	}
	return nil, false
}
