package broker

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"accord/broker/store"
	"accord/consent"
	"accord/consent/audit"
)

// A measuredStore counts the commands a citizen or a service provider waits
// for, from the call to the durable answer.
type measuredStore struct {
	store.Store
	metrics   Metrics
	catalogue *consent.Catalogue
	asked     *sync.Map // index of a source.queried → its source, until its answer
}

func (s measuredStore) count(command string, started time.Time, err error) {
	s.metrics.Store(command, resultWord(err), time.Since(started))
}

// resultWord names the closed set of store errors.
func resultWord(err error) string {
	if err == nil {
		return "ok"
	}
	words := []struct {
		err  error
		word string
	}{
		{store.ErrOverloaded, "overloaded"},
		{store.ErrUnavailable, "unavailable"},
		{store.ErrUnknown, "unknown"},
		{store.ErrUsed, "used"},
		{store.ErrBinding, "binding"},
		{store.ErrStale, "stale"},
		{store.ErrConflict, "conflict"},
		{store.ErrNotCovered, "not_covered"},
		{store.ErrRevoked, "revoked"},
		{store.ErrExpired, "expired"},
		{store.ErrNotFound, "not_found"},
	}
	for _, w := range words {
		if errors.Is(err, w.err) {
			return w.word
		}
	}
	return "other"
}

func (s measuredStore) RequestLookup(ctx context.Context, cmd store.LookupCmd) (l store.Logged, err error) {
	defer func(at time.Time) { s.count("request_lookup", at, err) }(time.Now())
	return s.Store.RequestLookup(ctx, cmd)
}

func (s measuredStore) QuerySource(ctx context.Context, cmd store.QueryCmd) (l store.Logged, err error) {
	defer func(at time.Time) {
		s.count("query_source", at, err)
		if err == nil {
			s.asked.Store(l.Position.Index, cmd.Event.Source)
		}
	}(time.Now())
	return s.Store.QuerySource(ctx, cmd)
}

// AnswerSource counts the attempt; it comes once for each that was authorised.
func (s measuredStore) AnswerSource(cmd store.AnswerCmd) error {
	if cmd.Event.Queried != nil {
		if source, ok := s.asked.LoadAndDelete(*cmd.Event.Queried); ok {
			s.metrics.Source(source.(string), cmd.Event.Outcome, time.Duration(cmd.Event.Millis)*time.Millisecond)
		}
	}
	return s.Store.AnswerSource(cmd)
}

func (s measuredStore) Decide(ctx context.Context, cmd store.DecideCmd) (d store.Decision, err error) {
	defer func(at time.Time) {
		s.count("decide", at, err)
		if err == nil && cmd.Kind == audit.ConsentGranted {
			s.metrics.Decision("granted", "decision")
		} else if err == nil {
			s.metrics.Decision("refused", cmd.Event.Stage)
		}
	}(time.Now())
	return s.Store.Decide(ctx, cmd)
}

func (s measuredStore) Renew(ctx context.Context, cmd store.RenewCmd) (r store.Redeemed, err error) {
	defer func(at time.Time) { s.count("renew", at, err) }(time.Now())
	return s.Store.Renew(ctx, cmd)
}

func (s measuredStore) AnotherCode(ctx context.Context, cmd store.AnotherCodeCmd) (err error) {
	defer func(at time.Time) { s.count("another_code", at, err) }(time.Now())
	return s.Store.AnotherCode(ctx, cmd)
}

func (s measuredStore) Redeem(ctx context.Context, cmd store.RedeemCmd) (r store.Redeemed, err error) {
	defer func(at time.Time) { s.count("redeem", at, err) }(time.Now())
	return s.Store.Redeem(ctx, cmd)
}

func (s measuredStore) Deliver(ctx context.Context, cmd store.DeliverCmd) (l store.Logged, err error) {
	defer func(at time.Time) {
		s.count("deliver", at, err)
		if err == nil {
			s.release(cmd.Event.Data, "completed")
		}
	}(time.Now())
	return s.Store.Deliver(ctx, cmd)
}

func (s measuredStore) FailDelivery(ctx context.Context, cmd store.FailDeliveryCmd) (l store.Logged, err error) {
	defer func(at time.Time) {
		s.count("fail_delivery", at, err)
		s.release(cmd.Event.Data, "failed")
	}(time.Now())
	return s.Store.FailDelivery(ctx, cmd)
}

func (s measuredStore) Withdraw(ctx context.Context, cmd store.WithdrawCmd) (l store.Logged, err error) {
	defer func(at time.Time) { s.count("withdraw", at, err) }(time.Now())
	return s.Store.Withdraw(ctx, cmd)
}

// release counts each resource the data belong to, once.
func (s measuredStore) release(data []string, outcome string) {
	var counted []string
	for _, id := range data {
		d, ok := s.catalogue.Datum(id)
		if ok && !slices.Contains(counted, d.Resource) {
			counted = append(counted, d.Resource)
			s.metrics.Release(d.Resource, outcome)
		}
	}
}
