package broker

import (
	"context"
	"time"
)

const (
	sweepEvery = 30 * time.Second
	tellEvery  = 24 * time.Hour // of approvals that end soon
)

// Maintain forgets what expired, and tells of approvals that end, until ctx ends. What is expired is refused
// whether it was swept or not.
func (b *Broker) Maintain(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	daily := time.NewTicker(tellEvery)
	defer daily.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-daily.C:
			b.tellEndings(ctx)
		case <-tick.C:
			if err := b.config.Store.Sweep(ctx); err != nil && ctx.Err() == nil {
				b.config.Log.ErrorContext(ctx, "sweeping the store", "cause", err)
			}
		}
	}
}
