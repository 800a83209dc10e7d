package boltstore

import "time"

// A Commit is one transaction of the sequencer that became durable.
type Commit struct {
	Jobs   int           // commands that shared it, at most 256
	Events int           // leaves appended
	Took   time.Duration // from the transaction's begin to the end of its fsync
}

// observed tells Config.Observe of a commit. The sequencer waits for it.
func (s *Store) observed(jobs, events int, began time.Time) {
	if s.cfg.Observe != nil {
		s.cfg.Observe(Commit{Jobs: jobs, Events: events, Took: time.Since(began)})
	}
}
