package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"
)

// A pair is Accord and the yardstick, started.
type pair struct {
	accord, baseline *system
	simulators       *simulators
	dir              string
}

// fapi2 is journeys by a client of profile fapi2.
func fapi2(o options, w io.Writer) error {
	o.plain, o.fapi = false, true
	return journeys(o, w)
}

// journeys measures Accord beside the yardstick: in each round, at each number
// in flight, one right after the other.
func journeys(o options, w io.Writer) (err error) {
	p, err := startPair(o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	fmt.Fprintln(w, "Journeys: client and simulators in this process, each server in its own, receipts fsynced.")
	fmt.Fprintf(w, "Accord: %s, pages, FranceConnect, look-up at two sources, decision, code, token, two deliveries.\n", o.request())
	fmt.Fprintln(w, "Yardstick: bare in-memory FAPI 2.0 on the library (PAR, private_key_jwt, DPoP, two 303s, token, userinfo).")
	fmt.Fprintf(w, "Medians of %d rounds of %s each, closed loop.\n\n", o.rounds, o.each)
	results, err := p.rounds(o)
	if err != nil {
		return err
	}
	printJourneys(w, o, results)
	return nil
}

func (o options) request() string {
	if o.plain {
		return "plain request, client_secret_basic"
	}
	if o.fapi {
		return "profile fapi2: pushed request, private_key_jwt, DPoP at PAR, token and delivery"
	}
	return "pushed request, private_key_jwt"
}

// results are the figures by system name and number in flight, a round each.
type results map[string]map[int][]figure

func (p *pair) rounds(o options) (results, error) {
	all := results{p.accord.name: {}, p.baseline.name: {}}
	for _, s := range []*system{p.baseline, p.accord} { // warm up: caches, connections, first pages of the file
		if _, err := s.measure(16, o.each/4); err != nil {
			return nil, err
		}
	}
	for range o.rounds {
		for _, flight := range o.flights {
			for _, s := range []*system{p.baseline, p.accord} {
				f, err := s.measure(flight, o.each)
				if err != nil {
					return nil, err
				}
				all[s.name][flight] = append(all[s.name][flight], f)
			}
		}
	}
	return all, nil
}

func printJourneys(w io.Writer, o options, all results) {
	fmt.Fprintln(w, "in flight  server        flows/s [range]        p50 ms   p99 ms   server CPU ms   client CPU ms   ratio")
	for _, flight := range o.flights {
		bare := median(all["yardstick"][flight])
		for _, name := range []string{"yardstick", "Accord"} {
			f, rounds := median(all[name][flight]), all[name][flight]
			low := slices.MinFunc(rounds, byRate)
			high := slices.MaxFunc(rounds, byRate)
			fmt.Fprintf(w, "%9d  %-10s %8.0f [%.0f..%.0f]\t%8.1f %8.1f %15.2f %15.2f   %5.0f %%\n", flight, name, f.rate, low.rate, high.rate,
				ms(f.p50), ms(f.p99), ms(f.serverCPU), ms(f.clientCPU), 100*f.rate/bare.rate)
		}
	}
	fmt.Fprintln(w, "Goals at 64: ratio 45 %, about 400/s, p99 < 300 ms, server CPU <= 2 ms (2 quiet cores).")
	fmt.Fprintln(w)
}

func byRate(a, b figure) int {
	if a.rate < b.rate {
		return -1
	}
	return 1
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// startPair starts simulators and both servers.
func startPair(o options) (p *pair, err error) {
	p = &pair{}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close())
		}
	}()
	if p.dir, err = os.MkdirTemp(o.dir, "accord-bench-"); err != nil {
		return p, fmt.Errorf("making a folder: %w", err)
	}
	keys, err := newKeys()
	if err != nil {
		return p, err
	}
	if err = p.startBaseline(keys); err != nil {
		return p, err
	}
	return p, p.startAccord(o, keys)
}

func (p *pair) startBaseline(k *keys) error {
	c, err := newChild()
	if err != nil {
		return err
	}
	site := &baselineSite{address: c.address, issuer: "http://" + c.address, keys: k}
	p.baseline = &system{name: "yardstick", child: c, walker: site.passer}
	public, err := k.public.MarshalJSON()
	if err != nil {
		return fmt.Errorf("encoding the client's key: %w", err)
	}
	return c.serve(Assigned{Baseline: &BaselineConfig{Issuer: site.issuer, ClientKey: public}})
}

func (p *pair) startAccord(o options, k *keys) error {
	c, err := newChild()
	if err != nil {
		return err
	}
	site := &accordSite{address: c.address, issuer: "http://" + c.address, secret: rand.Text() + rand.Text(), plain: o.plain, fapi: o.fapi, keys: k}
	p.accord = &system{name: "Accord", child: c, site: site, walker: site.traveller}
	if p.simulators, err = startSimulators(site.issuer); err != nil {
		return err
	}
	site.fcAddress = p.simulators.fcAddress
	public, err := k.public.MarshalJSON()
	if err != nil {
		return fmt.Errorf("encoding the client's key: %w", err)
	}
	return c.serve(Assigned{Accord: &AccordConfig{
		Dir: p.dir, Issuer: site.issuer, FranceConnect: p.simulators.fcURL, Sources: p.simulators.sourcesURL,
		FranceConnectSecret: p.simulators.fcSecret, SourceSecret: p.simulators.sourceSecret, ClientSecret: site.secret, ClientKey: public,
	}})
}

// close ends the children, then removes what they wrote.
func (p *pair) close() error {
	var errs []error
	for _, s := range []*system{p.baseline, p.accord} {
		if s != nil {
			errs = append(errs, s.child.close())
		}
	}
	if p.simulators != nil {
		p.simulators.close()
	}
	if p.dir != "" {
		errs = append(errs, os.RemoveAll(p.dir))
	}
	return errors.Join(errs...)
}
