package storetest

import (
	"testing"
	"time"

	"accord/broker/store"
	"accord/consent/audit"
)

func testDeliver(t *testing.T, f Factory) {
	cases(t, f, map[string]func(*world){
		"ADeliveryPointsToItsConsent": func(w *world) {
			j := w.journey().agree().redeem()
			logged, err := w.store.Deliver(w.ctx, j.deliverCmd())
			w.ok(err)
			ev := w.event(logged.Position.Index)
			if ev.Grant != j.grant || ev.Citizen != citizen || ev.Recipient != recipient || ev.Client != client ||
				ev.Prev == nil || *ev.Prev != j.decided.Position.Index {
				w.t.Fatalf("delivery is logged as %+v", ev)
			}
			w.kinds(j, audit.LookupRequested, audit.SourceQueried, audit.SourceAnswered, audit.ConsentGranted, audit.ReleaseCompleted)
		},
		"DeliveredIsASubsetOfAgreed": func(w *world) {
			j := w.journey().look()
			cmd := j.agreeCmd()
			cmd.Grant.Data, cmd.Grant.Fields = approvedData()[:1], approvedFields()[1:]
			j.decide(cmd).redeem()
			bad := j.deliverCmd()
			w.logsNothing(store.ErrNotCovered, func() error { return j.deliver(bad) })
			bad.Event.Data = approvedData()[:1]
			w.logsNothing(store.ErrNotCovered, func() error { return j.deliver(bad) })
			bad.Event.Fields = approvedFields()[1:]
			w.ok(j.deliver(bad))
		},
		"NothingIsDeliveredBeyondTheApproval": func(w *world) {
			for name, change := range map[string]func(*store.ApprovalState){
				"suspended":      func(a *store.ApprovalState) { a.InForce = false },
				"over":           func(a *store.ApprovalState) { a.NotAfter = w.clock.now().Add(-time.Minute) },
				"not yet":        func(a *store.ApprovalState) { a.NotBefore = w.clock.now().Add(time.Minute) },
				"narrower data":  func(a *store.ApprovalState) { a.Data = approvedData()[:1] },
				"narrower field": func(a *store.ApprovalState) { a.Fields = approvedFields()[:1] },
				"other party":    func(a *store.ApprovalState) { a.Recipient = "99900020100015" },
			} {
				j := w.journey().agree().redeem()
				w.changeApproval(change)
				before := w.size()
				if err := j.deliver(j.deliverCmd()); err == nil || w.size() != before {
					w.t.Fatalf("%s: %v, %d events", name, err, w.size()-before)
				}
				w.changeApproval(func(*store.ApprovalState) {})
				w.ok(j.deliver(j.deliverCmd()))
			}
		},
		"AnotherRecipientGetsNothing": func(w *world) {
			j := w.journey().agree().redeem()
			cmd := j.deliverCmd()
			cmd.Recipient = "99900020100015"
			w.logsNothing(store.ErrNotCovered, func() error { return j.deliver(cmd) })
		},
		"AnotherSnapshotIsNotDelivered": func(w *world) {
			j, other := w.journey().agree().redeem(), w.journey().agree().redeem()
			cmd := j.deliverCmd()
			cmd.Event.Snapshot = other.snapshot
			w.logsNothing(store.ErrNotCovered, func() error { return j.deliver(cmd) })
		},
		"CeilingsCountFetchesNotDeliveries": func(w *world) {
			j := w.journey().agree().redeem()
			for range 3 {
				w.ok(j.deliver(j.deliverCmd()))
			}
			g, err := w.store.Grant(w.ctx, j.grant)
			w.ok(err)
			if len(g.Snapshots) != 1 || g.Snapshots[0] != j.snapshot {
				w.t.Fatalf("fetches counted: %v", g.Snapshots)
			}
		},
		"AReleaseIDIsUsedOnce": func(w *world) {
			j := w.journey().agree().redeem()
			cmd := j.deliverCmd()
			w.ok(j.deliver(cmd))
			w.logsNothing(store.ErrConflict, func() error { return j.deliver(cmd) })
		},
		"AnUnknownTokenDeliversNothing": func(w *world) {
			j := w.journey().agree()
			w.logsNothing(store.ErrNotFound, func() error { return j.deliver(j.deliverCmd()) })
		},
		"AnExpiredTokenDeliversNothing": func(w *world) {
			j := w.journey().agree().redeem()
			w.clock.move(tokenLife - time.Millisecond)
			w.ok(j.deliver(j.deliverCmd()))
			w.clock.move(time.Millisecond)
			j.dead(store.Given, store.ErrExpired)
		},
		"AFailedDeliveryIsLoggedEvenOfADeadToken": func(w *world) {
			j := w.journey().agree().redeem()
			cmd := store.FailDeliveryCmd{Token: j.token, Event: audit.Event{Release: w.id("release"), Reason: "masking_refused"}}
			_, err := w.store.FailDelivery(w.ctx, cmd)
			w.ok(err)
			_, err = w.store.FailDelivery(w.ctx, cmd)
			w.refused(err, store.ErrConflict)
			w.ok(j.withdraw(j.withdrawCmd()))
			cmd.Event.Release = w.id("release")
			logged, err := w.store.FailDelivery(w.ctx, cmd)
			w.ok(err)
			if ev := w.event(logged.Position.Index); ev.Reason != "masking_refused" || ev.Grant != j.grant {
				w.t.Fatalf("failure is logged as %+v", ev)
			}
			cmd.Token = hash("unknown")
			cmd.Event.Release = w.id("release")
			_, err = w.store.FailDelivery(w.ctx, cmd)
			w.refused(err, store.ErrNotFound)
		},
	})
}

// event is the opened event at an index.
func (w *world) event(index int64) audit.Event {
	w.t.Helper()
	entries, err := w.store.Entries(w.ctx, index, index+1)
	w.ok(err)
	if len(entries) != 1 {
		w.t.Fatalf("no event %d", index)
	}
	ev, kind, err := audit.Decode(entries[0].Event)
	w.ok(err)
	if kind != entries[0].Kind {
		w.t.Fatalf("event %d is %s in its leaf, %s in its bytes", index, entries[0].Kind, kind)
	}
	return ev
}
