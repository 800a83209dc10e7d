package storetest

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"accord/broker/store"
	"accord/consent/audit"
)

func testChange(t *testing.T, f Factory) {
	cases(t, f, map[string]func(*world){
		"ADatumLeftOutIsDeliveredNoMore": func(w *world) {
			j := w.journey().agree().redeem()
			w.ok(j.deliver(j.deliverCmd()))
			cmd := j.changeCmd()
			w.ok(j.change(cmd))
			j.covers(cmd)
			w.killAndReopen()
			j.covers(cmd)
			w.kinds(j, audit.LookupRequested, audit.SourceQueried, audit.SourceAnswered, audit.ConsentGranted,
				audit.ReleaseCompleted, audit.ConsentRenewed, audit.ReleaseCompleted, audit.ReleaseCompleted)
			r, err := w.store.Receipt(w.ctx, cmd.Receipt.ID)
			w.ok(err)
			if string(r.JWS) != string(cmd.Receipt.JWS) || r.Grant != j.grant || r.Citizen != citizen {
				w.t.Fatalf("the changed choice is kept as %+v", r)
			}
		},
		"ADatumLeftOutIsFetchedNoMore": func(w *world) {
			j := w.recurring()
			w.ok(j.change(j.changeCmd()))
			left := approvedData()[1:]
			w.logsNothing(store.ErrNotCovered, j.tryFetch(func(ev *audit.Event) { ev.Data = left }))
			w.ok(j.tryFetch(func(ev *audit.Event) { ev.Data = approvedData()[:1] })())
		},
		"WhatWasBeingFetchedIsDeliveredNoMore": func(w *world) {
			j := w.recurring()
			q := j.fetchCmd()
			q.Event.Data = approvedData()[1:]
			_, err := w.store.QuerySource(w.ctx, q)
			w.ok(err)
			w.ok(j.change(j.changeCmd()))
			cmd := j.fetchedCmd(q)
			cmd.Event.Data, cmd.Event.Fields = approvedData()[1:], approvedFields()[:1]
			w.logsNothing(store.ErrNotCovered, func() error { _, err := w.store.Deliver(w.ctx, cmd); return err })
		},
		"AChangeOnlyNarrows": func(w *world) {
			j := w.journey().agree()
			for name, bend := range map[string]func(*store.ChangeCmd){
				"nothing left":   func(c *store.ChangeCmd) { c.Data = nil },
				"no field left":  func(c *store.ChangeCmd) { c.Fields = nil },
				"nothing less":   func(c *store.ChangeCmd) { c.Data = approvedData() },
				"another datum":  func(c *store.ChangeCmd) { c.Data = []string{"cnaf_enfants"} },
				"another field":  func(c *store.ChangeCmd) { c.Fields = []string{"dss/quotient_familial#enfants[].prenoms"} },
				"one said twice": func(c *store.ChangeCmd) { c.Data = slices.Repeat(approvedData()[:1], 2) },
			} {
				cmd := j.changeCmd()
				bend(&cmd)
				before := w.size()
				if err := j.change(cmd); !errors.Is(err, store.ErrNotCovered) || w.size() != before {
					w.t.Fatalf("%s: %v", name, err)
				}
			}
			w.ok(j.change(j.changeCmd()))
			w.logsNothing(store.ErrNotCovered, func() error { return j.change(j.changeCmd()) })
		},
		"OnlyTheCitizenChangesTheirChoice": func(w *world) {
			j := w.journey().agree()
			for _, who := range []string{"another", ""} {
				cmd := j.changeCmd()
				cmd.Citizen = who
				w.logsNothing(store.ErrNotFound, func() error { return j.change(cmd) })
			}
			cmd := j.changeCmd()
			cmd.Grant = "g_unknown"
			w.logsNothing(store.ErrNotFound, func() error { return j.change(cmd) })
		},
		"OnlyALiveGrantIsChanged": func(w *world) {
			j := w.journey().agree()
			w.ok(j.withdraw(j.withdrawCmd()))
			w.logsNothing(store.ErrRevoked, func() error { return j.change(j.changeCmd()) })
			over := w.journey().agree()
			w.clock.move(grantLife)
			w.logsNothing(store.ErrRevoked, func() error { return over.change(over.changeCmd()) })
			frozen := w.journey().agree()
			w.changeApproval(func(a *store.ApprovalState) { a.InForce = false })
			w.logsNothing(store.ErrNotCovered, func() error { return frozen.change(frozen.changeCmd()) })
		},
		"AChangeFollowsTheLastReceipt": func(w *world) {
			j, other := w.journey().agree(), w.journey().agree()
			for _, previous := range []string{other.receipt.Digest, ""} {
				cmd := j.changeCmd()
				cmd.Receipt.Previous = previous
				w.logsNothing(store.ErrConflict, func() error { return j.change(cmd) })
			}
			late := j.withdrawCmd()
			w.ok(j.change(j.changeCmd()))
			w.logsNothing(store.ErrConflict, func() error { return j.withdraw(late) }) // signed on the receipt before
			w.ok(j.withdraw(j.withdrawCmd()))
		},
		"AChangeSignedWithARetiredKeyIsStale": func(w *world) {
			j := w.journey().agree()
			w.retireKey()
			w.logsNothing(store.ErrStale, func() error { return j.change(j.changeCmd()) })
		},
		"OfTwoChangesOrAWithdrawalAtOnceEachStandsAlone": func(w *world) {
			for range 8 {
				j := w.journey().agree()
				var done sync.WaitGroup
				errs := make([]error, 3)
				first, second, end := j.changeCmd(), j.changeCmd(), j.withdrawCmd()
				for i, do := range []func() error{
					func() error { _, err := w.store.Change(w.ctx, first); return err },
					func() error { _, err := w.store.Change(w.ctx, second); return err },
					func() error { return j.withdraw(end) },
				} {
					done.Go(func() { errs[i] = do() })
				}
				done.Wait()
				won := 0
				for _, err := range errs {
					if err == nil {
						won++
					} else if !errors.Is(err, store.ErrConflict) && !errors.Is(err, store.ErrRevoked) {
						w.t.Fatalf("at once: %v", err)
					}
				}
				if won != 1 {
					w.t.Fatalf("%d of three acts that follow one receipt stand: %v", won, errs)
				}
			}
		},
		"AnErasedGrantTakesItsChangedChoicesAlong": func(w *world) {
			j := w.journey().agree()
			cmd := j.changeCmd()
			w.ok(j.change(cmd))
			w.clock.move(grantLife)
			_, err := w.store.Erase(w.ctx, store.EraseCmd{Grant: j.grant, Reason: "request", Request: "D-2026-8"})
			w.ok(err)
			_, err = w.store.Receipt(w.ctx, cmd.Receipt.ID)
			w.refused(err, store.ErrNotFound)
			all, err := w.store.ReceiptsOf(w.ctx, citizen)
			w.ok(err)
			if len(all) != 0 {
				w.t.Fatalf("%d receipts are left", len(all))
			}
		},
	})
}

// changeCmd keeps the first of the agreed data.
func (j *journey) changeCmd() store.ChangeCmd {
	r := j.w.newReceipt("renewed")
	r.Previous = j.receipt.Digest
	return store.ChangeCmd{Grant: j.grant, Citizen: j.citizen, Receipt: r, Data: approvedData()[:1], Fields: approvedFields()[1:]}
}

func (j *journey) change(cmd store.ChangeCmd) error {
	_, err := j.w.store.Change(j.w.ctx, cmd)
	if err == nil {
		j.receipt = cmd.Receipt
	}
	return err
}

// covers fails unless what was kept is delivered, under the token already out,
// and what was left out is not.
func (j *journey) covers(cmd store.ChangeCmd) {
	j.w.t.Helper()
	j.w.logsNothing(store.ErrNotCovered, func() error { return j.deliver(j.deliverCmd()) })
	left := j.deliverCmd()
	left.Event.Data, left.Event.Fields = approvedData()[1:], approvedFields()[:1]
	j.w.logsNothing(store.ErrNotCovered, func() error { return j.deliver(left) })
	kept := j.deliverCmd()
	kept.Event.Data, kept.Event.Fields = cmd.Data, cmd.Fields
	j.w.ok(j.deliver(kept))
	state, err := j.tokenState()
	j.w.ok(err)
	if g := state.Grant; !slices.Equal(g.Data, cmd.Data) || !slices.Equal(g.Fields, cmd.Fields) || g.Receipt != cmd.Receipt.ID || g.State != store.Given {
		j.w.t.Fatalf("after the change the token leads to %+v", g)
	}
}
