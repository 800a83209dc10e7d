package storetest

import (
	"testing"

	"accord/broker/store"
	"accord/consent/audit"
)

func testAnnounce(t *testing.T, f Factory) {
	cases(t, f, map[string]func(*world){
		"WhatTheLogSaysIsNotSaidAgain": func(w *world) {
			w.logsNothing(nil, func() error { return w.store.Announce(w.ctx, []store.Public{w.key(), w.approval()}) })
			w.killAndReopen()
			w.logsNothing(nil, func() error { return w.store.Announce(w.ctx, []store.Public{w.key(), w.approval()}) })
		},
		"AChangeIsSaidOnce": func(w *world) {
			before := w.size()
			for range 2 {
				w.changeApproval(func(a *store.ApprovalState) { a.InForce = false })
			}
			w.ok(w.store.Announce(w.ctx, []store.Public{
				{Kind: audit.NoticePublished, ID: "notice-1", Digest: "d1"},
				{Kind: audit.PolicyChanged, ID: "catalogue", Digest: "d1"},
				{Kind: audit.NoticePublished, ID: "notice-1", Digest: "d2"},
			}))
			if w.size() != before+4 {
				w.t.Fatalf("%d events, want 4", w.size()-before)
			}
		},
		"AnnouncementsHaveAPublicOpening": func(w *world) {
			w.ok(w.store.Announce(w.ctx, []store.Public{{Kind: audit.PolicyChanged, ID: "catalogue", Digest: "d1"}}))
			entries, err := w.store.Entries(w.ctx, w.size()-1, w.size())
			w.ok(err)
			if entries[0].Salt != [32]byte{} || entries[0].Kind != audit.PolicyChanged {
				w.t.Fatalf("announcement is opened by %+v", entries[0])
			}
		},
		"AllOrNothingIsAnnounced": func(w *world) {
			before := w.size()
			for _, bad := range []store.Public{
				{Kind: audit.ConsentGranted, ID: "x", Digest: "d"},
				{Kind: audit.KeyActivated, Digest: "d"},
				{Kind: audit.ApprovalChanged, ID: "x", Digest: "d"},
				{Kind: audit.KeyActivated, ID: "clé", Digest: "d"},
			} {
				good := store.Public{Kind: audit.PolicyChanged, ID: "good", Digest: "d"}
				if err := w.store.Announce(w.ctx, []store.Public{good, bad}); err == nil {
					w.t.Fatalf("announced %+v", bad)
				}
			}
			if w.size() != before {
				w.t.Fatalf("%d events logged", w.size()-before)
			}
		},
		"OneKeyFollowsAnotherInOneTransaction": func(w *world) {
			next := w.key()
			next.ID, next.Digest = "receipt-2", audit.Digest([]byte("receipt-2"))
			retired := store.Public{Kind: audit.KeyRetired, ID: keyID}
			bad := store.Public{Kind: audit.ConsentGranted, ID: "x", Digest: "d"}
			if w.store.Announce(w.ctx, []store.Public{next, retired, bad}) == nil {
				w.t.Fatalf("announced")
			}
			w.journey().agree() // the old one still signs
			before := w.size()
			w.ok(w.store.Announce(w.ctx, []store.Public{next, retired}))
			if w.size() != before+2 || w.event(before).Time != w.event(before+1).Time {
				w.t.Fatalf("%d events", w.size()-before)
			}
			w.killAndReopen()
			w.ok(w.store.Announce(w.ctx, []store.Public{w.key(), next})) // as each start does
			j := w.journey().look()
			w.logsNothing(store.ErrStale, j.tryAgree(nil))
			w.ok(j.tryAgree(func(c *store.DecideCmd) { c.Receipt.KeyID = "receipt-2" })())
		},
		"ACompromisedKeySignsNothingMore": func(w *world) {
			j := w.journey().agree()
			w.ok(w.store.Announce(w.ctx, []store.Public{{Kind: audit.KeyCompromised, ID: keyID, Event: audit.Event{Reason: "stolen"}}}))
			w.logsNothing(store.ErrStale, func() error { return j.withdraw(j.withdrawCmd()) })
			w.reopen()
			w.logsNothing(store.ErrStale, w.journey().look().tryAgree(nil))
		},
		"KeyEventsAreListedInLogOrder": func(w *world) {
			w.retireKey()
			keys, err := w.store.PublishedKeys(w.ctx)
			w.ok(err)
			if len(keys) != 2 || keys[0].Kind != audit.KeyActivated || keys[1].Kind != audit.KeyRetired || keys[0].Index >= keys[1].Index {
				w.t.Fatalf("key events are %+v", keys)
			}
		},
	})
}
