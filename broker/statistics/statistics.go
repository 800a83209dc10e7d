// Package statistics tells the public figures: papers made needless over thirty
// days, refusals, withdrawals, and how the sources answered.
//
//	Follow: published leaves of the log, opened ─▶ audit.Tally ─▶ audit.Statistics ─▶ /stats (page, JSON)
//	                                                                               └▶ /api/analytics/requestsLast30days
//
// Only what stands under a published checkpoint is counted, by the same code as
// accord-verify stats: whoever holds the exported log can check every figure.
package statistics

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"accord/broker/store"
	"accord/consent/audit"
)

// Config is what counting needs.
type Config struct {
	Store  store.Store
	Origin string        // of the log
	Step   time.Duration // windows end at whole ones: an hour, or less in a demonstration
	Now    func() time.Time
}

// Figures follow the log. They are safe for concurrent use.
type Figures struct {
	Config

	mu      sync.Mutex // guards the rest
	tally   *audit.Tally
	next    int64 // leaf to be counted next
	started bool
	latest  audit.Statistics // kept while nothing more is counted and no step passes
	counted int64            // next when latest was made
}

// New makes Figures that have counted nothing yet.
func New(c Config) *Figures {
	return &Figures{Config: c, tally: audit.NewTally(c.Origin, c.Step)}
}

// Latest gives the figures of the last whole step.
func (f *Figures) Latest() audit.Statistics {
	f.mu.Lock()
	defer f.mu.Unlock()
	until := f.tally.Until(f.Now())
	if f.latest.Until != until.Format(audit.TimeLayout) || f.counted != f.next {
		f.latest, f.counted = f.tally.Figures(until), f.next
	}
	return f.latest
}

// Follow counts what was published since it was called last. It begins thirty
// days back, and may be called again after an error.
func (f *Figures) Follow(ctx context.Context) error {
	size := f.Store.Health(ctx).Guarded
	if err := f.start(ctx, size); err != nil {
		return err
	}
	for f.next < size {
		entries, err := f.Store.Entries(ctx, f.next, size)
		if err != nil {
			return fmt.Errorf("counting the log from leaf %d: %w", f.next, err)
		}
		if len(entries) == 0 {
			return errors.New("counting the log: leaves are missing")
		}
		f.count(entries)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tally.Forget(f.tally.Until(f.Now()))
	return nil
}

func (f *Figures) count(entries []store.Entry) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range entries {
		f.tally.Add(e.Index, e.Kind, opened(e))
	}
	f.next += int64(len(entries))
}

// opened reads an entry's event; nil for an erased one.
func opened(e store.Entry) *audit.Event {
	var event audit.Event
	if e.Erased || json.Unmarshal(e.Event, &event) != nil {
		return nil
	}
	return &event
}

// start finds the first leaf of the oldest window by halving: times only grow
// along the log.
func (f *Figures) start(ctx context.Context, size int64) error {
	if f.started {
		return nil
	}
	oldest := f.Now().Add(-audit.StatisticsWindow - f.Step)
	low, high := int64(0), size
	for low < high {
		middle := low + (high-low)/2
		before, err := f.before(ctx, middle, high, oldest)
		if err != nil {
			return err
		}
		if before {
			low = middle + 1
		} else {
			high = middle
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next, f.started = low, true
	return nil
}

// before tells whether the first opened leaf from index on is older than t;
// where all are erased, they are.
func (f *Figures) before(ctx context.Context, index, end int64, t time.Time) (bool, error) {
	for index < end {
		entries, err := f.Store.Entries(ctx, index, end)
		if err != nil {
			return false, fmt.Errorf("looking for the leaves of thirty days: %w", err)
		}
		for _, e := range entries {
			if event := opened(e); event != nil {
				at, err := time.Parse(audit.TimeLayout, event.Time)
				return err == nil && at.Before(t), nil
			}
		}
		if len(entries) == 0 {
			break
		}
		index += int64(len(entries))
	}
	return true, nil
}
