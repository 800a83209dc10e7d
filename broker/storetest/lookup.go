package storetest

import (
	"testing"
	"time"

	"accord/broker/store"
	"accord/consent/audit"
)

func testLookUp(t *testing.T, f Factory) {
	cases(t, f, map[string]func(*world){
		"NoSourceIsQueriedWithoutARequestedLookUp": func(w *world) {
			j, other := w.journey(), w.journey().look()
			j.lookup = other.lookup
			w.logsNothing(store.ErrNotCovered, j.tryQuery(nil))
			w.journey().look()
			j.look()
			w.logsNothing(store.ErrNotCovered, j.tryQuery(func(ev *audit.Event) { ev.Lookup = &other.lookup.Position.Index }))
			w.ok(j.tryQuery(nil)())
		},
		"NoSourceIsQueriedBeyondTheLookUp": func(w *world) {
			j := w.journey()
			cmd := j.lookupCmd()
			cmd.Event.Data = approvedData()[:1]
			logged, err := w.store.RequestLookup(w.ctx, cmd)
			w.ok(err)
			j.lookup = logged
			w.logsNothing(store.ErrNotCovered, j.tryQuery(func(ev *audit.Event) { ev.Data = approvedData()[1:] }))
			w.logsNothing(store.ErrNotCovered, j.tryQuery(func(ev *audit.Event) { ev.Data = nil }))
		},
		"NoSourceIsQueriedAfterTheDecision": func(w *world) {
			j := w.journey().look()
			j.decide(j.refuseCmd())
			w.logsNothing(store.ErrConflict, j.tryQuery(nil))
			_, err := w.store.RequestLookup(w.ctx, j.lookupCmd())
			w.refused(err, store.ErrConflict)
		},
		"NoSourceIsQueriedUnderASuspendedApproval": func(w *world) {
			j := w.journey().look()
			w.changeApproval(func(a *store.ApprovalState) { a.InForce = false })
			w.logsNothing(store.ErrNotCovered, j.tryQuery(nil))
			_, err := w.store.RequestLookup(w.ctx, w.journey().lookupCmd())
			w.refused(err, store.ErrNotCovered)
		},
		"NoSourceIsQueriedAfterTheApprovalsEnd": func(w *world) {
			j := w.journey().look()
			w.changeApproval(func(a *store.ApprovalState) { a.NotAfter = w.clock.now().Add(time.Hour) })
			w.ok(j.tryQuery(nil)())
			w.clock.move(time.Hour + time.Second)
			w.logsNothing(store.ErrNotCovered, j.tryQuery(nil))
		},
		"AnAgentAsksNoMoreThanTheCapInADay": func(w *world) {
			w.clock.move(24*time.Hour - w.clock.now().Sub(w.clock.now().UTC().Truncate(24*time.Hour))) // the day's first moment
			ask := func(agent string) error {
				cmd := w.journey().lookupCmd()
				cmd.Event.Mode, cmd.Event.Agent, cmd.Cap = audit.ModeDesk, agent, 2
				_, err := w.store.RequestLookup(w.ctx, cmd)
				return err
			}
			w.ok(ask("ines"))
			w.killAndReopen()
			w.ok(ask("ines"))
			w.logsNothing(store.ErrCapped, func() error { return ask("ines") })
			w.ok(ask("paul"))
			w.ok(w.store.Sweep(w.ctx))
			w.logsNothing(store.ErrCapped, func() error { return ask("ines") })
			w.clock.move(24 * time.Hour)
			w.ok(ask("ines"))
		},
		"AnAgreementAtADeskIsAboutItsOwnAgentsLookUp": func(w *world) {
			j := w.journey()
			cmd := j.lookupCmd()
			cmd.Event.Mode, cmd.Event.Agent, cmd.Cap = audit.ModeDesk, "ines", 9
			logged, err := w.store.RequestLookup(w.ctx, cmd)
			w.ok(err)
			j.lookup = logged
			for _, agent := range []string{"", "paul"} {
				agreed := j.agreeCmd()
				if agreed.Event.Agent = agent; agent != "" {
					agreed.Event.Mode = audit.ModeDesk
				}
				_, err := w.store.Decide(w.ctx, agreed)
				w.refused(err, store.ErrNotCovered)
			}
			agreed := j.agreeCmd()
			agreed.Event.Mode, agreed.Event.Agent = audit.ModeDesk, "ines"
			_, err = w.store.Decide(w.ctx, agreed)
			w.ok(err)
		},
		"ARequestIDIsUsedOnce": func(w *world) {
			j := w.journey().look()
			cmd := j.queryCmd()
			_, err := w.store.QuerySource(w.ctx, cmd)
			w.ok(err)
			w.logsNothing(store.ErrConflict, func() error { _, err := w.store.QuerySource(w.ctx, cmd); return err })
		},
		"ALookUpBeyondTheApprovalIsRefused": func(w *world) {
			cmd := w.journey().lookupCmd()
			cmd.Event.Data = append(cmd.Event.Data, "cnaf_enfants")
			w.logsNothing(store.ErrNotCovered, func() error { _, err := w.store.RequestLookup(w.ctx, cmd); return err })
		},
		"WhatIsLookedUpToChooseFromIsNeverAgreed": func(w *world) {
			w.changeApproval(func(a *store.ApprovalState) { a.Helpers = []string{"cnaf_enfants"} })
			j := w.journey()
			cmd := j.lookupCmd()
			cmd.Event.Data = append(cmd.Event.Data, "cnaf_enfants")
			logged, err := w.store.RequestLookup(w.ctx, cmd)
			w.ok(err)
			j.lookup = logged
			w.ok(j.tryQuery(func(ev *audit.Event) { ev.Data = []string{"cnaf_enfants"} })())
			agree := j.agreeCmd()
			agree.Grant.Data = append(agree.Grant.Data, "cnaf_enfants")
			agree.Event.Data = agree.Grant.Data
			w.logsNothing(store.ErrNotCovered, func() error { _, err := w.store.Decide(w.ctx, agree); return err })
			w.journey().look()
		},
		"AReloadLooksUpAnewAndBothAreKept": func(w *world) {
			j := w.journey().look().query().look().query()
			j.decide(j.agreeCmd())
			w.kinds(j, audit.LookupRequested, audit.SourceQueried, audit.SourceAnswered, audit.LookupRequested,
				audit.SourceQueried, audit.SourceAnswered, audit.ConsentGranted)
		},
		"AnAnswerOfAnotherInteractionIsNotLogged": func(w *world) {
			j, other := w.journey().look(), w.journey().look()
			logged, err := w.store.QuerySource(w.ctx, j.queryCmd())
			w.ok(err)
			index := logged.Position.Index
			w.ok(w.store.AnswerSource(store.AnswerCmd{Event: audit.Event{Queried: &index, Interaction: other.id, Outcome: "found"}}))
			before := w.size()
			other.decide(other.refuseCmd())
			if w.size() != before+1 {
				w.t.Fatalf("%d events logged, want the refusal alone", w.size()-before)
			}
		},
	})
}

func (j *journey) tryQuery(bend func(*audit.Event)) func() error {
	return func() error {
		cmd := j.queryCmd()
		if bend != nil {
			bend(&cmd.Event)
		}
		_, err := j.w.store.QuerySource(j.w.ctx, cmd)
		return err
	}
}

// kinds fails unless the grant's chain is of exactly these kinds.
func (w *world) kinds(j *journey, want ...audit.Kind) {
	w.t.Helper()
	entries, err := w.store.EventsOf(w.ctx, j.grant)
	w.ok(err)
	var got []audit.Kind
	for _, e := range entries {
		got = append(got, e.Kind)
	}
	if len(got) != len(want) {
		w.t.Fatalf("chain is %v, want %v", got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			w.t.Fatalf("chain is %v, want %v", got, want)
		}
	}
}
