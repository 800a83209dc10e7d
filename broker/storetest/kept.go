package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"accord/broker/store"
	"accord/consent/audit"
)

// kept tells whether one acknowledged act is in the store.
func (w *world) kept(act, id string, names []string) error {
	switch act {
	case actLookup:
		return w.logged(audit.LookupRequested, id, names[0])
	case actQuery:
		return w.logged(audit.SourceQueried, id, names[0])
	case actDecide:
		return w.decided(id, names)
	case actRedeem:
		if _, err := w.store.Token(w.ctx, hash("token"+id)); errors.Is(err, store.ErrNotFound) {
			return err
		}
		return nil
	case actRenew:
		if _, err := w.store.Token(w.ctx, hash("first"+id)); errors.Is(err, store.ErrNotFound) {
			return err
		}
		return nil
	case actDeliver, actFetch:
		return w.released("g_"+id, names[0])
	}
	g, err := w.store.Grant(w.ctx, "g_"+id)
	if err == nil && g.State != store.Withdrawn {
		err = fmt.Errorf("grant is %s", g.State)
	}
	return err
}

// logged looks for the event of an interaction where it was acknowledged.
func (w *world) logged(kind audit.Kind, id, index string) error {
	at, err := strconv.ParseInt(index, 10, 64)
	if err != nil {
		return err
	}
	entries, err := w.store.Entries(w.ctx, at, at+1)
	if err != nil {
		return err
	}
	if len(entries) != 1 || entries[0].Kind != kind || !strings.Contains(string(entries[0].Event), id) {
		return fmt.Errorf("%s is not entry %d", kind, at)
	}
	return nil
}

func (w *world) decided(id string, names []string) error {
	r, err := w.store.Receipt(w.ctx, names[0])
	if err != nil {
		return err
	}
	if len(names) == 2 {
		if g, err := w.store.Grant(w.ctx, names[1]); err != nil || g.Receipt != r.ID {
			return fmt.Errorf("grant of receipt %s: %w", g.Receipt, err)
		}
	}
	answered, err := w.store.Answer(w.ctx, id)
	if err == nil && string(answered.Sealed) != "answer "+id {
		err = errors.New("another answer is kept")
	}
	if errors.Is(err, store.ErrExpired) {
		return nil
	}
	return err
}

func (w *world) released(grant, release string) error {
	events, err := w.store.EventsOf(w.ctx, grant)
	if err != nil {
		return err
	}
	for _, e := range events {
		if e.Kind == audit.ReleaseCompleted && strings.Contains(string(e.Event), release) {
			return nil
		}
	}
	return errors.New("delivery is not in the grant's events")
}

// grantsAreWhole: what was not acknowledged is there whole or not at all.
func (w *world) grantsAreWhole() {
	all, err := w.store.GrantsOf(w.ctx, citizen)
	w.ok(err)
	for _, g := range all {
		_, err := w.store.Receipt(w.ctx, g.Receipt)
		w.ok(err)
		events, err := w.store.EventsOf(w.ctx, g.ID)
		w.ok(err)
		if len(events) < 3 || events[0].Kind != audit.LookupRequested || events[len(events)-1].Index != g.LastIndex {
			w.t.Fatalf("grant %s of %d events ends at %d", g.ID, len(events), g.LastIndex)
		}
	}
}

// nothingComesBack replays codes that were used, and codes and tokens of
// consents that were withdrawn: the last some hundred of each.
func (w *world) nothingComesBack(lines []string) {
	left := map[string]int{actRedeem: 300, actWithdraw: 300}
	var all sync.WaitGroup
	errs := make(chan error, 600)
	for i := len(lines) - 1; i >= 0; i-- {
		word := strings.Fields(lines[i])
		if word[0] != "done" || left[word[1]] == 0 {
			continue
		}
		left[word[1]]--
		all.Go(func() { errs <- w.dead(word[1], word[2]) })
	}
	all.Wait()
	close(errs)
	for err := range errs {
		w.ok(err)
	}
}

func (w *world) dead(act, id string) error {
	j := &journey{w: w, id: id, code: hash("code" + id), token: hash("token" + id), snapshot: "snapshot-" + id}
	_, err := w.store.Redeem(w.ctx, j.redeemCmd())
	want := []error{store.ErrUsed}
	if act == actWithdraw { // its code may not have been used
		want = append(want, store.ErrRevoked, store.ErrExpired)
	}
	if !slices.ContainsFunc(want, func(e error) bool { return errors.Is(err, e) }) {
		return fmt.Errorf("code of %s after its %s: %v", id, act, err)
	}
	if err := j.deliver(j.deliverCmd()); err == nil {
		return fmt.Errorf("delivery under %s after its %s", id, act)
	}
	j.grant, j.citizen = "g_"+id, citizen
	if act == actWithdraw && j.tryFetch(nil)() == nil {
		return fmt.Errorf("fetch under %s after its %s", id, act)
	}
	return j.renewsNot(act)
}

// renewsNot: no refresh token outlives a withdrawal.
func (j *journey) renewsNot(act string) error {
	for _, name := range []string{"r", "r2"} {
		if _, err := j.w.store.Renew(j.w.ctx, j.renewCmd(name, "after the end", "")); act == actWithdraw && err == nil {
			return fmt.Errorf("refresh under %s after its %s", j.id, act)
		}
	}
	return nil
}
