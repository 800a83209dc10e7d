package main

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// A walker goes one way again and again.
type walker interface {
	walk() error
	close()
}

// A system is one server under measurement.
type system struct {
	name   string
	child  *child
	site   *accordSite // nil of the yardstick
	walker func(n int) (walker, error)
}

// A figure is one measurement of one system.
type figure struct {
	rate      float64 // flows a second
	p50, p99  time.Duration
	serverCPU time.Duration // of the server's process, a flow
	objects   uint64        // allocated by the server, a flow
	bytes     uint64        // the same
	clientCPU time.Duration // of this process, a flow: client and simulators
}

// measure keeps flight flows going for d, closed loop: each worker begins the
// next as the last ends.
func (s *system) measure(flight int, d time.Duration) (figure, error) {
	walkers, err := s.walkers(flight)
	if err != nil {
		return figure{}, err
	}
	defer func() {
		for _, w := range walkers {
			w.close()
		}
	}()
	before, err := s.child.used()
	if err != nil {
		return figure{}, fmt.Errorf("asking what the server used: %w", err)
	}
	clientBefore, began := cpu(), time.Now()
	took, err := loop(walkers, began.Add(d))
	elapsed, client := time.Since(began), cpu()-clientBefore
	if err != nil {
		return figure{}, fmt.Errorf("%s, %d in flight: %w", s.name, flight, err)
	}
	after, err := s.child.used()
	n := time.Duration(len(took))
	return figure{
		rate: float64(n) / elapsed.Seconds(), p50: percentile(took, 50), p99: percentile(took, 99),
		serverCPU: (after.CPU - before.CPU) / n, clientCPU: client / n,
		objects: (after.Objects - before.Objects) / uint64(n), bytes: (after.Bytes - before.Bytes) / uint64(n),
	}, err
}

func (s *system) walkers(flight int) (all []walker, err error) {
	for n := range flight {
		w, err := s.walker(n)
		if err != nil {
			return nil, err
		}
		all = append(all, w)
	}
	return all, nil
}

// loop gives the time of every flow, sorted. The first failure ends it: a
// figure with failures in it is none.
func loop(walkers []walker, until time.Time) ([]time.Duration, error) {
	var (
		group sync.WaitGroup
		took  = make([][]time.Duration, len(walkers))
		errs  = make(chan error, len(walkers))
	)
	for n, w := range walkers {
		group.Go(func() {
			for began := time.Now(); began.Before(until) && len(errs) == 0; began = time.Now() {
				if err := w.walk(); err != nil {
					errs <- err
					return
				}
				took[n] = append(took[n], time.Since(began))
			}
		})
	}
	group.Wait()
	select {
	case err := <-errs:
		return nil, err
	default:
	}
	all := slices.Sorted(slices.Values(slices.Concat(took...)))
	if len(all) == 0 {
		return nil, fmt.Errorf("no flow ended in time")
	}
	return all, nil
}

// percentile of sorted times.
func percentile(sorted []time.Duration, p int) time.Duration {
	return sorted[min(len(sorted)-1, len(sorted)*p/100)]
}

// median of each member over the rounds.
func median(all []figure) figure {
	return figure{
		rate:      middle(all, func(f figure) float64 { return f.rate }),
		p50:       middle(all, func(f figure) time.Duration { return f.p50 }),
		p99:       middle(all, func(f figure) time.Duration { return f.p99 }),
		serverCPU: middle(all, func(f figure) time.Duration { return f.serverCPU }),
		clientCPU: middle(all, func(f figure) time.Duration { return f.clientCPU }),
	}
}

func middle[T float64 | time.Duration](all []figure, of func(figure) T) T {
	var values []T
	for _, f := range all {
		values = append(values, of(f))
	}
	slices.Sort(values)
	return values[len(values)/2]
}
