package broker

import (
	"context"
	"log/slog"
	"slices"
	"strings"

	"accord/broker/habilitations"
	"accord/broker/store"
	"accord/consent"
	"accord/oidc/issuer"
)

// A Change is one approval.changed (18) that a reload made.
type Change struct {
	ID       string `json:"id"`
	Reason   string `json:"reason,omitempty"` // of the event; empty: new, or another version
	Position string `json:"position"`         // origin#index
}

// Reload puts other clients and approvals, found right by the caller, in the
// place of those that count. The log says each change in one transaction before
// anything is served under it; when that fails nothing has changed. Journeys
// under an approval that is another now come to an end, the others go on.
func (b *Broker) Reload(ctx context.Context, clients []*issuer.Client, approvals []*consent.Approval) ([]Change, error) {
	next, err := register(clients, approvals)
	if err != nil {
		return nil, err
	}
	b.changing.Lock()
	defer b.changing.Unlock()
	next.remember(b.registry.Load())
	before := b.registry.Load().published
	things, err := b.approvalNews(ctx, approvals)
	if err != nil {
		return nil, err
	}
	if err := b.config.Store.Announce(ctx, things); err != nil {
		return nil, err
	}
	if err := b.put(ctx, *next); err != nil {
		return nil, err
	}
	changes := changed(before, b.registry.Load().published)
	for _, c := range changes {
		b.config.Log.InfoContext(ctx, "approval changed", slog.String("approval", c.ID), slog.String("reason", c.Reason), slog.String("position", c.Position))
	}
	b.tellEndings(ctx)
	return changes, nil
}

func changed(before, now map[string]store.PublishedApproval) (changes []Change) {
	for id, p := range now {
		if p.Position != before[id].Position {
			changes = append(changes, Change{id, p.Reason, p.Position})
		}
	}
	slices.SortFunc(changes, func(x, y Change) int { return strings.Compare(x.ID, y.ID) })
	return changes
}

// Suspend stops everything under an approval: when it returns nil the log has
// said so, and nothing is asked, agreed or delivered under it any more. reason
// is one of audit.SuspensionReasons.
func (b *Broker) Suspend(ctx context.Context, id, reason string) (store.Suspension, error) {
	b.changing.Lock()
	defer b.changing.Unlock()
	made, err := b.config.Store.SuspendApproval(ctx, id, reason)
	if err != nil {
		return made, err
	}
	b.config.Log.WarnContext(ctx, "approval suspended", slog.String("approval", id), slog.String("reason", reason), slog.String("position", made.Position))
	return made, b.put(ctx, *b.registry.Load())
}

// tellEndings writes a line for each approval that ends soon, or has ended.
func (b *Broker) tellEndings(ctx context.Context) {
	now := b.config.Now()
	for _, s := range b.Standings() {
		ended := s.State(now) == habilitations.Ended
		if notice := s.Approval.EndNotice(now); notice > 0 || ended {
			b.config.Log.WarnContext(ctx, "approval ends", slog.String("approval", s.Approval.ID),
				slog.String("last_day", s.Approval.Dates.Until), slog.Int("days_left", s.Approval.DaysLeft(now)), slog.Int("notice", notice))
		}
	}
}
