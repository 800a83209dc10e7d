package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"
)

// Deliveries at once, and tokens each reader takes turns with: a token reads
// twenty times a second at most.
const (
	deliveriesInFlight = 16
	tokensOfAReader    = 24
)

// A reader asks for one address again and again, its tokens in turn.
type reader struct {
	*line
	path   string
	tokens []string
	next   int
}

func (r *reader) walk() error {
	r.next++
	a := ask{path: r.path}
	if len(r.tokens) > 0 {
		a.headers = []string{"Authorization: Bearer " + r.tokens[r.next%len(r.tokens)]}
	}
	_, err := r.expect(200, a)
	return err
}

func (r *reader) close() { _ = r.conn.Close() } // nothing is lost

// eventSize is about what one delivery adds to the log's file, in bytes.
const eventSize = 1500

// deliveries measures one delivery, its durable event included, beside an
// answer of the same server that reads nothing, and beside what the disk gives
// as many writers of one row each.
func deliveries(o options, w io.Writer) (err error) {
	p, err := startPair(o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	read, err := p.accord.deliveries()
	if err != nil {
		return err
	}
	nothing := &system{name: "ping", child: p.accord.child}
	nothing.walker = func(int) (walker, error) { return p.accord.site.reader("/api/ping", nil) }
	bare, err := openBare(filepath.Join(p.dir, "bare.db"))
	if err != nil {
		return err
	}
	defer bare.close()
	rows := repeat(bare.together(eventSize), deliveriesInFlight)
	measured := []func() (figure, error){
		func() (figure, error) { return write(rows, o.each/2) },
		func() (figure, error) { return nothing.measure(deliveriesInFlight, o.each/2) },
		func() (figure, error) { return read.measure(deliveriesInFlight, o.each/2) },
	}
	all := make([][]figure, len(measured))
	for range o.rounds {
		for i, measure := range measured {
			f, err := measure()
			if err != nil {
				return err
			}
			all[i] = append(all[i], f)
		}
	}
	printDeliveries(w, o, median(all[0]), median(all[1]), median(all[2]))
	return nil
}

// deliveries is the system whose walkers read with tokens of their own.
func (s *system) deliveries() (*system, error) {
	tokens := make([][]string, deliveriesInFlight)
	for n := range tokens {
		var err error
		if tokens[n], err = s.site.tokens(n); err != nil {
			return nil, err
		}
	}
	read := &system{name: "delivery", child: s.child}
	read.walker = func(n int) (walker, error) {
		return s.site.reader("/v3/dss/quotient_familial?recipient="+recipient, tokens[n])
	}
	return read, nil
}

func printDeliveries(w io.Writer, o options, bare, nothing, read figure) {
	fmt.Fprintf(w, "Deliveries: %d in flight, medians of %d rounds of %s, in turn.\n\n", deliveriesInFlight, o.rounds, o.each/2)
	fmt.Fprintln(w, "                                     answers/s   p50 ms   p99 ms   server CPU ms   client CPU ms")
	for _, line := range []struct {
		name string
		figure
	}{{"delivery, its event fsynced", read}, {"control: ping, nothing read", nothing}} {
		fmt.Fprintf(w, "%-34s %11.0f %8.2f %8.2f %15.3f %15.3f\n", line.name, line.rate, ms(line.p50), ms(line.p99), ms(line.serverCPU), ms(line.clientCPU))
	}
	fmt.Fprintf(w, "%-34s %11.0f %8.2f %8.2f\n", "control: bare row, same disk", bare.rate, ms(bare.p50), ms(bare.p99))
	fmt.Fprintf(w, "The bare rows: %d bytes each, %d writers, one fsynced bbolt update for all that wait.\n", eventSize, deliveriesInFlight)
	fmt.Fprintf(w, "A delivery adds %.2f ms at p50 (goal: below 3).\n\n", ms(read.p50-nothing.p50))
}

func (s *accordSite) reader(path string, tokens []string) (walker, error) {
	l, err := s.line()
	return &reader{line: l, path: path, tokens: tokens}, err
}

// tokens walks as many journeys, none of them read.
func (s *accordSite) tokens(n int) ([]string, error) {
	w, err := s.traveller(n)
	if err != nil {
		return nil, err
	}
	defer w.close()
	t := w.(*traveller)
	var all []string
	for range tokensOfAReader {
		token, err := t.token()
		if err != nil {
			return nil, err
		}
		all = append(all, token)
	}
	return all, nil
}

// lookups measures the way from the click to the values with one source and
// with two, the second no slower than the first.
func lookups(o options, w io.Writer) (err error) {
	p, err := startPair(o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	const slower, faster = 80 * time.Millisecond, 60 * time.Millisecond
	p.simulators.cnavDelay.Store(int64(slower))
	p.simulators.dgfipDelay.Store(int64(faster))
	took := map[string][]time.Duration{}
	for range 10 * o.rounds {
		for _, asked := range []string{"openid cnaf_quotient_familial", scope} {
			d, err := p.accord.site.lookup(asked)
			if err != nil {
				return err
			}
			took[asked] = append(took[asked], d)
		}
	}
	one, two := middleOf(took["openid cnaf_quotient_familial"]), middleOf(took[scope])
	fmt.Fprintf(w, "Look-ups, from the click to the values, one at a time, medians of %d, in turn.\n\n", 10*o.rounds)
	fmt.Fprintf(w, "one source of %v          %8.1f ms\n", slower, ms(one))
	fmt.Fprintf(w, "and one of %v beside it   %8.1f ms\n", faster, ms(two))
	fmt.Fprintf(w, "Two in parallel cost %.1f ms more than the slower alone (goal: at most 5).\n\n", ms(two-one))
	return nil
}

// lookup times one login, callback and consent page.
func (s *accordSite) lookup(scope string) (time.Duration, error) {
	w, err := s.traveller(0)
	if err != nil {
		return 0, err
	}
	defer w.close()
	t := w.(*traveller)
	_, challenge := pkce()
	cookie, page, err := t.arriveFor(scope, rand.Text(), challenge)
	if err != nil {
		return 0, fmt.Errorf("asking: %w", err)
	}
	began := time.Now()
	if _, _, err = t.login(cookie, page); err != nil {
		return 0, fmt.Errorf("logging in: %w", err)
	}
	return time.Since(began), nil
}

func middleOf(all []time.Duration) time.Duration {
	var figures []figure
	for _, d := range all {
		figures = append(figures, figure{p50: d})
	}
	return median(figures).p50
}
