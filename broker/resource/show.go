package resource

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"accord/broker/journey"
	"accord/broker/store"
)

// Shown is a delivery on an agent's page.
type Shown struct {
	Snapshot journey.Snapshot
	Release  string // release id
	Position string // origin#index
}

// Show delivers all that a token leads to, to an agent at a desk: the recipient
// like a service provider's program. It returns nothing before the delivery is
// durable in the log.
func (d *Deliverer) Show(ctx context.Context, token string) (Shown, error) {
	state, err := d.Store.Token(ctx, HashOf(token))
	if err != nil {
		return Shown{}, err
	}
	o, err := d.open(state, token)
	if errors.Is(err, errNoSnapshot) {
		return Shown{}, fmt.Errorf("showing a delivery: %w", store.ErrExpired)
	}
	if err != nil {
		d.fail(ctx, token, "snapshot_unreadable")
		return Shown{}, err
	}
	documents := map[string]json.RawMessage{} // an agreed absence is a null member
	for name, part := range o.snapshot.Parts {
		documents[name] = part.Document
	}
	body, err := json.Marshal(documents)
	if err != nil {
		return Shown{}, fmt.Errorf("encoding a delivery: %w", err)
	}
	r, err := d.deliver(ctx, o, slices.Sorted(maps.Keys(o.snapshot.Parts)), body)
	if err != nil {
		return Shown{}, err
	}
	return Shown{Snapshot: o.snapshot, Release: r.id, Position: r.position}, nil
}
