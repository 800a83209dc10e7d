package storetest

import (
	"context"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"accord/broker/store"
)

// The acts of a journey, as the lines of Work name them.
const (
	actLookup   = "look-up"
	actQuery    = "query"
	actDecide   = "decision"
	actRedeem   = "redeem"
	actRenew    = "refresh" // a refresh token replaced, under a recurring grant
	actDeliver  = "delivery"
	actFetch    = "fetch" // query and delivery under a recurring grant
	actWithdraw = "withdrawal"
)

// Acts are all acts of Work, in the order of a journey.
func Acts() []string {
	return []string{actLookup, actQuery, actDecide, actRedeem, actRenew, actDeliver, actFetch, actWithdraw}
}

// Work lives journeys on s with many writers until ctx ends, for a process that
// is to be killed, or whose disk is to fail, meanwhile. It tells each act twice:
//
//	begin <act> <journey>
//	done <act> <journey> <names>    once it is acknowledged
//	checkpoint <base64url>          now and then, as shown to the world
//	error <act> <journey> <text>    a command that failed ends its journey
//
// Check reads these lines. run tells the journeys of one process from those of
// the next.
func Work(ctx context.Context, s store.Store, run string, tell func(line string)) {
	w := &world{t: quiet{}, ctx: ctx, store: s, clock: &clock{at: time.Now()}, prefix: run}
	approval := w.approval()
	approval.Approval.MaxFetches = mostFetches
	if err := s.Announce(ctx, []store.Public{w.key(), approval}); err != nil {
		tell("error announcing all " + err.Error())
		return
	}
	var writers sync.WaitGroup
	defer writers.Wait()
	for range 16 {
		writers.Go(func() {
			for ctx.Err() == nil {
				w.live(tell)
			}
		})
	}
	for ctx.Err() == nil {
		if signed, err := s.Checkpoint(ctx); err == nil {
			tell("checkpoint " + base64.RawURLEncoding.EncodeToString(signed))
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// quiet ends a journey at its first error, which the kill may cause.
type quiet struct{}

func (quiet) Helper()             {}
func (quiet) Logf(string, ...any) {}

func (quiet) Errorf(format string, args ...any) {
	panic(errEnded{fmt.Errorf(format, args...)})
}

func (quiet) Fatalf(format string, args ...any) {
	panic(errEnded{fmt.Errorf(format, args...)})
}

type errEnded struct{ error }

// live lives one journey to a random end.
func (w *world) live(tell func(string)) {
	w.clock.move(time.Since(w.clock.now()))
	j, at := w.journey(), ""
	defer func() {
		if p := recover(); p != nil {
			tell(fmt.Sprint("error ", at, " ", j.id, " ", p))
			time.Sleep(time.Millisecond) // a store that stopped is not to be flooded
		}
	}()
	act := func(name string, do func() (names string)) {
		at = name
		tell("begin " + name + " " + j.id)
		tell("done " + name + " " + j.id + " " + do())
	}
	act(actLookup, func() string { return fmt.Sprint(j.look().lookup.Position.Index) })
	act(actQuery, func() string { return fmt.Sprint(j.query().queried.Position.Index) })
	if rand.IntN(8) == 0 {
		act(actDecide, func() string { return j.decide(j.refuseCmd()).receipt.ID })
		return
	}
	again := rand.IntN(3) == 0
	act(actDecide, func() string {
		cmd := j.agreeCmd()
		if again {
			cmd = j.agreeAgainCmd()
		}
		return j.decide(cmd).receipt.ID + " " + j.grant
	})
	if rand.IntN(3) > 0 {
		w.takeTokens(j, again, act)
		cmd := j.deliverCmd()
		act(actDeliver, func() string { w.ok(j.deliver(cmd)); return cmd.Event.Release })
	}
	if again {
		act(actFetch, j.fetchOnce)
	}
	if rand.IntN(2) == 0 {
		act(actWithdraw, func() string { w.ok(j.withdraw(j.withdrawCmd())); return j.receipt.ID })
	}
}

// takeTokens redeems a code and, of a recurring grant, replaces the refresh token
// it gave.
func (w *world) takeTokens(j *journey, again bool, act func(string, func() string)) {
	if !again {
		act(actRedeem, func() string { return j.redeem().grant })
		return
	}
	act(actRedeem, func() string {
		_, err := w.store.Redeem(w.ctx, j.redeemWith(j.refresh("r")))
		w.ok(err)
		return j.grant
	})
	act(actRenew, func() string { j.renew("first", "r2"); return j.grant })
}
