package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"accord/broker"
	"accord/broker/configuration"
	"accord/broker/habilitations"
	"accord/broker/operator"
	"accord/broker/store"
)

// A reloader lets a running broker take the approvals, the clients and the
// notice of its configuration as they stand now. Whatever else the files say waits for a
// restart.
type reloader struct {
	broker *broker.Broker
	file   string
	mu     sync.Mutex // held from reading to replacing: what was read last counts last
}

// Suspend implements operator.Approvals.
func (r *reloader) Suspend(ctx context.Context, id, reason string) (store.Suspension, error) {
	return r.broker.Suspend(ctx, id, reason)
}

const maxTold = 40 // mistakes in one answer

// Reload implements operator.Approvals. Every file is judged before anything
// changes.
func (r *reloader) Reload(ctx context.Context) ([]operator.Changed, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c, mistakes := configuration.Load(r.file)
	if c == nil {
		return nil, fmt.Errorf("%w:\n%s", operator.ErrMistakes, refusals(mistakes))
	}
	made, err := r.broker.Reload(ctx, c.Clients.All(), c.Approvals.All())
	if err != nil {
		return nil, err
	}
	r.broker.SetNotice(c.Settings.Notice)
	changes := []operator.Changed{}
	for _, m := range made {
		changes = append(changes, operator.Changed(m))
	}
	return changes, nil
}

func refusals(mistakes []configuration.Mistake) string {
	var lines []string
	for _, m := range mistakes {
		if !m.Warning {
			lines = append(lines, m.String())
		}
	}
	if more := len(lines) - maxTold; more > 0 {
		lines = append(lines[:maxTold], fmt.Sprintf("and %d more: accord check-config tells all", more))
	}
	return strings.Join(lines, "\n")
}

// onHangup reloads at each SIGHUP, until ctx ends; what is wrong goes to the
// log.
func (r *reloader) onHangup(ctx context.Context, log *slog.Logger) {
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	defer signal.Stop(hangups)
	for {
		select {
		case <-ctx.Done():
			return
		case <-hangups:
			changes, err := r.Reload(ctx)
			if err != nil {
				log.ErrorContext(ctx, "reload refused", slog.Any("cause", err))
				continue
			}
			log.InfoContext(ctx, "reloaded", slog.Int("changes", len(changes)))
		}
	}
}

// endings are sentences on the approvals that end soon, or have ended.
func endings(all []habilitations.Standing) (told []string) {
	now := time.Now()
	for _, s := range all {
		switch left := s.Approval.DaysLeft(now); {
		case left <= 0:
			told = append(told, fmt.Sprintf("approval %s ended after %s: nothing passes under it", s.Approval.ID, s.Approval.Dates.Until))
		case s.Approval.EndNotice(now) > 0:
			told = append(told, fmt.Sprintf("approval %s ends after %s: %d days are left to renew it", s.Approval.ID, s.Approval.Dates.Until, left))
		}
	}
	return told
}
