package upstream

import (
	"sync"
	"time"
)

// A breaker stops asking a source that fails, for its sake and the citizens':
//
//	closed ─ most failures in a row ─ open ─ pause ─ half open, one probe ─ the source lives ─ closed
//	                                   └───────────── it still fails ───────┘
type breaker struct {
	most  int // failures in a row that open it; negative: it never opens
	pause time.Duration
	now   func() time.Time

	mu      sync.Mutex // guards all below
	failed  int        // in a row
	open    bool
	until   time.Time // while open: when a probe may go
	probing bool      // while open: the probe is out
}

// A verdict is what an attempt tells of the source's health, not of the person.
type verdict int

const (
	aside   verdict = iota // nothing: the call was not made, or the citizen left
	alive                  // it answered, whatever it said
	failing                // it did not answer, or said that it is in trouble
)

// States of a breaker, as State tells them.
const (
	Closed   = "closed"    // asks
	Open     = "open"      // asks nobody
	HalfOpen = "half_open" // lets one probe through
)

// refuses says, without claiming the probe, that no attempt may be made now.
func (b *breaker) refuses() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.closedTo()
}

func (b *breaker) closedTo() bool { return b.open && (b.probing || b.now().Before(b.until)) }

// enter allows an attempt, which must leave; probe says it is the only one.
func (b *breaker) enter() (probe, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closedTo() {
		return false, false
	}
	b.probing = b.open
	return b.open, true
}

// leave ends an attempt; true when the breaker opens by it. While it is open
// only the probe's word counts: others began before.
func (b *breaker) leave(probe bool, v verdict) (opens bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.open && !probe {
		return false
	}
	b.probing = false
	switch v {
	case alive:
		b.failed, b.open = 0, false
	case failing:
		b.failed++
		opens = b.most >= 0 && b.failed >= b.most && !b.open
		if opens || b.open {
			b.open, b.until = true, b.now().Add(b.pause)
		}
	}
	return opens
}

func (b *breaker) state() (name string, failed int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case !b.open:
		return Closed, b.failed
	case b.probing || !b.now().Before(b.until):
		return HalfOpen, b.failed
	}
	return Open, b.failed
}
