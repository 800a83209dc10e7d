package storetest

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"accord/broker/store"
	"accord/consent/ledger"
)

// Work lives journeys on s with many writers until ctx ends, for a process that
// is to be killed meanwhile. After each acknowledged act it calls acknowledge
// with one line; Check reads these lines. run tells the journeys of one process
// from those of the next.
func Work(ctx context.Context, s store.Store, run string, acknowledge func(line string)) {
	w := &world{t: quiet{}, ctx: ctx, store: s, clock: &clock{at: time.Now()}, prefix: run}
	if err := s.Announce(ctx, []store.Public{w.key(), w.approval()}); err != nil {
		acknowledge("error " + err.Error())
		return
	}
	for range 16 {
		go func() {
			for ctx.Err() == nil {
				w.live(acknowledge)
			}
		}()
	}
	for ctx.Err() == nil {
		if signed, err := s.Checkpoint(ctx); err == nil {
			acknowledge("checkpoint " + base64.RawURLEncoding.EncodeToString(signed))
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// quiet ends a journey at its first error, which the kill may cause.
type quiet struct{}

func (quiet) Helper()               {}
func (quiet) Errorf(string, ...any) {}
func (quiet) Fatalf(format string, args ...any) {
	panic(errEnded{fmt.Errorf(format, args...)})
}

type errEnded struct{ error }

func (w *world) live(acknowledge func(string)) {
	j := w.journey()
	defer func() {
		if p := recover(); p != nil {
			acknowledge(fmt.Sprint("error ", p))
		}
	}()
	w.clock.move(time.Since(w.clock.now()))
	j.agree()
	acknowledge("agreed " + j.id + " " + j.receipt.ID)
	if rand.IntN(2) == 0 {
		j.redeem()
		acknowledge("redeemed " + j.id)
		cmd := j.deliverCmd()
		if err := j.deliver(cmd); err == nil {
			acknowledge("delivered " + j.id + " " + cmd.Event.Release)
		}
	}
	if rand.IntN(2) == 0 {
		w.ok(j.withdraw(j.withdrawCmd()))
		acknowledge("withdrawn " + j.id)
	}
}

// Counts is what Check found: acknowledged acts, and those lost.
type Counts struct{ Acknowledged, Lost int }

// Check holds the lines of Work against the store found after the crash: every
// acknowledged act is there, and every checkpoint shown is a prefix of the log.
func Check(t testing.TB, s store.Store, origin string, v note.Verifier, lines []string) (c Counts) {
	t.Helper()
	w := &world{t: t, ctx: t.Context(), store: s, clock: &clock{at: time.Now()}}
	var seen []ledger.Checkpoint
	for _, line := range lines {
		act, rest, _ := strings.Cut(line, " ")
		if act == "checkpoint" {
			seen = append(seen, w.shown(rest, origin, v))
			continue
		}
		c.Acknowledged++
		if err := w.kept(act, strings.Fields(rest)); err != nil {
			c.Lost++
			t.Errorf("acknowledged and lost: %s: %v", line, err)
		}
	}
	w.auditLog(seen)
	return c
}

func (w *world) shown(encoded, origin string, v note.Verifier) ledger.Checkpoint {
	w.t.Helper()
	signed, err := base64.RawURLEncoding.DecodeString(encoded)
	w.ok(err)
	c, err := ledger.OpenCheckpoint(signed, origin, v)
	w.ok(err)
	return c
}

// kept tells whether one acknowledged act is in the store.
func (w *world) kept(act string, names []string) error {
	if act == "error" || len(names) == 0 {
		return fmt.Errorf("the work itself went wrong: %v", names)
	}
	g, err := w.store.Grant(w.ctx, "g_"+names[0])
	if err != nil {
		return err
	}
	switch act {
	case "agreed":
		_, err := w.store.Receipt(w.ctx, names[1])
		return err
	case "redeemed":
		if _, err := w.store.Token(w.ctx, hash("token"+names[0])); errors.Is(err, store.ErrNotFound) {
			return err
		}
	case "withdrawn":
		if g.State != store.Withdrawn {
			return fmt.Errorf("grant is %s", g.State)
		}
	case "delivered":
		return w.released(g.ID, names[1])
	}
	return nil
}

func (w *world) released(grant, release string) error {
	events, err := w.store.EventsOf(w.ctx, grant)
	if err != nil {
		return err
	}
	for _, e := range events {
		if strings.Contains(string(e.Event), release) {
			return nil
		}
	}
	return errors.New("delivery is not in the grant's events")
}
