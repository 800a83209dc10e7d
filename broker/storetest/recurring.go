package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"accord/broker/store"
	"accord/consent/audit"
)

// A recurring grant of these tests: four fetches in all, for thirty days.
const (
	mostFetches   = 4
	recurringLife = 30 * 24 * time.Hour
)

func testRecurring(t *testing.T, f Factory) {
	cases(t, f, map[string]func(*world){
		"AFetchIsAuthorisedCountedAndDelivered": func(w *world) {
			j := w.recurring()
			q := j.fetchCmd()
			queried, err := w.store.QuerySource(w.ctx, q)
			w.ok(err)
			j.answers(queried)
			logged, err := w.store.Deliver(w.ctx, j.fetchedCmd(q))
			w.ok(err)
			if ev := w.event(queried.Position.Index); ev.Grant != j.grant || ev.Lookup != nil || ev.Subject != "sub" || ev.Snapshot != q.Event.Snapshot {
				w.t.Fatalf("query is logged as %+v", ev)
			}
			if ev := w.event(logged.Position.Index); ev.Mode != "token" || ev.Grant != j.grant || ev.Citizen != citizen {
				w.t.Fatalf("delivery is logged as %+v", ev)
			}
			w.kinds(j, audit.LookupRequested, audit.SourceQueried, audit.SourceAnswered, audit.ConsentGranted,
				audit.SourceQueried, audit.SourceAnswered, audit.ReleaseCompleted)
			j.fetches(2)
		},
		"TheFirstFetchIsTheOneTheCitizenSaw": func(w *world) {
			j := w.recurring()
			j.fetches(1)
			j.redeem()
			w.ok(j.deliver(j.deliverCmd()))
			j.fetches(1)
		},
		"NoSourceIsQueriedWithoutALiveRecurringGrant": func(w *world) {
			once := w.journey().agree()
			w.logsNothing(store.ErrNotCovered, once.tryFetch(nil))
			j := w.recurring()
			w.logsNothing(store.ErrNotFound, j.tryFetch(func(ev *audit.Event) { ev.Grant = "g_unknown" }))
			w.logsNothing(store.ErrNotCovered, j.tryFetch(func(ev *audit.Event) { ev.Citizen = "another" }))
			w.logsNothing(store.ErrNotCovered, j.tryFetch(func(ev *audit.Event) { ev.Recipient = "99900020100015" }))
			w.logsNothing(store.ErrNotCovered, j.tryFetch(func(ev *audit.Event) { ev.Data = []string{"cnaf_enfants"} }))
			w.logsNothing(store.ErrNotCovered, j.tryFetch(func(ev *audit.Event) { ev.Data = nil }))
			w.clock.move(recurringLife - time.Millisecond)
			w.ok(j.tryFetch(nil)())
			w.clock.move(time.Millisecond)
			w.logsNothing(store.ErrExpired, j.tryFetch(nil))
		},
		"NothingIsFetchedBeyondTheApproval": func(w *world) {
			for name, change := range map[string]func(*store.ApprovalState){
				"suspended":     func(a *store.ApprovalState) { a.InForce = false },
				"over":          func(a *store.ApprovalState) { a.NotAfter = w.clock.now().Add(-time.Minute) },
				"narrower data": func(a *store.ApprovalState) { a.Data = approvedData()[1:] },
				"fewer fetches": func(a *store.ApprovalState) { a.MaxFetches = 1 },
			} {
				j := w.recurring()
				w.changeApproval(change)
				before := w.size()
				if err := j.tryFetch(nil)(); !errors.Is(err, store.ErrNotCovered) || w.size() != before {
					w.t.Fatalf("%s: %v, %d events", name, err, w.size()-before)
				}
			}
		},
		"NoGrantAllowsMoreFetchesThanItsApproval": func(w *world) {
			j := w.journey().look()
			cmd := j.agreeCmd()
			cmd.Grant.FetchMode, cmd.Grant.MaxFetches = "repeated", 2
			w.logsNothing(store.ErrNotCovered, func() error { _, err := w.store.Decide(w.ctx, cmd); return err })
		},
		"OnlyWhatWasFetchedIsDeliveredAndOnce": func(w *world) {
			j := w.recurring()
			q := j.fetchCmd()
			w.logsNothing(store.ErrNotCovered, j.tryDeliver(j.fetchedCmd(q), nil))
			w.fetch(q)
			w.logsNothing(store.ErrNotCovered, j.tryDeliver(j.fetchedCmd(q), func(c *store.DeliverCmd) { c.Event.Snapshot = "another" }))
			w.logsNothing(store.ErrNotCovered, j.tryDeliver(j.fetchedCmd(q), func(c *store.DeliverCmd) { c.Event.Snapshot = j.snapshot }))
			w.logsNothing(store.ErrNotCovered, j.tryDeliver(j.fetchedCmd(q), func(c *store.DeliverCmd) { c.Event.Data = approvedData() }))
			w.logsNothing(store.ErrNotCovered, j.tryDeliver(j.fetchedCmd(q), func(c *store.DeliverCmd) { c.Event.Citizen = "another" }))
			w.logsNothing(store.ErrNotCovered, j.tryDeliver(j.fetchedCmd(q), func(c *store.DeliverCmd) { c.Recipient = "99900020100015" }))
			w.ok(j.deliver(j.fetchedCmd(q)))
			w.logsNothing(store.ErrNotCovered, j.tryDeliver(j.fetchedCmd(q), nil))
			w.logsNothing(store.ErrConflict, j.tryFetch(func(ev *audit.Event) { ev.Snapshot = q.Event.Snapshot }))
			w.logsNothing(store.ErrConflict, j.tryFetch(func(ev *audit.Event) { ev.Snapshot = j.snapshot }))
		},
		"OneSnapshotIsOneFetchWhateverItTakes": func(w *world) {
			j := w.recurring()
			first := j.fetchCmd()
			w.fetch(first)
			retried := first
			retried.Event.RequestID = w.id("request")
			w.fetch(retried)
			second := j.fetchCmd()
			second.Event.Snapshot, second.Event.Data, second.Event.Source = first.Event.Snapshot, approvedData()[1:], "dgfip"
			w.fetch(second)
			j.fetches(2)
			w.ok(j.deliver(j.fetchedCmd(first)))
			w.ok(j.deliver(j.fetchedCmd(second)))
			j.fetches(2)
		},
		"AFetchThatFailedCountsNoMore": func(w *world) {
			j := w.recurring()
			for range mostFetches + 1 {
				q := j.fetchCmd()
				w.fetch(q)
				j.fetches(2)
				w.ok(j.failFetch(q))
				j.fetches(1)
				w.refused(j.failFetch(q), store.ErrNotFound)
				w.logsNothing(store.ErrNotCovered, j.tryDeliver(j.fetchedCmd(q), nil))
			}
			q := j.fetchCmd()
			w.fetch(q)
			w.ok(j.deliver(j.fetchedCmd(q)))
			w.refused(j.failFetch(q), store.ErrNotFound)
			j.fetches(2)
		},
		"NeverMoreFetchesThanAgreed": func(w *world) {
			j := w.recurring()
			for range mostFetches - 1 {
				w.fetch(j.fetchCmd())
			}
			w.logsNothing(store.ErrNotCovered, j.tryFetch(nil))
			w.reopen()
			w.logsNothing(store.ErrNotCovered, j.tryFetch(nil))
			j.fetches(mostFetches)
		},
		"TheLastFetchHasOneWinner": func(w *world) {
			j := w.recurring()
			for range mostFetches - 2 {
				w.fetch(j.fetchCmd())
			}
			if won := raceForFetches(j, 1000); won != 1 {
				w.t.Fatalf("%d of 1,000 made the last fetch", won)
			}
			j.fetches(mostFetches)
		},
		"OnceAWithdrawalReturnsNothingIsFetchedOrDelivered": func(w *world) {
			j := w.recurring()
			q := j.fetchCmd()
			w.fetch(q)
			w.ok(j.withdraw(j.withdrawCmd()))
			w.logsNothing(store.ErrRevoked, j.tryFetch(nil))
			w.logsNothing(store.ErrRevoked, j.tryDeliver(j.fetchedCmd(q), nil))
			w.ok(j.failFetch(q))
			j.found()
		},
		"ARecurringGrantIsFoundByItsOwnPartiesOnly": func(w *world) {
			j, newer := w.recurring(), w.recurring()
			w.journey().agree()
			j.found(newer.grant, j.grant)
			for _, who := range []store.Recurring{
				{Citizen: "another", Recipient: recipient, Approval: approval},
				{Citizen: citizen, Recipient: "99900020100015", Approval: approval},
				{Citizen: citizen, Recipient: recipient, Approval: "another"},
			} {
				if got, err := w.store.Recurring(w.ctx, who); err != nil || len(got) != 0 {
					w.t.Fatalf("%+v: %v, %v", who, got, err)
				}
			}
			w.clock.move(recurringLife)
			j.found()
		},
		"AnAcknowledgedFetchSurvivesACrash": func(w *world) {
			j := w.recurring()
			q := j.fetchCmd()
			w.fetch(q)
			w.killAndReopen()
			j.fetches(2)
			w.ok(j.deliver(j.fetchedCmd(q)))
			w.killAndReopen()
			w.logsNothing(store.ErrNotCovered, j.tryDeliver(j.fetchedCmd(q), nil))
			j.fetches(2)
		},
		"ARecurringGrantIsErasedWhole": func(w *world) {
			j := w.recurring()
			q := j.fetchCmd()
			queried := w.fetch(q)
			w.ok(j.deliver(j.fetchedCmd(q)))
			_, err := w.store.Erase(w.ctx, store.EraseCmd{Grant: j.grant, Reason: "retention"})
			w.refused(err, store.ErrConflict)
			w.ok(j.withdraw(j.withdrawCmd()))
			done, err := w.store.Erase(w.ctx, store.EraseCmd{Grant: j.grant, Reason: "request"})
			w.ok(err)
			if len(done.Indices) != 7 {
				w.t.Fatalf("%d events erased: %v", len(done.Indices), done.Indices)
			}
			entries, err := w.store.Entries(w.ctx, queried.Position.Index, queried.Position.Index+1)
			w.ok(err)
			if !entries[0].Erased {
				w.t.Fatalf("the query under the grant can still be read")
			}
			_, err = w.store.SourceQuery(w.ctx, q.Event.RequestID)
			w.refused(err, store.ErrNotFound)
		},
	})
}

// recurring is a journey whose citizen also agreed to later access.
func (w *world) recurring() *journey {
	w.t.Helper()
	w.changeApproval(func(a *store.ApprovalState) { a.MaxFetches = mostFetches })
	j := w.journey().look().query()
	return j.decide(j.agreeAgainCmd())
}

func (j *journey) agreeAgainCmd() store.DecideCmd {
	cmd := j.agreeCmd()
	cmd.Grant.FetchMode, cmd.Grant.MaxFetches = "repeated", mostFetches
	cmd.Grant.ValidUntil = j.w.clock.now().Add(recurringLife)
	return cmd
}

// fetchOnce fetches and delivers; it returns the release id.
func (j *journey) fetchOnce() string {
	q := j.fetchCmd()
	j.answers(j.w.fetch(q))
	cmd := j.fetchedCmd(q)
	j.w.ok(j.deliver(cmd))
	return cmd.Event.Release
}

func (j *journey) fetchCmd() store.QueryCmd {
	return store.QueryCmd{Event: audit.Event{
		Grant: j.grant, Snapshot: j.w.id("snapshot"), Source: "cnav", RequestID: j.w.id("request"),
		Citizen: j.citizen, Recipient: recipient, Data: approvedData()[:1],
	}}
}

func (j *journey) tryFetch(bend func(*audit.Event)) func() error {
	return func() error {
		cmd := j.fetchCmd()
		if bend != nil {
			bend(&cmd.Event)
		}
		_, err := j.w.store.QuerySource(j.w.ctx, cmd)
		return err
	}
}

func (w *world) fetch(cmd store.QueryCmd) store.Logged {
	w.t.Helper()
	logged, err := w.store.QuerySource(w.ctx, cmd)
	w.ok(err)
	return logged
}

func (j *journey) answers(queried store.Logged) {
	j.w.t.Helper()
	j.w.ok(j.w.store.AnswerSource(store.AnswerCmd{Event: audit.Event{
		Queried: &queried.Position.Index, Grant: j.grant, Outcome: "found", HTTPClass: 2, Millis: 42,
	}}))
}

// fetchedCmd delivers what a query fetched.
func (j *journey) fetchedCmd(q store.QueryCmd) store.DeliverCmd {
	fields := approvedFields()[1:]
	if q.Event.Source == "dgfip" {
		fields = approvedFields()[:1]
	}
	return store.DeliverCmd{Grant: j.grant, Recipient: recipient, Event: audit.Event{
		Release: j.w.id("release"), Snapshot: q.Event.Snapshot, Citizen: j.citizen, Data: q.Event.Data,
		Fields: fields, ResponseDigest: "hmac-sha-256:AAAA",
	}}
}

func (j *journey) tryDeliver(cmd store.DeliverCmd, bend func(*store.DeliverCmd)) func() error {
	return func() error {
		if bend != nil {
			bend(&cmd)
		}
		return j.deliver(cmd)
	}
}

func (j *journey) failFetch(q store.QueryCmd) error {
	_, err := j.w.store.FailDelivery(j.w.ctx, store.FailDeliveryCmd{Grant: j.grant, Event: audit.Event{
		Release: j.w.id("release"), Snapshot: q.Event.Snapshot, Data: q.Event.Data, Reason: "source_unavailable",
	}})
	return err
}

func (j *journey) fetches(want int) {
	j.w.t.Helper()
	g, err := j.w.store.Grant(j.w.ctx, j.grant)
	j.w.ok(err)
	if len(g.Snapshots) != want {
		j.w.t.Fatalf("%d fetches counted, want %d: %v", len(g.Snapshots), want, g.Snapshots)
	}
}

// found fails unless exactly these grants are the citizen's recurring ones.
func (j *journey) found(want ...string) {
	j.w.t.Helper()
	all, err := j.w.store.Recurring(j.w.ctx, store.Recurring{Citizen: j.citizen, Recipient: recipient, Approval: approval})
	j.w.ok(err)
	var got []string
	for _, g := range all {
		got = append(got, g.ID)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		j.w.t.Fatalf("recurring grants %v, want %v", got, want)
	}
}

// raceForFetches lets n begin a fetch each at once, and deliver it where they
// could; it returns how many delivered. The store's queue may refuse some for
// the moment: they try again.
func raceForFetches(j *journey, n int) int64 {
	var all, start sync.WaitGroup
	var won atomic.Int64
	start.Add(1)
	for range n {
		q := j.fetchCmd()
		all.Go(func() {
			start.Wait()
			err := store.ErrOverloaded
			for errors.Is(err, store.ErrOverloaded) {
				_, err = j.w.store.QuerySource(j.w.ctx, q)
			}
			if err == nil && j.deliver(j.fetchedCmd(q)) == nil {
				won.Add(1)
			} else if !errors.Is(err, store.ErrNotCovered) {
				j.w.t.Errorf("a racer met %v", err)
			}
		})
	}
	start.Done()
	all.Wait()
	return won.Load()
}
