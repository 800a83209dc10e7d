package boltstore

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"accord/broker/store"
	"accord/consent/audit"
)

// Of a grant under which data are fetched more than once.
const repeated = "repeated"

// Recurring implements store.Store.
func (s *Store) Recurring(ctx context.Context, who store.Recurring) (list []store.Grant, err error) {
	err = s.view(ctx, "finding recurring grants", func(tx *bbolt.Tx) error {
		now := s.now()
		return newestFirst(tx, who.Citizen, func(at place) error {
			row, found, err := getJSON[grantRow](tx, grantBucket, at[:])
			if g := row.Grant; found && err == nil && g.FetchMode == repeated && row.live(now) == nil &&
				g.Recipient == who.Recipient && g.Approval == who.Approval {
				list = append(list, g)
			}
			return err
		})
	})
	return list, err
}

// queryUnderGrant authorises one attempt at a source, and counts its fetch.
func (b *batch) queryUnderGrant(cmd store.QueryCmd) (store.Logged, error) {
	ev := cmd.Event
	if ev.Lookup != nil || ev.Interaction != "" || ev.RequestID == "" || ev.Source == "" || ev.Snapshot == "" {
		return store.Logged{}, errIncomplete
	}
	at, g, err := b.recurring(ev, cmd.Token)
	if err != nil {
		return store.Logged{}, err
	}
	if b.exists(requestBucket, []byte(ev.RequestID)) {
		return store.Logged{}, fmt.Errorf("request id: %w", store.ErrConflict)
	}
	n, err := b.beginFetch(&g, ev)
	if err != nil {
		return store.Logged{}, err
	}
	logged, err := b.appendGrant(at[:], &g, entry{kind: audit.SourceQueried, event: completeEvent(ev, &g.Grant)})
	if err != nil {
		return store.Logged{}, err
	}
	g.Fetches[n].Queried = append(g.Fetches[n].Queried, logged.Position.Index)
	where := b.place(logged.Position.Index)
	return logged, errors.Join(b.put(requestBucket, []byte(ev.RequestID), where[:]), b.putJSON(grantBucket, at[:], g))
}

// recurring is a live repeated grant of the event's own citizen and recipient,
// and the live renewed token it is acted under, where there is one.
func (b *batch) recurring(ev audit.Event, token store.Hash) (place, grantRow, error) {
	at, g, err := b.grantByID(ev.Grant)
	if err == nil {
		err = g.live(b.now)
	}
	if err == nil && token != (store.Hash{}) {
		err = b.renewedFor(at, token)
	}
	switch {
	case err != nil:
		return at, g, err
	case g.Grant.FetchMode != repeated:
		return at, g, fmt.Errorf("grant allows one fetch: %w", store.ErrNotCovered)
	case ev.Citizen != g.Grant.Citizen, ev.Recipient != g.Grant.Recipient:
		return at, g, fmt.Errorf("grant is another party's: %w", store.ErrNotCovered)
	}
	return at, g, nil
}

// beginFetch finds the fetch an attempt belongs to, or counts a new one: a
// snapshot is one fetch, whatever number of resources it takes, each once.
func (b *batch) beginFetch(g *grantRow, ev audit.Event) (n int, err error) {
	a, err := b.approvalOf(g.Grant)
	if err != nil {
		return 0, err
	}
	if len(ev.Data) == 0 || !subset(ev.Data, g.Grant.Data) || !subset(ev.Data, a.Data) {
		return 0, fmt.Errorf("data beyond what was agreed or approved: %w", store.ErrNotCovered)
	}
	if n := g.fetch(ev); n >= 0 {
		return n, nil
	}
	if g.holds(ev) {
		return 0, fmt.Errorf("snapshot holds these data already: %w", store.ErrConflict)
	}
	if !slices.Contains(g.Grant.Snapshots, ev.Snapshot) {
		if err := g.fetchLeft(a); err != nil {
			return 0, err
		}
		g.Grant.Snapshots = append(g.Grant.Snapshots, ev.Snapshot)
	}
	g.Fetches = append(g.Fetches, fetchRow{Snapshot: ev.Snapshot, Data: slices.Clone(ev.Data)})
	return len(g.Fetches) - 1, nil
}

// fetch is the fetch under way that the event's snapshot and data name, -1
// when there is none.
func (g grantRow) fetch(ev audit.Event) int {
	return slices.IndexFunc(g.Fetches, func(f fetchRow) bool {
		return f.Snapshot == ev.Snapshot && !f.Delivered && subset(ev.Data, f.Data)
	})
}

// holds tells whether a snapshot took one of the data before, or is that of
// the decision, which the citizen saw.
func (g grantRow) holds(ev audit.Event) bool {
	ours := slices.ContainsFunc(g.Fetches, func(f fetchRow) bool { return f.Snapshot == ev.Snapshot })
	return slices.Contains(g.Grant.Snapshots, ev.Snapshot) && !ours ||
		slices.ContainsFunc(g.Fetches, func(f fetchRow) bool {
			return f.Snapshot == ev.Snapshot && slices.ContainsFunc(ev.Data, func(d string) bool { return slices.Contains(f.Data, d) })
		})
}

// countFirst counts the fetch the citizen saw: of a recurring grant it is one,
// delivered or not.
func (g *grantRow) countFirst() {
	if g.Grant.FetchMode == repeated {
		g.Grant.Snapshots = []string{g.Snapshot}
	}
}

// answerUnderGrant logs how an attempt under a recurring grant ended.
func (b *batch) answerUnderGrant(ev audit.Event) error {
	at, g, err := b.grantByID(ev.Grant)
	if err != nil {
		return err
	}
	for n := range g.Fetches {
		f := &g.Fetches[n]
		if i := slices.Index(f.Queried, *ev.Queried); i >= 0 {
			f.Queried = slices.Delete(f.Queried, i, i+1)
			_, err := b.appendGrant(at[:], &g, entry{kind: audit.SourceAnswered, event: ev})
			return err
		}
	}
	return fmt.Errorf("answer to no query of this grant: %w", store.ErrNotFound)
}

// deliverFetched logs the delivery of what was fetched under a recurring
// grant: only that, and once.
func (b *batch) deliverFetched(cmd store.DeliverCmd) (store.Logged, error) {
	ev := cmd.Event
	ev.Grant, ev.Recipient, ev.Mode = cmd.Grant, cmd.Recipient, audit.ModeToken
	if cmd.Token != (store.Hash{}) {
		ev.Mode = audit.ModeRefresh
	}
	if ev.Snapshot == "" || ev.ResponseDigest == "" || len(ev.Data) == 0 {
		return store.Logged{}, errIncomplete
	}
	at, g, err := b.recurring(ev, cmd.Token)
	if err != nil {
		return store.Logged{}, err
	}
	if _, err := b.checkRelease(ev, g); err != nil {
		return store.Logged{}, err
	}
	n := g.fetch(ev)
	if n < 0 {
		return store.Logged{}, fmt.Errorf("delivery of what was not fetched: %w", store.ErrNotCovered)
	}
	g.Fetches[n].Delivered = true
	return b.appendRelease(audit.ReleaseCompleted, at[:], g, ev)
}

// failFetch gives back a fetch that came to nothing, whatever has become of
// the grant since.
func (b *batch) failFetch(cmd store.FailDeliveryCmd) (store.Logged, error) {
	if err := b.newRelease(cmd.Event.Release); err != nil {
		return store.Logged{}, err
	}
	at, g, err := b.grantByID(cmd.Grant)
	if err != nil {
		return store.Logged{}, err
	}
	n := g.fetch(cmd.Event)
	if n < 0 || len(cmd.Event.Data) == 0 || at.log() != b.number { // a log that ended has no fetch under way
		return store.Logged{}, fmt.Errorf("no such fetch is under way: %w", store.ErrNotFound)
	}
	g.Fetches = slices.Delete(g.Fetches, n, n+1)
	if sn := cmd.Event.Snapshot; !slices.ContainsFunc(g.Fetches, func(f fetchRow) bool { return f.Snapshot == sn }) {
		g.Grant.Snapshots = slices.DeleteFunc(g.Grant.Snapshots, func(s string) bool { return s == sn })
	}
	return b.appendRelease(audit.ReleaseFailed, at[:], g, cmd.Event)
}
