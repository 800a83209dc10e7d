package main

import (
	"errors"
	"fmt"
	"io"
	"time"
)

// profileAccord writes a CPU profile of Accord under journeys, those of fapi2,
// or deliveries alone.
func profileAccord(o options, w io.Writer) (err error) {
	if o.only == "fapi2" {
		o.plain, o.fapi = false, true
	}
	p, err := startPair(o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	s, flight, what := p.accord, profileAt, "journeys"
	if len(o.flights) == 1 {
		flight = o.flights[0]
	}
	if o.only == "deliveries" {
		flight, what = deliveriesInFlight, o.only
		if s, err = p.accord.deliveries(); err != nil {
			return err
		}
	}
	return o.profileOf(s, flight, what, w)
}

func (o options) profileOf(s *system, flight int, what string, w io.Writer) error {
	if _, err := s.measure(flight, time.Second); err != nil {
		return err
	}
	if err := s.child.profile(o.profile); err != nil {
		return err
	}
	f, err := s.measure(flight, max(o.each, 10*time.Second))
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%.0f %s/s, each %.2f ms of server CPU, %d allocations of %.1f kB; under the profiler: go tool pprof -top %s\n",
		f.rate, what, ms(f.serverCPU), f.objects, float64(f.bytes)/1024, o.profile)
	return s.child.profile("")
}
