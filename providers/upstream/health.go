package upstream

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// A State is what health and metrics tell of a source.
type State struct {
	Breaker  string // Closed, Open or HalfOpen
	Failures int    // in a row
	Waiting  int    // this client's queries in the queue
}

// State of the client now.
func (c *Client) State() State {
	name, failed := c.breaker.state()
	return State{Breaker: name, Failures: failed, Waiting: c.queue.waiting(c)}
}

// learn tells the breaker how an attempt went. When that opens it, those who
// wait for this client need not wait for nothing.
func (c *Client) learn(probe bool, v verdict) {
	if c.breaker.leave(probe, v) {
		c.queue.flush(c, ErrOpen)
		c.alarm("circuit breaker opened: the source fails again and again")
	}
}

// watch raises the alarm when an answer is none that we know, or somebody
// else's.
func (c *Client) watch(cause error) {
	var unlisted *Unlisted
	if errors.As(cause, &unlisted) || errors.Is(cause, ErrAnotherPerson) {
		c.alarm(cause.Error())
	}
}

// healthOf reads a status: over quota and in error are trouble, any other
// answer, refusals too, is life.
func healthOf(status int) verdict {
	if status == http.StatusTooManyRequests || status >= http.StatusInternalServerError {
		return failing
	}
	return alive
}

// healthWithout judges a call that brought no answer. One cut short by our
// side's own deadline says nothing of the source, unless it had been given a
// fair time.
func (c *Client) healthWithout(ctx context.Context, err error, took time.Duration) verdict {
	fair := ctx.Err() == nil || took >= c.timeout/2
	switch {
	case errors.Is(err, ErrTooLarge):
		return alive
	case errors.Is(err, context.Canceled), !fair:
		return aside
	case errors.Is(err, ErrToken), errors.Is(err, ErrTimeout), errors.Is(err, ErrConnection), errors.Is(err, ErrName), errors.Is(err, ErrTLS):
		return failing
	}
	return aside
}
