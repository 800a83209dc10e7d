package boltstore

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"accord/broker/store"
	"accord/consent/audit"
)

// Decide implements store.Store. With ErrConflict the Answer is that of the
// first decision, while it is kept; Logged is then zero.
func (s *Store) Decide(ctx context.Context, cmd store.DecideCmd) (d store.Decision, err error) {
	err = s.do(ctx, "deciding", func(b *batch) error {
		d, err = b.decide(cmd)
		return err
	})
	return d, err
}

func (b *batch) decide(cmd store.DecideCmd) (store.Decision, error) {
	row, found, err := b.decidable(cmd)
	if errors.Is(err, store.ErrConflict) && row.Decided {
		answer, errAnswer := b.answer(cmd.Interaction)
		return store.Decision{Answer: answer}, errors.Join(err, errAnswer)
	}
	if err != nil {
		return store.Decision{}, err
	}
	ev, granted := decidedEvent(cmd, row), cmd.Kind == audit.ConsentGranted
	body, err := receiptBody(cmd.Receipt, receiptHead{Interaction: cmd.Interaction, Citizen: ev.Citizen, Client: ev.Client, Grant: ev.Grant})
	if err != nil {
		return store.Decision{}, err
	}
	logged, err := b.append(entry{kind: cmd.Kind, event: ev, prev: row.Last, receipt: body})
	if err != nil {
		return store.Decision{}, err
	}
	at := b.place(logged.Position.Index)
	if granted {
		row.Grant = at[:]
		err = b.putGranted(at, cmd, logged)
	}
	row.Last, row.Decided, row.Time = &logged.Position.Index, true, b.now
	err = errors.Join(err, b.indexReceipt(at, cmd.Receipt.ID, ev.Citizen),
		b.putAnswer(cmd), b.putInteraction(cmd.Interaction, row, !found))
	return store.Decision{Logged: logged}, err
}

// decidable checks all there is to check, and writes nothing.
func (b *batch) decidable(cmd store.DecideCmd) (interactionRow, bool, error) {
	row, found, err := b.interaction(cmd.Interaction)
	if err != nil {
		return row, found, err
	}
	if row.Decided {
		return row, found, store.ErrConflict
	}
	if err := checkDecision(cmd); err != nil {
		return row, found, err
	}
	if err := b.newReceipt(cmd.Receipt); err != nil {
		return row, found, err
	}
	if err := checkLookup(cmd, row); err != nil || cmd.Kind == audit.ConsentRefused {
		return row, found, err
	}
	return row, found, b.grantable(cmd)
}

func checkDecision(cmd store.DecideCmd) error {
	granted := cmd.Grant != nil && cmd.Code != nil
	refused := cmd.Grant == nil && cmd.Code == nil && cmd.Snapshot == nil
	switch {
	case cmd.Interaction == "" || cmd.Event.Interaction != "" && cmd.Event.Interaction != cmd.Interaction:
		return errIncomplete
	case cmd.Kind == audit.ConsentGranted && granted, cmd.Kind == audit.ConsentRefused && refused:
		return nil
	default:
		return fmt.Errorf("a %s has a grant and a code, no other has: %w", audit.ConsentGranted, errIncomplete)
	}
}

// newReceipt: signed with an active key, not stored before, its digest its own.
func (b *batch) newReceipt(r store.Receipt) error {
	if r.ID == "" || len(r.JWS) == 0 || r.Digest != audit.Digest(r.JWS) {
		return fmt.Errorf("receipt and its digest: %w", errIncomplete)
	}
	if b.exists(ridBucket, []byte(r.ID)) {
		return fmt.Errorf("receipt id: %w", store.ErrConflict)
	}
	return b.receiptKeyActive(r.KeyID)
}

// checkLookup: who agrees to data has asked to look at them, and a decision is
// about the interaction's last look-up. Refusing needs none.
func checkLookup(cmd store.DecideCmd, row interactionRow) error {
	last := len(row.Lookups) - 1
	if cmd.Event.Lookup != nil && (last < 0 || row.Lookups[last].Index != *cmd.Event.Lookup) {
		return fmt.Errorf("decision is about another look-up: %w", store.ErrNotCovered)
	}
	if cmd.Kind == audit.ConsentRefused || last < 0 && cmd.Event.Mode == "identity" && len(cmd.Grant.Data) == 0 {
		return nil
	}
	if last >= 0 && row.Lookups[last].Agent != cmd.Event.Agent || (cmd.Event.Mode == audit.ModeDesk) != (cmd.Event.Agent != "") {
		return fmt.Errorf("an agreement at a desk is about its own agent's look-up: %w", store.ErrNotCovered)
	}
	if last < 0 || !subset(cmd.Grant.Data, row.Lookups[last].Data) || differs(row.Lookups[last].Client, cmd.Grant.Client) {
		return fmt.Errorf("agreed data were not looked up: %w", store.ErrNotCovered)
	}
	return nil
}

func (b *batch) grantable(cmd store.DecideCmd) error {
	g := cmd.Grant
	if g.ID == "" || g.Client == "" || g.Client != cmd.Code.Client {
		return fmt.Errorf("grant: %w", errIncomplete)
	}
	if err := agree(cmd.Event, *g); err != nil {
		return err
	}
	if !b.now.Before(g.ValidUntil) {
		return store.ErrExpired
	}
	if b.exists(gidBucket, []byte(g.ID)) || b.exists(codeBucket, cmd.Code.Hash[:]) ||
		cmd.Snapshot != nil && b.exists(snapshotBucket, []byte(cmd.Snapshot.ID)) {
		return fmt.Errorf("grant, code or snapshot: %w", store.ErrConflict)
	}
	return b.checkAgreed(*g, cmd.Event.ApprovalDigest)
}

// agree: event and grant are two records of one act.
func agree(ev audit.Event, g store.Grant) error {
	pairs := [][2]string{
		{ev.Grant, g.ID},
		{ev.Client, g.Client},
		{ev.Recipient, g.Recipient},
		{ev.Purpose, g.Purpose},
		{ev.Approval, g.Approval},
		{ev.Citizen, g.Citizen},
		{ev.Subject, g.Subject},
		{ev.Basis, g.Basis},
	}
	for _, p := range pairs {
		if p[0] != "" && p[0] != p[1] {
			return fmt.Errorf("event and grant differ: %w", errIncomplete)
		}
	}
	if ev.Data != nil && (!subset(ev.Data, g.Data) || !subset(g.Data, ev.Data)) {
		return fmt.Errorf("event and grant differ in their data: %w", errIncomplete)
	}
	return nil
}

// checkAgreed: agreed ⊆ approved, under the approval that was shown.
func (b *batch) checkAgreed(g store.Grant, approvalDigest string) error {
	if len(g.Data) == 0 && len(g.Fields) == 0 && g.Approval == "" {
		return nil
	}
	a, err := b.approvalFor(lookupRow{
		Client: g.Client, Recipient: g.Recipient, Purpose: g.Purpose,
		Approval: g.Approval, ApprovalDigest: approvalDigest,
	})
	if err != nil {
		return err
	}
	if !subset(g.Data, a.Data) || !subset(g.Fields, a.Fields) {
		return fmt.Errorf("agreed data beyond the approval: %w", store.ErrNotCovered)
	}
	if a.MaxFetches > 0 && g.MaxFetches > a.MaxFetches {
		return fmt.Errorf("more fetches than the approval allows: %w", store.ErrNotCovered)
	}
	return nil
}

// A decision's event is completed from what else the command holds.
func completeEvent(ev audit.Event, g *store.Grant) audit.Event {
	ev.Grant, ev.Client, ev.Recipient, ev.Purpose = g.ID, g.Client, g.Recipient, g.Purpose
	ev.Approval, ev.Citizen, ev.Subject, ev.Basis = g.Approval, g.Citizen, g.Subject, g.Basis
	return ev
}

func (b *batch) putAnswer(cmd store.DecideCmd) error {
	until := b.now.Add(cmd.AnswerUntil)
	key := []byte(cmd.Interaction)
	if cmd.AnswerUntil <= 0 || cmd.Answer == nil {
		return nil
	}
	return errors.Join(b.put(answerBucket, key, timed(until, cmd.Answer)), b.expire(answerBucket, key, until))
}

// putGranted writes the grant, its code and its snapshot.
func (b *batch) putGranted(at place, cmd store.DecideCmd, logged store.Logged) error {
	g := *cmd.Grant
	g.State, g.StateTime, g.LastIndex, g.Snapshots = store.Given, b.now, logged.Position.Index, nil
	g.ValidUntil = g.ValidUntil.UTC()
	g.Receipt = cmd.Receipt.ID
	if g.ValidFrom.IsZero() {
		g.ValidFrom = b.now
	}
	grant := grantRow{
		Grant: g, Interaction: cmd.Interaction, Code: cmd.Code.Hash[:],
		ApprovalDigest: cmd.Event.ApprovalDigest, ReceiptDigest: cmd.Receipt.Digest,
	}
	if cmd.Snapshot != nil {
		grant.Snapshot = cmd.Snapshot.ID
		grant.countFirst()
	}
	return errors.Join(
		b.putJSON(grantBucket, at[:], grant),
		b.put(gidBucket, []byte(g.ID), at[:]),
		b.putCode(at, *cmd.Code),
		b.putSnapshot(cmd.Snapshot),
	)
}

func (b *batch) putCode(at place, c store.Code) error {
	row := codeRow{Client: c.Client, Expires: b.now.Add(c.Expires), Grant: at[:], Bound: c.Bound, Wrapped: c.Wrapped}
	return errors.Join(
		b.putJSON(codeBucket, c.Hash[:], row),
		b.expire(codeBucket, c.Hash[:], row.Expires.Add(keepUsed)),
	)
}

func (b *batch) putSnapshot(sn *store.Snapshot) error {
	if sn == nil {
		return nil
	}
	until := b.now.Add(sn.Expires)
	return errors.Join(
		b.put(snapshotBucket, []byte(sn.ID), timed(until, sn.Sealed)),
		b.expire(snapshotBucket, []byte(sn.ID), until),
	)
}

// indexReceipt makes the receipt findable by its id and by its citizen.
func (b *batch) indexReceipt(at place, id, citizen string) error {
	err := b.put(ridBucket, []byte(id), at[:])
	if citizen == "" {
		return err
	}
	return errors.Join(err, b.put(citizenBucket, citizenKey(citizen, at), []byte(id)))
}

// citizenKey is citizen ‖ 0 ‖ place: base64url has no zero byte.
func citizenKey(citizen string, at place) []byte {
	return append([]byte(citizen+"\x00"), at[:]...)
}

// decidedEvent fills what the command's other members say.
func decidedEvent(cmd store.DecideCmd, row interactionRow) audit.Event {
	ev := cmd.Event
	ev.Interaction, ev.Receipt = cmd.Interaction, cmd.Receipt.Digest
	if last := len(row.Lookups) - 1; last >= 0 {
		ev.Lookup = &row.Lookups[last].Index
	}
	if cmd.Grant == nil {
		return ev
	}
	ev = completeEvent(ev, cmd.Grant)
	ev.Data = slices.Clone(cmd.Grant.Data)
	ev.ValidUntil = cmd.Grant.ValidUntil.UTC().Format(audit.TimeLayout)
	return ev
}
