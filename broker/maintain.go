package broker

import (
	"context"
	"sync"
	"time"
)

const (
	sweepEvery = 30 * time.Second
	countEvery = time.Minute
)

// Maintain forgets what expired and counts what was published, until ctx ends.
// What is expired is refused whether it was swept or not.
func (b *Broker) Maintain(ctx context.Context) {
	var both sync.WaitGroup
	both.Go(func() { b.every(ctx, sweepEvery, "sweeping the store", b.config.Store.Sweep) })
	both.Go(func() { b.every(ctx, b.countPause(), "counting the log", b.figures.Follow) })
	both.Wait()
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
