package main

import (
	"errors"
	"fmt"
)

// A word names what is the matter, the same in every language: scripts match it.
type word string

// Alarms: the log contradicts itself, or serves other bytes than it signed.
const (
	fork     word = "fork"     // another history of a size already seen
	rollback word = "rollback" // shorter than already seen
	badEntry word = "entry"    // a leaf is not the one under the signed root
	badTile  word = "tile"     // hashes that do not lead to the signed root
	badRoot  word = "root"     // the leaves give another root than the signed one
)

// What leaves the question open.
const (
	unreachable word = "unreachable" // no answer, or an error instead of one
	unreadable  word = "unreadable"  // an answer that is no tile or bundle
	unsigned    word = "unsigned"    // no checkpoint of this log by this key
	stale       word = "stale"       // the log has not grown for too long
	ownState    word = "state"       // the monitor's own file cannot be used
)

func words() []word {
	return []word{fork, rollback, badEntry, badTile, badRoot, unreachable, unreadable, unsigned, stale, ownState}
}

func (w word) alarm() bool {
	switch w {
	case fork, rollback, badEntry, badTile, badRoot:
		return true
	}
	return false
}

// A trouble is what one look at the log found wrong, and at which leaf.
type trouble struct {
	word  word
	index int64 // first leaf concerned; -1 when it concerns none
	cause error // more, for the end of the line; may be nil
}

func (t *trouble) Error() string {
	if t.cause == nil {
		return fmt.Sprintf("%s at %d", t.word, t.index)
	}
	return fmt.Sprintf("%s at %d: %v", t.word, t.index, t.cause)
}

func (t *trouble) Unwrap() error { return t.cause }

// troubleOf names an error that no check of ours made: its cause lies outside
// the log.
func troubleOf(err error) *trouble {
	var t *trouble
	if errors.As(err, &t) {
		return t
	}
	return &trouble{word: unreachable, index: -1, cause: err}
}

func (t *trouble) status() int {
	switch {
	case t == nil:
		return exitWell
	case t.word.alarm():
		return exitAlarm
	}
	return exitUndecided
}
