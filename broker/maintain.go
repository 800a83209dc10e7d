package broker

import (
	"context"
	"sync"
	"time"
)

const (
	sweepEvery = 30 * time.Second
	countEvery = time.Minute
	tellEvery  = 24 * time.Hour // of approvals that end soon
)

// Maintain forgets what expired, counts what was published and tells of
// approvals that end, until ctx ends. What is expired is refused whether it was
// swept or not.
func (b *Broker) Maintain(ctx context.Context) {
	var all sync.WaitGroup
	all.Go(func() { b.every(ctx, sweepEvery, "sweeping the store", b.config.Store.Sweep) })
	all.Go(func() { b.every(ctx, b.countPause(), "counting the log", b.figures.Follow) })
	all.Go(func() {
		b.every(ctx, tellEvery, "telling of approvals that end", func(ctx context.Context) error {
			b.tellEndings(ctx)
			return nil
		})
	})
	all.Wait()
}

// countPause is how long the public figures may lag behind the log.
func (b *Broker) countPause() time.Duration {
	if step := b.figures.Step; step < countEvery {
		return max(step, time.Second)
	}
	return countEvery
}

// every does a task now and then, and logs that it failed.
func (b *Broker) every(ctx context.Context, pause time.Duration, what string, do func(context.Context) error) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := do(ctx); err != nil && ctx.Err() == nil {
				b.config.Log.ErrorContext(ctx, what, "cause", err)
			}
		}
	}
}
