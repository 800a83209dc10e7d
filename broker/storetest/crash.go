package storetest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"accord/broker/store"
)

func testCrash(t *testing.T, f Factory) {
	cases(t, f, map[string]func(*world){
		"WhatWasAcknowledgedSurvivesACrash": func(w *world) {
			for round := range 3 {
				done := w.crowd(fmt.Sprint(round))
				w.killAndReopen()
				for _, j := range done {
					w.survived(j)
				}
			}
		},
		"APushedRequestIsLostInACrashNeverReplayed": func(w *world) {
			w.ok(w.store.PutTemporary(w.ctx, store.PushedRequests, hash("a"), []byte("v"), w.clock.now().Add(time.Minute)))
			_, err := w.store.TakeTemporary(w.ctx, store.PushedRequests, hash("a"))
			w.ok(err)
			w.killAndReopen()
			_, err = w.store.TakeTemporary(w.ctx, store.PushedRequests, hash("a"))
			w.refused(err, store.ErrNotFound)
		},
		"AClosedStoreRefusesEverything": func(w *world) {
			j := w.journey().agree().redeem()
			w.ok(w.store.Close())
			w.ok(w.store.Close())
			w.refused(j.deliver(j.deliverCmd()), store.ErrUnavailable)
			_, err := j.tokenState()
			w.refused(err, store.ErrUnavailable)
			_, err = w.store.Once(w.ctx, store.Assertions, hash("a"), w.clock.now().Add(time.Minute))
			w.refused(err, store.ErrUnavailable)
			if w.store.Health(w.ctx).Writable {
				w.t.Fatalf("a closed store says it can write")
			}
			w.open()
			w.ok(j.deliver(j.deliverCmd()))
		},
	})
}

// crowd is many journeys at once, each left at another step; it returns those
// whose last step was acknowledged.
func (w *world) crowd(round string) []*journey {
	const n = 40
	done := make([]*journey, n)
	var all sync.WaitGroup
	for i := range n {
		j := w.journey()
		j.citizen = "citizen" + round
		done[i] = j
		all.Go(func() {
			j.agree()
			if i%4 > 0 {
				j.redeem()
			}
			if i%4 > 1 {
				w.ok(j.deliver(j.deliverCmd()))
			}
			if i%4 > 2 {
				w.ok(j.withdraw(j.withdrawCmd()))
			}
		})
	}
	all.Wait()
	return done
}

func (w *world) survived(j *journey) {
	w.t.Helper()
	g, err := w.store.Grant(w.ctx, j.grant)
	w.ok(err)
	_, err = w.store.Receipt(w.ctx, j.receipt.ID)
	w.ok(err)
	events, err := w.store.EventsOf(w.ctx, j.grant)
	w.ok(err)
	if len(events) < 4 || events[len(events)-1].Index != g.LastIndex {
		w.t.Fatalf("grant of %d events ends at %d", len(events), g.LastIndex)
	}
	if g.State == store.Given {
		return
	}
	w.refused(j.deliver(j.deliverCmd()), store.ErrRevoked)
}
