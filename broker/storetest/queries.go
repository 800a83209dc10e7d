package storetest

import (
	"testing"

	"accord/broker/store"
	"accord/consent/audit"
)

func testQueries(t *testing.T, f Factory) {
	cases(t, f, map[string]func(*world){
		"AWholeLifeIsListed": func(w *world) {
			j := w.journey().look().query().query()
			j.decide(j.agreeCmd()).redeem()
			w.ok(j.deliver(j.deliverCmd()))
			w.ok(j.withdraw(j.withdrawCmd()))
			w.kinds(j, audit.LookupRequested, audit.SourceQueried, audit.SourceAnswered, audit.SourceQueried, audit.SourceAnswered,
				audit.ConsentGranted, audit.ReleaseCompleted, audit.ConsentWithdrawn)
		},
		"ALateAnswerStaysInTheChain": func(w *world) {
			j := w.journey().look()
			logged, err := w.store.QuerySource(w.ctx, j.queryCmd())
			w.ok(err)
			j.decide(j.agreeCmd()).redeem()
			index := logged.Position.Index
			w.ok(w.store.AnswerSource(store.AnswerCmd{Event: audit.Event{Queried: &index, Interaction: j.id, Outcome: "unavailable"}}))
			w.ok(j.deliver(j.deliverCmd()))
			w.kinds(j, audit.LookupRequested, audit.SourceQueried, audit.ConsentGranted, audit.SourceAnswered, audit.ReleaseCompleted)
		},
		"ACitizenSeesTheirOwnActsNewestFirst": func(w *world) {
			first := w.journey().agree()
			other := w.journey()
			other.citizen = citizen + "B" // a longer name never shares another's rows
			other.agree()
			refused := w.journey().look()
			cmd := refused.refuseCmd()
			cmd.Event.Citizen, cmd.Event.Stage = citizen, "decision"
			refused.decide(cmd)
			second := w.journey().agree()
			w.ok(first.withdraw(first.withdrawCmd()))
			receipts, err := w.store.ReceiptsOf(w.ctx, citizen)
			w.ok(err)
			if len(receipts) != 4 || receipts[1].ID != second.receipt.ID || receipts[2].ID != refused.receipt.ID || receipts[3].ID != first.receipt.ID {
				w.t.Fatalf("receipts are %+v", receipts)
			}
			grants, err := w.store.GrantsOf(w.ctx, citizen)
			w.ok(err)
			if len(grants) != 2 || grants[0].ID != second.grant || grants[1].ID != first.grant || grants[1].State != store.Withdrawn {
				w.t.Fatalf("grants are %+v", grants)
			}
			refusals, err := w.store.RefusalsOf(w.ctx, citizen)
			w.ok(err)
			if len(refusals) != 1 || refusals[0].ID != refused.receipt.ID || refusals[0].Grant != "" {
				w.t.Fatalf("refusals are %+v", refusals)
			}
			none, err := w.store.ReceiptsOf(w.ctx, "nobody")
			w.ok(err)
			if len(none) != 0 {
				w.t.Fatalf("nobody has %d receipts", len(none))
			}
		},
		"ASourceQueryIsFoundByItsRequestID": func(w *world) {
			j := w.journey().look()
			cmd := j.queryCmd()
			logged, err := w.store.QuerySource(w.ctx, cmd)
			w.ok(err)
			e, err := w.store.SourceQuery(w.ctx, cmd.Event.RequestID)
			w.ok(err)
			if e.Index != logged.Position.Index || e.Kind != audit.SourceQueried {
				w.t.Fatalf("found %+v", e)
			}
			_, err = w.store.SourceQuery(w.ctx, "unknown")
			w.refused(err, store.ErrNotFound)
		},
		"AtMostAThousandEntriesAreRead": func(w *world) {
			things := make([]store.Public, 1100)
			for i := range things {
				things[i] = store.Public{Kind: audit.PolicyChanged, ID: w.id("policy"), Digest: "d"}
			}
			w.ok(w.store.Announce(w.ctx, things))
			for _, c := range []struct{ from, to, want int64 }{
				{0, w.size(), 1000}, {1000, w.size() + 50, w.size() - 1000}, {w.size(), w.size() + 1, 0}, {5, 5, 0}, {250, 260, 10},
			} {
				entries, err := w.store.Entries(w.ctx, c.from, c.to)
				w.ok(err)
				if int64(len(entries)) != c.want {
					w.t.Fatalf("entries [%d,%d): %d, want %d", c.from, c.to, len(entries), c.want)
				}
				for i, e := range entries {
					if e.Index != c.from+int64(i) {
						w.t.Fatalf("entry %d stands at %d", e.Index, c.from+int64(i))
					}
				}
			}
		},
		"WhatIsUnknownIsNotFound": func(w *world) {
			_, err := w.store.Grant(w.ctx, "g_unknown")
			w.refused(err, store.ErrNotFound)
			_, err = w.store.EventsOf(w.ctx, "g_unknown")
			w.refused(err, store.ErrNotFound)
			_, err = w.store.Receipt(w.ctx, "unknown")
			w.refused(err, store.ErrNotFound)
			_, err = w.store.Token(w.ctx, hash("unknown"))
			w.refused(err, store.ErrNotFound)
			_, err = w.store.Entries(w.ctx, -1, 5)
			w.refused(err, store.ErrNotFound)
		},
	})
}
