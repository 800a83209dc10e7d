package storetest

import (
	"slices"
	"testing"
	"time"

	"accord/broker/store"
	"accord/consent/audit"
)

const hour = time.Hour

func testErase(t *testing.T, f Factory) {
	cases(t, f, map[string]func(*world){
		"AnErasedGrantLeavesNothingButItsLeaves": func(w *world) {
			other, j := w.journey().agree().redeem(), w.journey()
			w.wholeLife(j)
			before := w.allEntries()
			done, err := w.store.Erase(w.ctx, store.EraseCmd{Grant: j.grant, Reason: "request", Request: "D-2026-7"})
			w.ok(err)
			w.goneAll(j)
			w.named(done, before, "request", "D-2026-7")
			w.killAndReopen()
			w.goneAll(j)
			w.erasedAs(before, done.Indices)
			w.auditLog(nil)
			w.ok(other.deliver(other.deliverCmd()))
		},
		"AnErasedLeafIsStillProven": func(w *world) {
			j := w.journey()
			w.wholeLife(j)
			_, err := w.store.Erase(w.ctx, store.EraseCmd{Grant: j.grant, Reason: "retention"})
			w.ok(err)
			w.checkpoint()
			for _, e := range w.allEntries() {
				w.proven(e)
			}
		},
		"ALiveGrantIsNotErased": func(w *world) {
			j := w.journey().agree().redeem()
			w.logsNothing(store.ErrConflict, w.erasing(store.EraseCmd{Grant: j.grant, Reason: "request"}))
			w.logsNothing(store.ErrConflict, w.erasing(store.EraseCmd{Interaction: j.id, Reason: "request"}))
			w.ok(j.deliver(j.deliverCmd()))
			w.clock.move(grantLife)
			w.logsNothing(store.ErrConflict, w.erasing(store.EraseCmd{Interaction: j.id, Reason: "request"}))
			w.ok(w.erasing(store.EraseCmd{Grant: j.grant, Reason: "request"})())
		},
		"WhatWasErasedIsNotFoundAgain": func(w *world) {
			j, refused := w.journey(), w.journey().look()
			w.wholeLife(j)
			refused.decide(refused.refuseCmd())
			for _, cmd := range []store.EraseCmd{{Grant: j.grant, Reason: "retention"}, {Interaction: refused.id, Reason: "retention"}} {
				w.ok(w.erasing(cmd)())
				w.logsNothing(store.ErrNotFound, w.erasing(cmd))
			}
			w.logsNothing(store.ErrNotFound, w.erasing(store.EraseCmd{Interaction: j.id, Reason: "retention"}))
			w.logsNothing(store.ErrNotFound, w.erasing(store.EraseCmd{Grant: "g_unknown", Reason: "retention"}))
		},
		"ARefusalIsErasedWithItsLookUps": func(w *world) {
			for _, wait := range []time.Duration{0, 25 * hour} {
				j := w.journey().look().query()
				j.decide(j.refuseCmd())
				w.clock.move(wait)
				w.ok(w.store.Sweep(w.ctx))
				before := w.allEntries()
				done, err := w.store.Erase(w.ctx, store.EraseCmd{Interaction: j.id, Reason: "retention"})
				w.ok(err)
				if len(done.Indices) != 4 {
					w.t.Fatalf("erased %v", done.Indices)
				}
				w.named(done, before, "retention", "")
				w.erasedAs(before, done.Indices)
				_, err = w.store.Receipt(w.ctx, j.receipt.ID)
				w.refused(err, store.ErrNotFound)
			}
			w.auditLog(nil)
		},
		"AnOpenInteractionIsErasedOnceItIsForgotten": func(w *world) {
			j := w.journey().look()
			cmd := store.EraseCmd{Interaction: j.id, Reason: "retention"}
			w.logsNothing(store.ErrConflict, w.erasing(cmd))
			w.clock.move(25 * hour)
			w.ok(w.store.Sweep(w.ctx))
			w.ok(w.erasing(cmd)())
			w.unknown(j)
		},
		"AnErasureSaysWhatAndWhy": func(w *world) {
			j := w.journey()
			w.wholeLife(j)
			before := w.size()
			for _, cmd := range []store.EraseCmd{{Reason: "request"}, {Grant: j.grant}, {Grant: j.grant, Interaction: j.id, Reason: "request"}} {
				if w.erasing(cmd)() == nil || w.size() != before {
					w.t.Fatalf("%+v was done", cmd)
				}
			}
		},
		"TheCurrentEpochIsNotEmptied": func(w *world) {
			j := w.journey()
			w.wholeLife(j)
			done, err := w.store.Erase(w.ctx, store.EraseCmd{Grant: j.grant, Reason: "retention"})
			w.ok(err)
			if len(done.Epochs) != 1 {
				w.t.Fatalf("epochs are %v", done.Epochs)
			}
			_, err = w.store.MoveWraps(w.ctx, done.Epochs[0], 10)
			w.refused(err, store.ErrConflict)
		},
		"AnOperatorsActIsLogged": func(w *world) {
			logged, err := w.store.LogAdmin(w.ctx, audit.Event{ID: "erase.confirm", Reason: "request"})
			w.ok(err)
			if ev := w.event(logged.Position.Index); ev.Kind != audit.AdminAct.String() || ev.ID != "erase.confirm" || ev.Reason != "request" {
				w.t.Fatalf("logged %+v", ev)
			}
			before := w.size()
			if _, err := w.store.LogAdmin(w.ctx, audit.Event{}); err == nil || w.size() != before {
				w.t.Fatalf("an act without a name was logged")
			}
		},
	})
}

// wholeLife goes from the look-up to the withdrawal.
func (w *world) wholeLife(j *journey) {
	w.t.Helper()
	j.agree().redeem()
	w.ok(j.deliver(j.deliverCmd()))
	w.ok(j.withdraw(j.withdrawCmd()))
}

func (w *world) erasing(cmd store.EraseCmd) func() error {
	return func() error {
		_, err := w.store.Erase(w.ctx, cmd)
		return err
	}
}

// goneAll fails when anything still leads to what the grant was.
func (w *world) goneAll(j *journey) {
	w.t.Helper()
	_, err := w.store.Grant(w.ctx, j.grant)
	w.refused(err, store.ErrNotFound)
	_, err = w.store.EventsOf(w.ctx, j.grant)
	w.refused(err, store.ErrNotFound)
	_, err = w.store.Receipt(w.ctx, j.receipt.ID)
	w.refused(err, store.ErrNotFound)
	_, err = w.store.Answer(w.ctx, j.id)
	w.refused(err, store.ErrNotFound)
	_, err = j.tokenState()
	w.refused(err, store.ErrNotFound)
	_, err = w.store.Redeem(w.ctx, j.redeemCmd())
	w.refused(err, store.ErrNotFound)
	w.refused(j.deliver(j.deliverCmd()), store.ErrNotFound)
	w.refused(j.withdraw(j.withdrawCmd()), store.ErrNotFound)
	w.unknown(j)
	receipts, err := w.store.ReceiptsOf(w.ctx, citizen)
	w.ok(err)
	grants, err := w.store.GrantsOf(w.ctx, citizen)
	w.ok(err)
	if len(receipts) != 1 || len(grants) != 1 { // the other's
		w.t.Fatalf("%d receipts and %d grants are left", len(receipts), len(grants))
	}
}

// unknown fails unless the interaction is unknown.
func (w *world) unknown(j *journey) {
	w.t.Helper()
	_, err := w.store.EventsOfInteraction(w.ctx, j.id)
	w.refused(err, store.ErrNotFound)
}

// named holds the log's own word on an erasure against what was erased.
func (w *world) named(done store.Erasure, before []store.Entry, reason, request string) {
	w.t.Helper()
	ev := w.event(done.Logged.Position.Index)
	var kinds []string
	for _, i := range done.Indices {
		kinds = append(kinds, before[i].Kind.String())
	}
	if ev.Kind != audit.ErasureDone.String() || !slices.Equal(ev.Erased, done.Indices) || !slices.IsSorted(ev.Erased) ||
		!slices.Equal(ev.ErasedKinds, kinds) || ev.Reason != reason || ev.Request != request || ev.ID != "" {
		w.t.Fatalf("erasure of %v is logged as %+v", done.Indices, ev)
	}
}

// erasedAs: just these entries are erased, and every leaf is the one before.
func (w *world) erasedAs(before []store.Entry, indices []int64) {
	w.t.Helper()
	now := w.allEntries()
	for i, e := range before {
		erased := slices.Contains(indices, int64(i)) || e.Erased
		a := now[i]
		if a.Erased != erased || a.Leaf != e.Leaf || a.Kind != e.Kind || (a.Event == nil) != erased || erased && (a.Receipt != "" || a.Salt != [32]byte{}) {
			w.t.Fatalf("entry %d is %+v, was %+v", i, a, e)
		}
	}
}
