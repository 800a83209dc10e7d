package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"
)

// The pages a citizen waits for, their data at hand: no source is asked.
const (
	pageRate    = 200 // requests a second, begun on time whatever came before
	pageWorkers = 16  // connections
	pageGoal    = 5 * time.Millisecond
)

// A viewer opens one address again and again, on a connection of its own.
type viewer struct {
	line *line
	ask  ask
}

func (v viewer) view() error {
	_, err := v.line.expect(200, v.ask)
	return err
}

// pages measures the consent page at a fixed rate beside /api/ping, which does
// nothing: what the machine adds to both is in both.
func pages(o options, w io.Writer) (err error) {
	p, err := startPair(o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	fmt.Fprintf(w, "Pages: GET at %d requests/s for %s, open loop, %d connections, %d rounds in turn; from the sending to the last byte.\n", pageRate, o.each, pageWorkers, o.rounds)
	fmt.Fprintln(w)
	all, err := viewed(o, p)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "page              requests/s   p50 ms   p99 ms   server CPU ms")
	for _, name := range []string{"/api/ping", "/connexion", "/accord"} {
		f := median(all[name])
		fmt.Fprintf(w, "%-16s %11.0f %8.2f %8.2f %15.2f\n", name, f.rate, ms(f.p50), ms(f.p99), ms(f.serverCPU))
	}
	fmt.Fprintf(w, "Goal: /accord p99 at most %.0f ms, when /api/ping stays well below that.\n\n", ms(pageGoal))
	return nil
}

func viewed(o options, p *pair) (map[string][]figure, error) {
	viewers := map[string][]viewer{}
	for n := range pageWorkers {
		for name, make := range map[string]func(*accordSite, int) (viewer, error){"/api/ping": pinging, "/connexion": arriving, "/accord": deciding} {
			v, err := make(p.accord.site, n)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			viewers[name] = append(viewers[name], v)
		}
	}
	all := map[string][]figure{}
	for range o.rounds {
		for _, name := range []string{"/api/ping", "/connexion", "/accord"} {
			f, err := p.accord.atRate(viewers[name], o.each)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			all[name] = append(all[name], f)
		}
	}
	return all, nil
}

func pinging(s *accordSite, _ int) (viewer, error) {
	l, err := s.line()
	return viewer{l, ask{path: "/api/ping"}}, err
}

// arriving is a citizen on the first page.
func arriving(s *accordSite, n int) (viewer, error) {
	t, cookie, page, err := arrived(s, n)
	if err != nil {
		return viewer{}, err
	}
	return viewer{t.accord, ask{path: "/connexion?i=" + page.hidden("i"), cookie: cookie}}, nil
}

// deciding is a citizen before the values, which have been looked up.
func deciding(s *accordSite, n int) (viewer, error) {
	t, cookie, page, err := arrived(s, n)
	if err != nil {
		return viewer{}, err
	}
	if cookie, page, err = t.login(cookie, page); err != nil {
		return viewer{}, err
	}
	return viewer{t.accord, ask{path: "/accord?i=" + page.hidden("i"), cookie: cookie}}, nil
}

func arrived(s *accordSite, n int) (*traveller, string, reply, error) {
	w, err := s.traveller(n)
	if err != nil {
		return nil, "", reply{}, err
	}
	t := w.(*traveller)
	_, challenge := pkce()
	cookie, page, err := t.arriveFor(scope, rand.Text(), challenge)
	return t, cookie, page, err
}

// atRate begins a request every 1/pageRate s for d, whether the earlier ones
// have ended or not, as far as there are connections.
func (s *system) atRate(viewers []viewer, d time.Duration) (figure, error) {
	before, err := s.child.used()
	if err != nil {
		return figure{}, fmt.Errorf("asking what the server used: %w", err)
	}
	began := time.Now()
	took, err := paced(viewers, d)
	if err != nil {
		return figure{}, err
	}
	after, err := s.child.used()
	return figure{
		rate: float64(len(took)) / time.Since(began).Seconds(), p50: percentile(took, 50), p99: percentile(took, 99),
		serverCPU: (after.CPU - before.CPU) / time.Duration(len(took)),
	}, err
}

func paced(viewers []viewer, d time.Duration) ([]time.Duration, error) {
	var (
		group sync.WaitGroup
		mu    sync.Mutex // guards all and first
		all   []time.Duration
		first error
		due   = make(chan struct{}, pageRate)
	)
	for _, v := range viewers {
		group.Go(func() {
			for range due {
				began := time.Now()
				err := v.view()
				mu.Lock()
				all, first = append(all, time.Since(began)), errors.Join(first, err)
				mu.Unlock()
			}
		})
	}
	tick := time.NewTicker(time.Second / pageRate)
	defer tick.Stop()
	for end := time.After(d); ; {
		select {
		case <-tick.C:
			due <- struct{}{}
			continue
		case <-end:
		}
		break
	}
	close(due)
	group.Wait()
	slices.Sort(all)
	return all, first
}
