package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"
)

// codesEach is how many codes each client of the token endpoint has ready: as
// many as journeys make within a code's minute, with room to spare.
const codesEach = 12

// A redeemer has codes ready and redeems them.
type redeemer struct {
	*traveller
	stock []ready
}

// tokenAlone measures the token endpoint by itself: a code for an access token,
// an ID token and the receipt, bound to a key, in profile fapi2. The journeys
// that make the codes are not counted.
func tokenAlone(o options, w io.Writer) (err error) {
	o.plain, o.fapi = false, true
	p, err := startPair(o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	fmt.Fprintf(w, "Token endpoint alone, profile fapi2 (private_key_jwt, DPoP), medians of %d rounds of %d codes for each in flight.\n\n", o.rounds, codesEach)
	fmt.Fprintln(w, "in flight   tokens/s   p50 ms   p99 ms   server CPU ms   client CPU ms")
	for _, flight := range o.flights {
		var all []figure
		for range o.rounds {
			f, err := p.accord.redeeming(flight, codesEach)
			if err != nil {
				return err
			}
			all = append(all, f)
		}
		f := median(all)
		fmt.Fprintf(w, "%9d %10.0f %8.2f %8.2f %15.3f %15.3f\n", flight, f.rate, ms(f.p50), ms(f.p99), ms(f.serverCPU), ms(f.clientCPU))
	}
	fmt.Fprintln(w)
	return nil
}

// redeeming makes n codes for each of flight clients, then times their
// redemption.
func (s *system) redeeming(flight, n int) (figure, error) {
	all := make([]*redeemer, flight)
	for i := range all {
		w, err := s.site.traveller(i)
		if err != nil {
			return figure{}, err
		}
		defer w.close()
		all[i] = &redeemer{traveller: w.(*traveller)}
	}
	if _, err := each(all, func(r *redeemer) ([]time.Duration, error) { return nil, r.fill(n) }); err != nil {
		return figure{}, fmt.Errorf("making codes: %w", err)
	}
	before, err := s.child.used()
	if err != nil {
		return figure{}, fmt.Errorf("asking what the server used: %w", err)
	}
	clientBefore, began := cpu(), time.Now()
	took, err := each(all, (*redeemer).spend)
	elapsed, client := time.Since(began), cpu()-clientBefore
	if err != nil {
		return figure{}, fmt.Errorf("redeeming, %d in flight: %w", flight, err)
	}
	after, err := s.child.used()
	done := time.Duration(len(took))
	return figure{
		rate: float64(done) / elapsed.Seconds(), p50: percentile(took, 50), p99: percentile(took, 99),
		serverCPU: (after.CPU - before.CPU) / done, clientCPU: client / done,
	}, err
}

// each runs do for all at once and gives their times, sorted.
func each(all []*redeemer, do func(*redeemer) ([]time.Duration, error)) ([]time.Duration, error) {
	var group sync.WaitGroup
	took, errs := make([][]time.Duration, len(all)), make([]error, len(all))
	for n, r := range all {
		group.Go(func() { took[n], errs[n] = do(r) })
	}
	group.Wait()
	return slices.Sorted(slices.Values(slices.Concat(took...))), errors.Join(errs...)
}

func (r *redeemer) fill(n int) error {
	for range n {
		c, err := r.code()
		if err != nil {
			return err
		}
		r.stock = append(r.stock, c)
	}
	return nil
}

// spend redeems what is ready, one after the other.
func (r *redeemer) spend() ([]time.Duration, error) {
	var took []time.Duration
	for _, c := range r.stock {
		began := time.Now()
		if _, err := r.redeem(c.code, c.verifier); err != nil {
			return nil, err
		}
		took = append(took, time.Since(began))
	}
	r.stock = nil
	return took, nil
}
