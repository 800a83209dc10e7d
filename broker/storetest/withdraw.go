package storetest

import (
	"testing"

	"accord/broker/store"
	"accord/consent/audit"
)

func testWithdraw(t *testing.T, f Factory) {
	cases(t, f, map[string]func(*world){
		"WithdrawnConsentReleasesNothing": func(w *world) {
			j := w.journey().agree().redeem()
			w.ok(j.deliver(j.deliverCmd()))
			cmd := j.withdrawCmd()
			w.ok(j.withdraw(cmd))
			j.dead(store.Withdrawn, store.ErrRevoked)
			w.kinds(j, audit.LookupRequested, audit.SourceQueried, audit.SourceAnswered, audit.ConsentGranted,
				audit.ReleaseCompleted, audit.ConsentWithdrawn)
			r, err := w.store.Receipt(w.ctx, cmd.Receipt.ID)
			w.ok(err)
			if string(r.JWS) != string(cmd.Receipt.JWS) || r.Grant != j.grant || r.Citizen != citizen {
				w.t.Fatalf("withdrawal is kept as %+v", r)
			}
		},
		"WithdrawnConsentReleasesNothingAfterACrash": func(w *world) {
			j := w.journey().agree().redeem()
			w.ok(j.withdraw(j.withdrawCmd()))
			w.killAndReopen()
			j.dead(store.Withdrawn, store.ErrRevoked)
		},
		"OnlyTheCitizenWithdraws": func(w *world) {
			j := w.journey().agree()
			for _, who := range []string{"another", ""} {
				cmd := j.withdrawCmd()
				cmd.Citizen = who
				w.logsNothing(store.ErrNotFound, func() error { return j.withdraw(cmd) })
			}
			cmd := j.withdrawCmd()
			cmd.Grant = "g_unknown"
			w.logsNothing(store.ErrNotFound, func() error { return j.withdraw(cmd) })
		},
		"AGrantEndsOnce": func(w *world) {
			j := w.journey().agree()
			w.ok(j.withdraw(j.withdrawCmd()))
			w.logsNothing(store.ErrRevoked, func() error { return j.withdraw(j.withdrawCmd()) })
			w.logsNothing(store.ErrRevoked, j.tryRevoke)
			over := w.journey().agree()
			w.clock.move(grantLife)
			w.logsNothing(store.ErrRevoked, func() error { return over.withdraw(over.withdrawCmd()) })
		},
		"AWithdrawalSignedWithARetiredKeyIsStale": func(w *world) {
			j := w.journey().agree()
			w.retireKey()
			w.logsNothing(store.ErrStale, func() error { return j.withdraw(j.withdrawCmd()) })
		},
		"AWithdrawalFollowsItsOwnReceipt": func(w *world) {
			j, other := w.journey().agree(), w.journey().agree()
			cmd := j.withdrawCmd()
			cmd.Receipt.Previous = other.receipt.Digest
			w.logsNothing(store.ErrConflict, func() error { return j.withdraw(cmd) })
		},
		"ARevokedGrantReleasesNothing": func(w *world) {
			j := w.journey().agree().redeem()
			w.ok(j.tryRevoke())
			j.dead(store.Revoked, store.ErrRevoked)
			w.logsNothing(store.ErrRevoked, func() error { return j.withdraw(j.withdrawCmd()) })
			g, err := w.store.Grant(w.ctx, j.grant)
			w.ok(err)
			if ev := w.event(g.LastIndex); ev.Reason != "suspension" || ev.Kind != audit.ConsentRevoked.String() {
				w.t.Fatalf("revocation is logged as %+v", ev)
			}
			_, err = w.store.Revoke(w.ctx, "g_unknown", "suspension")
			w.refused(err, store.ErrNotFound)
		},
		"OneWithdrawalLeavesOtherGrantsAlive": func(w *world) {
			j, other := w.journey().agree().redeem(), w.journey().agree().redeem()
			w.ok(j.withdraw(j.withdrawCmd()))
			w.ok(other.deliver(other.deliverCmd()))
		},
	})
}

func (j *journey) tryRevoke() error {
	_, err := j.w.store.Revoke(j.w.ctx, j.grant, "suspension")
	return err
}
