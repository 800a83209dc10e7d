package upstream

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"
)

// A crowd queues under one rate and counts who had turns.
type crowd struct {
	queue *queue

	mu    sync.Mutex // guards all below
	group sync.WaitGroup
	turns []string
	ended map[error]int
}

func newCrowd(perSecond float64, burst, most int) *crowd {
	return &crowd{queue: newQueue(rate.NewLimiter(rate.Limit(perSecond), burst), most), ended: map[error]int{}}
}

// join queues n queries of recipient, each with that patience, and returns
// once they wait.
func (c *crowd) join(recipient string, n int, patience time.Duration) {
	for range n {
		c.group.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			defer cancel()
			err := c.queue.wait(ctx, nil, recipient)
			c.mu.Lock()
			defer c.mu.Unlock()
			c.ended[err]++
			if err == nil {
				c.turns = append(c.turns, recipient)
			}
		})
		synctest.Wait()
	}
}

func (c *crowd) count(recipient string, among int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, r := range c.turns[:min(among, len(c.turns))] {
		if r == recipient {
			n++
		}
	}
	return n
}

func (c *crowd) endedBy(err error) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ended[err]
}

func (c *crowd) all() map[error]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.ended)
}

func TestAGreedyRecipientDoesNotStarveAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(10, 1, 200)
		c.join("greedy", 100, time.Minute)
		c.join("modest", 5, time.Minute)
		c.join("other", 3, time.Minute)
		time.Sleep(1050 * time.Millisecond)
		synctest.Wait()
		if greedy, modest, other := c.count("greedy", 12), c.count("modest", 12), c.count("other", 12); greedy != 5 || modest != 3 || other != 3 {
			t.Errorf("after one second at 10 a second: greedy %d turns, modest %d, other %d; want 5 (one before the others came), 3, 3", greedy, modest, other)
		}
		c.group.Wait()
		if c.endedBy(nil) != 108 {
			t.Errorf("ended %v, want all 108 served", c.all())
		}
	})
}

func TestARecipientThatComesBackDoesNotJumpTheRound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(10, 1, 200)
		c.join("a", 1, time.Minute) // takes the free turn
		c.join("b", 3, time.Minute)
		c.join("c", 3, time.Minute)
		c.join("a", 3, time.Minute)
		c.group.Wait()
		if got := fmt.Sprint(c.turns); got != "[a b c a b c a b c a]" {
			t.Errorf("turns %s", got)
		}
	})
}

func TestTheRateHoldsWhoeverAsks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(20, 4, 500)
		began := time.Now()
		for n := range 25 {
			c.join(fmt.Sprint("recipient ", n%7), 4, time.Minute)
		}
		c.group.Wait()
		if took := time.Since(began); took < 4800*time.Millisecond || took > 4900*time.Millisecond {
			t.Errorf("100 turns at 20 a second, 4 at once, took %s; want 4.8 s", took)
		}
	})
}

func TestTheQueueIsBoundedAndItsRoomSharedFairly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(1, 1, 10)
		c.join("greedy", 31, time.Hour) // 1 goes, 10 wait, 20 are turned away
		if c.queue.waiting(nil) != 10 || c.endedBy(ErrQueue) != 20 {
			t.Fatalf("%d wait, ended %v; want 10 and 20 turned away", c.queue.waiting(nil), c.all())
		}
		c.join("modest", 9, time.Hour) // 5 take the greedy one's room
		if c.queue.waiting(nil) != 10 || c.endedBy(ErrQueue) != 29 {
			t.Fatalf("%d wait, ended %v; want 10 and 29 turned away", c.queue.waiting(nil), c.all())
		}
		c.group.Wait()
		if greedy, modest := c.count("greedy", 99), c.count("modest", 99); greedy != 6 || modest != 5 {
			t.Errorf("greedy %d turns, modest %d; want 6 and 5", greedy, modest)
		}
	})
}

func TestAQueryLeavesTheQueueAtItsDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(0.5, 1, 50)
		began := time.Now()
		c.join("a", 1, time.Minute)
		c.join("a", 3, 3*time.Second) // turns at 2 s, 4 s, 6 s
		c.join("b", 1, time.Second)   // the next turn is later: refused at once
		if c.endedBy(ErrQuota) != 1 || time.Since(began) != 0 {
			t.Errorf("ended %v after %s; want one refused at once", c.all(), time.Since(began))
		}
		c.group.Wait()
		if time.Since(began) != 3*time.Second || c.endedBy(nil) != 2 || c.endedBy(ErrQuota) != 3 || c.queue.waiting(nil) != 0 {
			t.Errorf("ended %v after %s, %d wait; want 2 served, 3 not, after 3 s, none", c.all(), time.Since(began), c.queue.waiting(nil))
		}
		time.Sleep(time.Second)
		c.join("c", 1, time.Millisecond) // the turn nobody took was not lost
		c.group.Wait()
		if c.count("c", 99) != 1 {
			t.Error("a turn was lost with those who left")
		}
	})
}

func TestWithoutARateNobodyWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(limiter(Config{}), 1)
		for range 1000 {
			if err := q.wait(context.Background(), nil, "a"); err != nil {
				t.Fatal(err)
			}
		}
		ended, cancel := context.WithCancel(context.Background())
		cancel()
		if err := q.wait(ended, nil, "a"); !errors.Is(err, ErrQuota) {
			t.Errorf("%v for a query whose time is over", err)
		}
	})
}

// Whoever comes and goes, in whatever order: nobody is left behind.
func TestTheQueueIsEmptyOnceEverybodyIsGone(t *testing.T) {
	q := newQueue(rate.NewLimiter(3000, 3), 40)
	var group sync.WaitGroup
	for n := range 600 {
		group.Go(func() {
			patience := time.Duration(rand.IntN(40)) * time.Millisecond //nolint:gosec // G404: test input
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			defer cancel()
			_ = q.wait(ctx, nil, fmt.Sprint("recipient ", n%9)) // any end will do
			if n%100 == 0 {
				q.flush(nil, ErrOpen)
			}
		})
	}
	group.Wait()
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.size != 0 || len(q.lines) != 0 || len(q.round) != 0 {
		t.Errorf("%d wait, %d lines, %d in the round; want none", q.size, len(q.lines), len(q.round))
	}
}
