package boltstore

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"accord/broker/store"
	"accord/consent/audit"
)

var errIncomplete = errors.New("command lacks a member it must have")

// RequestLookup implements store.Store. An approval that is not in force or
// does not cover the data is ErrNotCovered; an interaction already decided,
// ErrConflict.
func (s *Store) RequestLookup(ctx context.Context, cmd store.LookupCmd) (logged store.Logged, err error) {
	err = s.do(ctx, "requesting a look-up", func(b *batch) error {
		logged, err = b.requestLookup(cmd)
		return err
	})
	return logged, err
}

func (b *batch) requestLookup(cmd store.LookupCmd) (store.Logged, error) {
	ev := cmd.Event
	if ev.Interaction == "" || ev.Client == "" {
		return store.Logged{}, errIncomplete
	}
	row, found, err := b.interaction(ev.Interaction)
	if err != nil {
		return store.Logged{}, err
	}
	if row.Decided || len(row.Lookups) >= maxLookups {
		return store.Logged{}, store.ErrConflict
	}
	asked := lookupRow{
		Client: ev.Client, Recipient: ev.Recipient, Purpose: ev.Purpose,
		Approval: ev.Approval, ApprovalDigest: ev.ApprovalDigest, Data: ev.Data, Agent: ev.Agent,
	}
	if err := b.checkAsked(asked); err != nil {
		return store.Logged{}, err
	}
	if err := b.countDesk(cmd); err != nil {
		return store.Logged{}, err
	}
	logged, err := b.append(entry{kind: audit.LookupRequested, event: ev, prev: row.Last})
	if err != nil {
		return store.Logged{}, err
	}
	asked.Index = logged.Position.Index
	row.Lookups, row.Last = append(row.Lookups, asked), &logged.Position.Index
	return logged, b.putInteraction(ev.Interaction, row, !found)
}

// checkAsked: a request for no data (login only) needs no approval.
func (b *batch) checkAsked(l lookupRow) error {
	if len(l.Data) == 0 && l.Approval == "" {
		return nil
	}
	a, err := b.approvalFor(l)
	if err != nil {
		return err
	}
	if !subset(l.Data, slices.Concat(a.Data, a.Helpers)) {
		return fmt.Errorf("data beyond the approval: %w", store.ErrNotCovered)
	}
	return nil
}

// QuerySource implements store.Store.
func (s *Store) QuerySource(ctx context.Context, cmd store.QueryCmd) (logged store.Logged, err error) {
	err = s.do(ctx, "querying a source", func(b *batch) error {
		if cmd.Event.Grant != "" {
			logged, err = b.queryUnderGrant(cmd)
		} else {
			logged, err = b.querySource(cmd.Event)
		}
		return err
	})
	return logged, err
}

func (b *batch) querySource(ev audit.Event) (store.Logged, error) {
	if ev.Interaction == "" || ev.RequestID == "" || ev.Source == "" || ev.Lookup == nil {
		return store.Logged{}, errIncomplete
	}
	row, _, err := b.interaction(ev.Interaction)
	if err != nil {
		return store.Logged{}, err
	}
	if err := b.checkQuery(row, ev); err != nil {
		return store.Logged{}, err
	}
	logged, err := b.append(entry{kind: audit.SourceQueried, event: ev, prev: row.Last})
	if err != nil {
		return store.Logged{}, err
	}
	at := b.place(logged.Position.Index)
	if err := b.put(requestBucket, []byte(ev.RequestID), at[:]); err != nil {
		return store.Logged{}, err
	}
	row.Last, row.Queried = &logged.Position.Index, append(row.Queried, logged.Position.Index)
	return logged, b.putInteraction(ev.Interaction, row, false)
}

func (b *batch) checkQuery(row interactionRow, ev audit.Event) error {
	asked, ok := row.lookup(*ev.Lookup)
	if !ok {
		return fmt.Errorf("no such look-up was requested: %w", store.ErrNotCovered)
	}
	if row.Decided || b.exists(requestBucket, []byte(ev.RequestID)) {
		return store.ErrConflict
	}
	if len(ev.Data) == 0 || !subset(ev.Data, asked.Data) {
		return fmt.Errorf("data beyond the look-up: %w", store.ErrNotCovered)
	}
	return b.checkAsked(asked)
}

// AnswerSource implements store.Store. It is sequenced in the order of its
// call; what then goes wrong is only told to the log of the process.
func (s *Store) AnswerSource(cmd store.AnswerCmd) error {
	j := &job{ctx: context.Background(), done: make(chan struct{}), patient: true}
	j.run = func(b *batch) error {
		err := b.answerSource(cmd.Event)
		if err != nil {
			s.cfg.Log.Error("source.answered not logged", "cause", err.Error())
		}
		return err
	}
	if err := s.enqueue(j); err != nil {
		return fmt.Errorf("recording a source's answer: %w", err)
	}
	return nil
}

// answerSource logs it after its grant's latest event once there is a grant.
func (b *batch) answerSource(ev audit.Event) error {
	if (ev.Interaction == "") == (ev.Grant == "") || ev.Queried == nil {
		return errIncomplete
	}
	if ev.Grant != "" {
		return b.answerUnderGrant(ev)
	}
	row, _, err := b.interaction(ev.Interaction)
	if err != nil {
		return err
	}
	if !slices.Contains(row.Queried, *ev.Queried) {
		return fmt.Errorf("answer to no query of this interaction: %w", store.ErrNotFound)
	}
	e := entry{kind: audit.SourceAnswered, event: ev, prev: row.Last}
	if row.Grant != nil {
		return b.appendToGrant(row.Grant, e)
	}
	logged, err := b.append(e)
	if err != nil {
		return err
	}
	row.Last = &logged.Position.Index
	return b.putInteraction(ev.Interaction, row, false)
}

func (b *batch) appendToGrant(at []byte, e entry) error {
	g, err := b.grantAt(at)
	if err != nil {
		return err
	}
	_, err = b.appendGrant(at, &g, e)
	return err
}

// appendGrant logs an event of a grant and keeps the grant's row.
func (b *batch) appendGrant(at []byte, g *grantRow, e entry) (store.Logged, error) {
	last := g.Grant.LastIndex
	if p, ok := parsePlace(at); ok && p.log() != b.number {
		g.Restore = &ended{Log: b.number, Last: last, Number: b.log.next()}
	} else {
		e.prev = &last
	}
	logged, err := b.append(e)
	if err != nil {
		return store.Logged{}, err
	}
	g.Grant.LastIndex = logged.Position.Index
	return logged, b.putJSON(grantBucket, at, *g)
}
