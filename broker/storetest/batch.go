package storetest

import (
	"errors"
	"sync"
	"testing"

	"accord/broker/store"
)

// testBatch holds one job up in its turn, so that the others queue behind it
// and are committed together.
func testBatch(t *testing.T, f Factory) {
	cases(t, f, map[string]func(*world){
		"AFailingJobSpoilsNoOther": func(w *world) {
			const n = 60
			good, stale, late := make([]*journey, n), make([]*journey, n), make([]*journey, n)
			for i := range n {
				good[i], stale[i], late[i] = w.journey().look(), w.journey().look(), w.journey().look()
			}
			w.together(func(all *sync.WaitGroup) {
				for i := range n {
					all.Go(func() {
						if err := good[i].tryAgree(nil)(); err != nil {
							w.t.Errorf("a good decision beside bad ones: %v", err)
						}
					})
					all.Go(func() {
						err := stale[i].tryAgree(func(c *store.DecideCmd) { c.Receipt.KeyID = "unknown" })()
						if !errors.Is(err, store.ErrStale) {
							w.t.Errorf("a stale decision beside good ones: %v", err)
						}
					})
					all.Go(func() { // fails only when its event is encoded
						if err := late[i].tryAgree(func(c *store.DecideCmd) { c.Event.Mode = "é" })(); err == nil {
							w.t.Errorf("an event beyond ASCII was logged")
						}
					})
				}
			})
			for i := range n {
				good[i].redeem()
				for _, j := range []*journey{stale[i], late[i]} {
					_, err := w.store.Grant(w.ctx, j.grant)
					w.refused(err, store.ErrNotFound)
				}
			}
		},
		"JobsOfABatchSeeEachOther": func(w *world) {
			j := w.journey().look()
			var mu sync.Mutex
			var won, lost int
			w.together(func(all *sync.WaitGroup) {
				for range 32 {
					cmd := j.agreeCmd()
					all.Go(func() {
						_, err := w.store.Decide(w.ctx, cmd)
						mu.Lock()
						defer mu.Unlock()
						switch {
						case err == nil:
							won++
						case errors.Is(err, store.ErrConflict):
							lost++
						}
					})
				}
			})
			if won != 1 || lost != 31 {
				w.t.Fatalf("%d decisions won, %d lost", won, lost)
			}
		},
		"WithdrawalAndDeliveryAreInOneOrder": func(w *world) {
			j := w.journey().agree().redeem()
			w.together(func(all *sync.WaitGroup) {
				for range 16 {
					cmd := j.deliverCmd()
					all.Go(func() { _ = j.deliver(cmd) })
				}
				cmd := j.withdrawCmd()
				all.Go(func() { w.ok(j.withdraw(cmd)) })
				for range 16 {
					cmd := j.deliverCmd()
					all.Go(func() { _ = j.deliver(cmd) })
				}
			})
			entries, err := w.store.EventsOf(w.ctx, j.grant)
			w.ok(err)
			if last := entries[len(entries)-1].Kind.String(); last != "consent.withdrawn" {
				w.t.Fatalf("a %s stands after the withdrawal", last)
			}
		},
	})
}

// together runs commands while the store is busy with one, and waits for all.
func (w *world) together(start func(*sync.WaitGroup)) {
	w.t.Helper()
	j := w.journey().agree()
	holding, release := make(chan struct{}), make(chan struct{})
	cmd := j.redeemCmd()
	var once sync.Once
	open := cmd.Open
	cmd.Open = func(bound, wrapped []byte) (store.Token, error) {
		once.Do(func() { close(holding); <-release })
		return open(bound, wrapped)
	}
	var all sync.WaitGroup
	all.Go(func() {
		if _, err := w.store.Redeem(w.ctx, cmd); err != nil {
			w.t.Errorf("redeeming: %v", err)
		}
	})
	<-holding
	start(&all)
	close(release)
	all.Wait()
}
