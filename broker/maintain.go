package broker

import (
	"context"
	"time"
)

const sweepEvery = 30 * time.Second

// Maintain forgets what expired, until ctx ends. What is expired is refused
// whether it was swept or not.
func (b *Broker) Maintain(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := b.config.Store.Sweep(ctx); err != nil && ctx.Err() == nil {
				b.config.Log.ErrorContext(ctx, "sweeping the store", "cause", err)
			}
		}
	}
}
