package franceconnect

import (
	"context"
	"sync"
	"time"
)

// The life of a document of FranceConnect's, which announces max-age=600.
const (
	fresh      = 10 * time.Minute       // served as it is
	usable     = time.Hour              // still served, while a new one is fetched behind
	forcedWait = 10 * time.Second       // between two reads forced by an unknown key; see trialWait
	firstRetry = 500 * time.Millisecond // after a failure, doubled at each
	lastRetry  = 30 * time.Second
)

// A document is something FranceConnect publishes (discovery, keys), read when
// first needed, one reader at a time, again when it ages. While FranceConnect
// is away the last one serves for an hour; without one the callers get the
// last error until the next attempt is due, so that an outage is not hammered.
type document[T any] struct {
	load  func(context.Context) (T, error) // set once
	now   func() time.Time                 // set once
	pause time.Duration                    // between two forced reads; set once

	mu       sync.Mutex // guards what follows
	value    T
	have     bool
	fetched  time.Time
	forced   time.Time // last read asked by reload
	failures int
	retryAt  time.Time
	err      error
	flight   chan struct{} // closed when the read under way ends; nil when none is
}

// get gives the document, waiting for a read when there is none to serve.
func (d *document[T]) get(ctx context.Context) (T, error) {
	d.mu.Lock()
	age := d.now().Sub(d.fetched)
	if d.have && age < fresh {
		defer d.mu.Unlock()
		return d.value, nil
	}
	flight := d.start(ctx)
	if d.have && age < usable || flight == nil {
		defer d.mu.Unlock()
		return d.current(age)
	}
	d.mu.Unlock()
	return d.wait(ctx, flight)
}

// reload reads the document again, unless that was done moments ago.
func (d *document[T]) reload(ctx context.Context) (T, error) {
	d.mu.Lock()
	now := d.now()
	if !d.forced.IsZero() && now.Sub(d.forced) < d.pause {
		defer d.mu.Unlock()
		return d.current(now.Sub(d.fetched))
	}
	d.forced = now
	flight := d.start(ctx)
	d.mu.Unlock()
	if flight == nil {
		return d.get(ctx)
	}
	return d.wait(ctx, flight)
}

// start begins a read if none is under way, and gives its end; nil when the
// last failure is too near. The read outlives its caller: others wait for it.
// d.mu is held.
func (d *document[T]) start(ctx context.Context) chan struct{} {
	if d.flight != nil {
		return d.flight
	}
	if d.now().Before(d.retryAt) {
		return nil
	}
	flight := make(chan struct{})
	d.flight = flight
	go d.read(context.WithoutCancel(ctx), flight)
	return flight
}

func (d *document[T]) read(ctx context.Context, flight chan struct{}) {
	value, err := d.load(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.flight, d.err = nil, err
	if err == nil {
		d.value, d.have, d.fetched, d.failures, d.retryAt = value, true, d.now(), 0, time.Time{}
	} else {
		d.retryAt = d.now().Add(min(lastRetry, firstRetry<<min(d.failures, 10)))
		d.failures++
	}
	close(flight)
}

func (d *document[T]) wait(ctx context.Context, flight chan struct{}) (T, error) {
	select {
	case <-flight:
	case <-ctx.Done():
		var none T
		return none, &Error{Kind: Unavailable, Reason: "request ended while waiting", cause: ctx.Err()}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.current(d.now().Sub(d.fetched))
}

// current gives what there is, or why there is nothing. d.mu is held.
func (d *document[T]) current(age time.Duration) (T, error) {
	if d.have && (d.err == nil || age < usable) {
		return d.value, nil
	}
	var none T
	return none, d.err
}
