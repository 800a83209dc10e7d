package main

import (
	"context"
	"strconv"
	"time"

	"accord/broker/admin"
	"accord/broker/boltstore"
	"accord/broker/habilitations"
	"accord/broker/keyring"
	"accord/broker/store"
	"accord/consent"
)

// newMetrics counts what the broker and the store tell it; gauges on a store
// are added once it is open.
func newMetrics() (*admin.Metrics, func(boltstore.Commit)) {
	m := admin.NewMetrics()
	return m, func(c boltstore.Commit) { m.Commit(c.Jobs, c.Took) }
}

// watchStore adds what is read at each scrape.
func watchStore(m *admin.Metrics, s store.Store) {
	gauges := []struct {
		name, help string
		read       func(store.Health) float64
	}{
		{"accord_log_size", "Leaves of the log.", func(h store.Health) float64 { return float64(h.Size) }},
		{"accord_log_unguarded", "Leaves the guard does not know yet.", func(h store.Health) float64 { return float64(h.Size - h.Guarded) }},
		{"accord_store_queue", "Commands waiting for the sequencer.", func(h store.Health) float64 { return float64(h.Queue) }},
		{"accord_store_writable", "1 while the store can write.", func(h store.Health) float64 { return oneIf(h.Writable) }},
		{"accord_checkpoint_age_seconds", "Since the guard last took a checkpoint; grows while nothing happens.", func(h store.Health) float64 { return ageOf(h.Checkpoint) }},
	}
	for _, g := range gauges {
		m.Gauge(g.name, g.help, func() float64 { return g.read(s.Health(context.Background())) })
	}
}

// watchKeys tells how long each role's oldest active key has signed.
func watchKeys(m *admin.Metrics, r *keyring.Ring) {
	for role := range r.ActiveSince() {
		m.GaugeOf("accord_key_age_seconds", "Since the oldest active key of the role was made.", "role", role,
			func() float64 { return ageOf(r.ActiveSince()[role]) }) // a rotation changes it
	}
}

// watchApprovals counts the approvals by where they stand, and those whose end
// is near.
func watchApprovals(m *admin.Metrics, standings func() []habilitations.Standing) {
	for _, state := range habilitations.States() {
		m.GaugeOf("accord_approvals", "Approvals by state.", "state", string(state), func() (n float64) {
			for _, s := range standings() {
				n += oneIf(s.State(time.Now()) == state)
			}
			return n
		})
	}
	for _, days := range []int{consent.FirstNotice, consent.LastNotice} {
		m.GaugeOf("accord_approvals_ending", "Approvals that end within so many days.", "days", strconv.Itoa(days), func() (n float64) {
			for _, s := range standings() {
				left := s.Approval.DaysLeft(time.Now())
				n += oneIf(left > 0 && left <= days)
			}
			return n
		})
	}
}

func oneIf(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// ageOf is 0 for a time that has not come to be.
func ageOf(at time.Time) float64 {
	if at.IsZero() {
		return 0
	}
	return time.Since(at).Seconds()
}
