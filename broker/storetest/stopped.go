package storetest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"accord/broker/store"
	"accord/consent/audit"
)

// Stopped waits until s says that it can write no more, then asks it for a
// command and a read of each sort: it is nil when all answer
// store.ErrUnavailable.
func Stopped(ctx context.Context, s store.Store) error {
	for s.Health(ctx).Writable {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("waiting for the store to stop: %w", err)
		}
		time.Sleep(time.Millisecond)
	}
	asked := map[string]error{
		"announcing": s.Announce(ctx, []store.Public{{Kind: audit.PolicyChanged, ID: "x", Digest: "d"}}),
		"answering":  s.AnswerSource(store.AnswerCmd{}),
	}
	_, asked["a look-up"] = s.RequestLookup(ctx, store.LookupCmd{})
	_, asked["a decision"] = s.Decide(ctx, store.DecideCmd{Interaction: "x"})
	_, asked["redeeming"] = s.Redeem(ctx, store.RedeemCmd{})
	_, asked["a delivery"] = s.Deliver(ctx, store.DeliverCmd{})
	_, asked["a withdrawal"] = s.Withdraw(ctx, store.WithdrawCmd{})
	_, asked["revoking"] = s.Revoke(ctx, "g_", "suspension")
	_, asked["entries"] = s.Entries(ctx, 0, 1)
	_, asked["a grant"] = s.Grant(ctx, "g_")
	_, asked["a token"] = s.Token(ctx, store.Hash{})
	_, asked["a tile"] = s.Tile(ctx, 0, 0, 1)
	_, asked["an erasure"] = s.Erase(ctx, store.EraseCmd{Grant: "g_", Reason: "request"})
	_, asked["moving keys"] = s.MoveWraps(ctx, "2026-11", 1)
	_, asked["the checkpoint"] = s.Checkpoint(ctx)
	var errs []error
	for what, err := range asked {
		if !errors.Is(err, store.ErrUnavailable) {
			errs = append(errs, fmt.Errorf("%s is answered: %w", what, errors.Join(err, errAnswered)))
		}
	}
	return errors.Join(errs...)
}

var errAnswered = errors.New("not refused as unavailable")
