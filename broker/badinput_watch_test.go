package broker_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"accord/broker/store"
	"accord/cmd/accord-demo/country"
)

// A watched country counts what a request leaves behind: leaves of the log,
// temporary values, requests at the sources.
type watched struct {
	*country.Country
	kept *atomic.Int64
}

// counting is the real store, its temporary values counted.
type counting struct {
	store.Store
	kept *atomic.Int64
}

func (s counting) PutTemporary(ctx context.Context, sp store.Space, h store.Hash, sealed []byte, until time.Time) error {
	s.kept.Add(1)
	return s.Store.PutTemporary(ctx, sp, h, sealed, until)
}

// watch is the shared country: no two tests use it at once.
func watch(t *testing.T) watched {
	t.Helper()
	c, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A trace is what there is to see of all requests so far.
type trace struct{ leaves, kept, asked int64 }

func (w watched) trace(t *testing.T) trace {
	t.Helper()
	// A sequenced job without effect: what was queued before it is in the log
	// once it returns.
	if err := w.Store.RevokeToken(t.Context(), "nobody", store.Hash{}); err != nil {
		t.Fatal(err)
	}
	return trace{
		leaves: w.Store.Health(t.Context()).Size, kept: w.kept.Load(),
		asked: int64(len(w.CNAV.Requests()) + len(w.DGFiP.Requests())),
	}
}

func (a trace) minus(b trace) trace {
	return trace{a.leaves - b.leaves, a.kept - b.kept, a.asked - b.asked}
}
