package storetest

import (
	"testing"
	"time"

	"accord/broker/store"
	"accord/consent/audit"
)

func testSweep(t *testing.T, f Factory) {
	cases(t, f, map[string]func(*world){
		"SweepForgetsOnlyWhatExpired": func(w *world) {
			j := w.journey().agree().redeem()
			w.clock.move(tokenLife - time.Second)
			w.ok(w.store.Sweep(w.ctx))
			w.ok(j.deliver(j.deliverCmd()))
			j.answered(true)
			w.clock.move(48 * time.Hour)
			w.ok(w.store.Sweep(w.ctx))
			_, err := j.tokenState()
			w.refused(err, store.ErrNotFound)
			_, err = w.store.Redeem(w.ctx, j.redeemCmd())
			w.refused(err, store.ErrNotFound)
			_, err = w.store.Answer(w.ctx, j.id)
			w.refused(err, store.ErrNotFound)
		},
		"SweepLeavesReceiptsGrantsAndLog": func(w *world) {
			j := w.journey().agree().redeem()
			before := w.size()
			w.clock.move(48 * time.Hour)
			w.ok(w.store.Sweep(w.ctx))
			if w.size() != before {
				w.t.Fatalf("sweeping logged %d events", w.size()-before)
			}
			_, err := w.store.Grant(w.ctx, j.grant)
			w.ok(err)
			_, err = w.store.Receipt(w.ctx, j.receipt.ID)
			w.ok(err)
			w.kinds(j, audit.LookupRequested, audit.SourceQueried, audit.SourceAnswered, audit.ConsentGranted)
		},
		"SweepGoesThroughMoreThanOneBatch": func(w *world) {
			journeys := make([]*journey, 150)
			for i := range journeys {
				journeys[i] = w.journey().agree()
			}
			w.clock.move(48 * time.Hour)
			w.ok(w.store.Sweep(w.ctx))
			for _, j := range journeys {
				_, err := w.store.Redeem(w.ctx, j.redeemCmd())
				w.refused(err, store.ErrNotFound)
			}
		},
	})
}
