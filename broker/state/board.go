// Package state tells how FranceConnect and the sources answer, from what this
// process has seen of them: it asks nobody anything of its own.
//
//	attempts under citizens' requests ─▶ Board.Saw ─▶ Board.Of ─▶ /etat, /etat.json
//
// No count leaves the board, and no moment finer than Coarse: a commune may
// have one request a day, and who made it must not be read off this page.
package state

import (
	"sync"
	"time"
)

// How the board looks.
const (
	Window = 15 * time.Minute // of what counts
	Coarse = 5 * time.Minute  // moments are told in whole ones
	inARow = 3                // failures that make a source unavailable
	mostOf = 64               // attempts remembered of one source
)

// A Condition is how a source stands; texts are health.condition.<Condition>.
type Condition string

// The conditions.
const (
	NotAsked    Condition = "not_asked"   // not in the last Window
	Available   Condition = "available"   // every attempt was answered
	Disturbed   Condition = "disturbed"   // some were not
	Unavailable Condition = "unavailable" // the last inARow were not
)

// An Observation is how one source stands, and since when where it is not well.
type Observation struct {
	Condition Condition
	Since     time.Time // a whole Coarse; zero when available or not asked
}

// A Board remembers the latest attempts. It is safe for concurrent use.
type Board struct {
	step time.Duration
	now  func() time.Time

	mu   sync.Mutex // guards seen
	seen map[string][]attempt
}

type attempt struct {
	at       time.Time
	answered bool
}

// NewBoard makes an empty board. What was seen since the last whole step does
// not show yet, so that nobody sees an attempt the moment it is made.
func NewBoard(step time.Duration, now func() time.Time) *Board {
	return &Board{step: step, now: now, seen: map[string][]attempt{}}
}

// Saw remembers an attempt at a source and whether it was answered, in
// whatever way.
func (b *Board) Saw(source string, answered bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := append(b.seen[source], attempt{b.now(), answered})
	b.seen[source] = all[max(0, len(all)-mostOf):]
}

// Of tells how a source stands.
func (b *Board) Of(source string) Observation {
	until := b.now().Truncate(b.step)
	b.mu.Lock()
	defer b.mu.Unlock()
	var counted []attempt
	for _, a := range b.seen[source] {
		if a.at.Before(until) && a.at.After(until.Add(-Window)) {
			counted = append(counted, a)
		}
	}
	return observe(counted)
}

func observe(all []attempt) Observation {
	if len(all) == 0 {
		return Observation{Condition: NotAsked}
	}
	failing := len(all) // index of the first of the failures at the end
	for failing > 0 && !all[failing-1].answered {
		failing--
	}
	if len(all)-failing >= inARow {
		return Observation{Unavailable, all[failing].at.Truncate(Coarse)}
	}
	for _, a := range all {
		if !a.answered {
			return Observation{Disturbed, a.at.Truncate(Coarse)}
		}
	}
	return Observation{Condition: Available}
}
