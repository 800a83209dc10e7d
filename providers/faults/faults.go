// Package faults makes a source's simulator fail on request: at run time, by
// kind, for a number of requests or until told otherwise.
//
//	caller ─ Switch.Token ─ the simulator's token endpoint
//	caller ─ Switch.Person ─ fault? ─ the simulator's answer ─ mutation? ─ caller
//
// A Switch also keeps the correlation ids it saw, in order: the list a real
// source would give for reconciliation with the log.
package faults

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// A Kind of fault.
type Kind string

// The faults.
const (
	None         Kind = ""
	Down         Kind = "down"          // 503, HTML
	HangUp       Kind = "hang_up"       // connection closed without a byte of answer
	Slow         Kind = "slow"          // true answer, after Switch.Delay
	Garbage      Kind = "garbage"       // 200, not JSON
	Truncated    Kind = "truncated"     // true answer cut in the middle, length announced whole
	WrongShape   Kind = "wrong_shape"   // 200, JSON of another service
	Empty        Kind = "empty"         // 200 without a body
	OtherPerson  Kind = "other_person"  // a well-formed answer about somebody else
	TooMany      Kind = "too_many"      // 429
	Redirect     Kind = "redirect"      // 302 to another path of the same host
	Huge         Kind = "huge"          // 200, an endless text
	Unlisted     Kind = "unlisted"      // 404 with an error code nobody foresaw
	NotFoundPage Kind = "not_found"     // 404, HTML: a wrong address, not a missing person
	Forbidden    Kind = "forbidden"     // 403, HTML of a gateway
	Expired      Kind = "expired"       // 401 on the access token
	TokenDown    Kind = "token_down"    // the token endpoint answers 503
	TokenGarbage Kind = "token_garbage" // the token endpoint answers HTML
	TokenRefused Kind = "token_refused" // the token endpoint refuses the credentials
	Swapped      Kind = "swapped"       // two requests at once, each gets the other's true answer
)

// Kinds are all faults of one request: all but None, and Swapped, which takes
// two.
func Kinds() []Kind {
	return []Kind{
		Down, HangUp, Slow, Garbage, Truncated, WrongShape, Empty, OtherPerson, TooMany, Redirect, Huge, Unlisted,
		NotFoundPage, Forbidden, Expired, TokenDown, TokenGarbage, TokenRefused,
	}
}

// A Switch injects faults in front of a simulator. Its zero value injects none.
// It is safe for concurrent use.
type Switch struct {
	Delay    time.Duration            // of Slow; 0 = until the caller leaves, 30 s at most
	Concerns func(*http.Request) bool // requests about a person that faults and mutations touch; nil = all; set before use

	mu     sync.Mutex // guards all below
	kind   Kind
	left   int // requests still to fail; negative = no end
	mutate func([]byte) []byte
	seen   []string
	tokens int
	first  *half // under Swapped: the request that waits for its other half
}

// SetFault makes every request fail by kind until the next call; None heals.
func (s *Switch) SetFault(kind Kind) { s.SetFaultFor(kind, -1) }

// SetFaultFor makes the next n requests that kind concerns fail.
func (s *Switch) SetFaultFor(kind Kind, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kind, s.left = kind, n
}

// SetMutation passes every answer about a person through f; nil ends it.
func (s *Switch) SetMutation(f func([]byte) []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mutate = f
}

// Requests are the correlation ids of the requests about a person, in the
// order of their arrival.
func (s *Switch) Requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.seen)
}

// TokenRequests counts the requests at the token endpoint.
func (s *Switch) TokenRequests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tokens
}

func (s *Switch) see(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, id)
}

func (s *Switch) seeToken() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens++
}

func (s *Switch) mutation() func([]byte) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mutate
}

// take returns the fault to apply now, if it is one of the token endpoint's
// (token) or of the others.
func (s *Switch) take(token bool) Kind {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.left == 0 || s.kind.ofToken() != token {
		return None
	}
	if s.left > 0 {
		s.left--
	}
	return s.kind
}

func (k Kind) ofToken() bool { return k == TokenDown || k == TokenRefused || k == TokenGarbage }

// otherPerson is the request header by which Person asks the simulator behind
// it for an answer about somebody else.
const otherPerson = "X-Simulator-Other-Person"

// WantsOtherPerson says whether the fault OtherPerson is on for this request.
func WantsOtherPerson(r *http.Request) bool { return r.Header.Get(otherPerson) != "" }
