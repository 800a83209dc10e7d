package storetest

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"accord/broker/store"
	"accord/consent/ledger"
)

// Counts is what Examine found.
type Counts struct {
	Acknowledged int
	Lost         []string       // lines acknowledged whose act is not there
	Refused      int            // commands that answered an error
	ByAct        map[string]int // acknowledged
	InFlight     map[string]int // told begun, and neither acknowledged nor refused: what the end hit
}

func (c Counts) String() string {
	var acts []string
	for _, act := range Acts() {
		acts = append(acts, fmt.Sprintf("%s %d (+%d in flight)", act, c.ByAct[act], c.InFlight[act]))
	}
	return fmt.Sprintf("%d acknowledged, %d lost: %s", c.Acknowledged, len(c.Lost), strings.Join(acts, ", "))
}

// Check is Examine for a store that must have lost nothing.
func Check(t testing.TB, s store.Store, origin string, v note.Verifier, lines []string) Counts {
	t.Helper()
	c, err := Examine(t.Context(), s, origin, v, lines)
	if err != nil {
		t.Errorf("the store is not whole: %v", err)
	}
	for _, line := range c.Lost[:min(10, len(c.Lost))] {
		t.Errorf("acknowledged and lost: %s", line)
	}
	return c
}

// Examine holds the lines of Work against the store found after the end:
//
//	every acknowledged act is there     else it counts as lost
//	every checkpoint shown is a prefix of the log, which is whole
//	every grant is whole: receipt, events, state          else err
//	a code used is used, a consent withdrawn delivers nothing
func Examine(ctx context.Context, s store.Store, origin string, v note.Verifier, lines []string) (c Counts, err error) {
	w := &world{t: quiet{}, ctx: ctx, store: s, clock: &clock{at: time.Now()}}
	defer func() {
		switch p := recover().(type) {
		case nil:
		case errEnded:
			err = p.error
		default:
			panic(p)
		}
	}()
	c = Counts{ByAct: map[string]int{}, InFlight: map[string]int{}}
	var seen []ledger.Checkpoint
	for _, line := range lines {
		word := strings.Fields(line)
		switch word[0] {
		case "checkpoint":
			seen = append(seen, w.shown(word[1], origin, v))
		case "error":
			c.Refused++
			c.InFlight[word[1]]--
		case "begin":
			c.InFlight[word[1]]++
		case "done":
			c.count(line, w.kept(word[1], word[2], word[3:]))
		}
	}
	w.auditLog(seen)
	w.grantsAreWhole()
	w.nothingComesBack(lines)
	return c, nil
}

func (c *Counts) count(line string, err error) {
	act := strings.Fields(line)[1]
	c.Acknowledged++
	c.ByAct[act]++
	c.InFlight[act]--
	if err != nil {
		c.Lost = append(c.Lost, fmt.Sprintf("%s: %v", line, err))
	}
}

func (w *world) shown(encoded, origin string, v note.Verifier) ledger.Checkpoint {
	signed, err := base64.RawURLEncoding.DecodeString(encoded)
	w.ok(err)
	c, err := ledger.OpenCheckpoint(signed, origin, v)
	w.ok(err)
	return c
}
