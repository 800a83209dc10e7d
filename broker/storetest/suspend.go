package storetest

import (
	"testing"
	"time"

	"accord/broker/store"
	"accord/consent/audit"
)

func testSuspend(t *testing.T, f Factory) {
	cases(t, f, map[string]func(*world){
		"NothingPassesUnderASuspendedApproval": func(w *world) {
			asked, looked, live := w.journey(), w.journey().look(), w.journey().agree().redeem()
			made := w.suspend("misuse")
			w.logsNothing(store.ErrNotCovered, func() error { _, err := w.store.RequestLookup(w.ctx, asked.lookupCmd()); return err })
			w.logsNothing(store.ErrNotCovered, looked.tryQuery(nil))
			w.logsNothing(store.ErrNotCovered, looked.tryAgree(nil))
			w.logsNothing(store.ErrNotCovered, func() error { return live.deliver(live.deliverCmd()) })
			if ev := w.event(w.size() - 1); ev.Reason != "suspended:misuse" || ev.Digest != approvalDigest() || ev.ID != approval || made.Position == "" {
				w.t.Fatalf("the suspension is logged as %+v", ev)
			}
		},
		"ASuspensionOutlivesEveryAnnouncementButTheOneThatNamesIt": func(w *world) {
			live := w.journey().agree().redeem()
			made := w.suspend("security")
			w.killAndReopen()
			again := w.approval()
			w.ok(w.store.Announce(w.ctx, []store.Public{w.key(), again}))
			again.Digest, again.Approval.Digest = audit.Digest([]byte("another version")), audit.Digest([]byte("another version"))
			again.Approval.Resumes = "localhost/log/1#1"
			w.ok(w.store.Announce(w.ctx, []store.Public{again}))
			if ev := w.event(w.size() - 1); ev.Reason != "suspended:security" {
				w.t.Fatalf("another version is announced as %q", ev.Reason)
			}
			w.ok(w.store.Announce(w.ctx, []store.Public{w.removed()}))
			w.ok(w.store.Announce(w.ctx, []store.Public{again}))
			w.logsNothing(store.ErrNotCovered, func() error { return live.deliver(live.deliverCmd()) })
			again.Approval.Resumes = made.Position
			w.ok(w.store.Announce(w.ctx, []store.Public{again}))
			if ev := w.event(w.size() - 1); ev.Reason != audit.ApprovalResumed {
				w.t.Fatalf("the version that names it is announced as %q", ev.Reason)
			}
			w.ok(live.deliver(live.deliverCmd()))
			w.logsNothing(nil, func() error { return w.store.Announce(w.ctx, []store.Public{again}) })
			w.suspend("other") // which that version does not name
			w.ok(w.store.Announce(w.ctx, []store.Public{again}))
			w.logsNothing(store.ErrNotCovered, func() error { return live.deliver(live.deliverCmd()) })
		},
		"ASuspensionIsSaidOnceInAWordOfTheList": func(w *world) {
			for id, reason := range map[string]string{approval: "because of Camille", "unknown": "misuse"} {
				w.logsNothing(nil, func() error {
					if _, err := w.store.SuspendApproval(w.ctx, id, reason); err == nil {
						w.t.Fatalf("suspended %s: %s", id, reason)
					}
					return nil
				})
			}
			w.suspend("request")
			w.logsNothing(store.ErrConflict, func() error { _, err := w.store.SuspendApproval(w.ctx, approval, "misuse"); return err })
		},
		"ATokenSaysWhetherItsApprovalIsInForce": func(w *world) {
			live, identified := w.journey().agree().redeem(), w.journey().recognised().redeem()
			inForce := func(want bool) {
				w.t.Helper()
				for _, j := range []*journey{live, identified} {
					state, err := w.store.Token(w.ctx, j.token)
					if w.ok(err); state.InForce != want {
						w.t.Fatalf("in force: %t", state.InForce)
					}
				}
			}
			inForce(true)
			made := w.suspend("misuse")
			inForce(false)
			w.changeApproval(func(a *store.ApprovalState) { a.Resumes = made.Position })
			inForce(true)
			w.ok(w.store.Announce(w.ctx, []store.Public{w.removed()}))
			inForce(false)
		},
		"NothingPassesUnderARemovedApproval": func(w *world) {
			live := w.journey().agree().redeem()
			w.ok(w.store.Announce(w.ctx, []store.Public{w.removed()}))
			w.logsNothing(store.ErrNotCovered, func() error { return live.deliver(live.deliverCmd()) })
			w.logsNothing(store.ErrNotFound, func() error { _, err := w.store.SuspendApproval(w.ctx, approval, "misuse"); return err })
		},
		"AnApprovalEndsAtTheInstantTheLogSays": func(w *world) {
			live := w.journey().agree().redeem()
			end := w.clock.now().Add(time.Minute)
			w.changeApproval(func(a *store.ApprovalState) { a.NotAfter = end })
			if ev := w.event(w.size() - 1); ev.ValidUntil != end.Format(audit.TimeLayout) {
				w.t.Fatalf("the end is logged as %q", ev.ValidUntil)
			}
			w.clock.move(time.Minute - time.Millisecond)
			w.ok(live.deliver(live.deliverCmd()))
			w.clock.move(time.Millisecond)
			w.logsNothing(store.ErrNotCovered, func() error { return live.deliver(live.deliverCmd()) })
			w.changeApproval(func(a *store.ApprovalState) { a.NotAfter = end.Add(time.Hour) })
			if ev := w.event(w.size() - 1); ev.Reason != audit.ApprovalRenewed {
				w.t.Fatalf("a later end is logged as %q", ev.Reason)
			}
			w.ok(live.deliver(live.deliverCmd()))
		},
		"ApprovalsAreListedAsTheLogLastSaid": func(w *world) {
			w.suspend("authority")
			all, err := w.store.Approvals(w.ctx)
			w.ok(err)
			if len(all) != 1 || all[0].State.ID != approval || all[0].Suspended == nil || all[0].Suspended.Reason != "authority" ||
				all[0].Position != all[0].Suspended.Position || !all[0].Time.Equal(all[0].Suspended.Time) {
				w.t.Fatalf("listed %+v", all)
			}
		},
	})
}

func (w *world) suspend(reason string) store.Suspension {
	w.t.Helper()
	made, err := w.store.SuspendApproval(w.ctx, approval, reason)
	w.ok(err)
	return made
}

// removed announces that the approval's file is gone.
func (w *world) removed() store.Public {
	p := w.approval()
	p.Event.Reason = audit.ApprovalRemoved
	return p
}
