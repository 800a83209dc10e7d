package upstream

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A queue gives out the turns of one credential, in rounds between recipients,
// so that nobody's hundred queries stand before another's one:
//
//	wait ─ a turn is free and nobody waits ─ go
//	     └ line of its recipient ─ a turn falls free ─ first of the next line in the round ─ go
//
// It is bounded. Full, it turns the newcomer away, or the last of the longest
// line when that line is longer than the newcomer's would become.
type queue struct {
	limit *rate.Limiter
	most  int // waiting at once

	mu    sync.Mutex           // guards all below
	lines map[string][]*waiter // by recipient, oldest first; none is empty
	round []string             // recipients that have a line; the next one first
	size  int                  // waiting in all lines
	armed bool                 // a timer will hand out the next turn
}

// A waiter hears once: nil for its turn, or why there will be none.
type waiter struct {
	client *Client
	turn   chan error
}

func newQueue(limit *rate.Limiter, most int) *queue {
	return &queue{limit: limit, most: most, lines: map[string][]*waiter{}}
}

// wait returns at recipient's turn to be asked about by c. ErrQuota when ctx ends first or surely
// will, ErrQueue when there is no room.
func (q *queue) wait(ctx context.Context, c *Client, recipient string) error {
	if ctx.Err() != nil {
		return ErrQuota
	}
	w, err := q.join(ctx, c, recipient)
	if w == nil {
		return err
	}
	select {
	case err := <-w.turn:
		return err
	case <-ctx.Done():
		q.leave(recipient, w)
		return ErrQuota
	}
}

// join gives a waiter, or none when the turn is now (nil) or never (error).
func (q *queue) join(ctx context.Context, c *Client, recipient string) (*waiter, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	if q.size == 0 && q.limit.AllowN(now, 1) {
		return nil, nil
	}
	if end, ok := ctx.Deadline(); ok && end.Before(now.Add(q.delay(now))) {
		return nil, ErrQuota
	}
	if q.size >= q.most && !q.displace(len(q.lines[recipient])) {
		return nil, ErrQueue
	}
	w := &waiter{client: c, turn: make(chan error, 1)}
	if len(q.lines[recipient]) == 0 {
		q.round = append(q.round, recipient)
	}
	q.lines[recipient] = append(q.lines[recipient], w)
	q.size++
	q.arm(now)
	return w, nil
}

// delay is the time until a turn falls free.
func (q *queue) delay(now time.Time) time.Duration {
	r := q.limit.ReserveN(now, 1)
	defer r.CancelAt(now)
	return r.DelayFrom(now)
}

func (q *queue) arm(now time.Time) {
	if q.armed || q.size == 0 {
		return
	}
	q.armed = true
	time.AfterFunc(q.delay(now), q.dispatch)
}

func (q *queue) dispatch() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.armed = false
	now := time.Now()
	for q.size > 0 && q.limit.AllowN(now, 1) {
		q.next().turn <- nil
	}
	q.arm(now)
}

// next takes the first of the next line, and sends that line to the end of the
// round.
func (q *queue) next() *waiter {
	recipient := q.round[0]
	w := q.lines[recipient][0]
	if q.remove(recipient, 0); len(q.lines[recipient]) > 0 {
		q.round = append(q.round[1:], recipient)
	}
	return w
}
