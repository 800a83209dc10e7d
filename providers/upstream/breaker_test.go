package upstream

import (
	"testing"
	"time"
)

// step is one event at a breaker, and its state after it.
type step struct {
	name  string
	do    func(*script)
	state string
}

// A script drives a breaker of three failures and ten seconds by a clock of
// its own.
type script struct {
	t       *testing.T
	clock   time.Time
	breaker breaker
	probe   bool
	opened  int
}

func enters(want bool) func(*script) {
	return func(s *script) {
		s.t.Helper()
		probe, ok := s.breaker.enter()
		if ok != want {
			s.t.Errorf("enter %t, want %t", ok, want)
		}
		s.probe = s.probe || probe
	}
}

func ends(v verdict) func(*script) {
	return func(s *script) {
		if s.breaker.leave(s.probe, v) {
			s.opened++
		}
		s.probe = false
	}
}

func stray(v verdict) func(*script) { return func(s *script) { s.breaker.leave(false, v) } }

func after(d time.Duration) func(*script) { return func(s *script) { s.clock = s.clock.Add(d) } }

func attempt(v verdict) func(*script) {
	return func(s *script) {
		s.t.Helper()
		enters(true)(s)
		ends(v)(s)
	}
}

func TestBreaker(t *testing.T) {
	opened := []step{{"one", attempt(failing), Closed}, {"two", attempt(failing), Closed}, {"three", attempt(failing), Open}}
	halfOpen := append(opened[:3:3], step{"pause", after(10 * time.Second), HalfOpen}, step{"probe goes", enters(true), HalfOpen})
	for name, c := range map[string]struct {
		steps  []step
		opened int
	}{
		"opens after three failures in a row": {append(opened[:3:3], step{"refused", enters(false), Open}), 1},
		"a life between starts the count anew": {[]step{
			{"one", attempt(failing), Closed},
			{"two", attempt(failing), Closed},
			{"life", attempt(alive), Closed},
			{"one", attempt(failing), Closed},
			{"two", attempt(failing), Closed},
		}, 0},
		"what says nothing counts nothing": {[]step{
			{"one", attempt(failing), Closed},
			{"two", attempt(failing), Closed},
			{"none", attempt(aside), Closed},
			{"three", attempt(failing), Open},
		}, 1},
		"stays open for its pause":       {append(opened[:3:3], step{"almost", after(10*time.Second - 1), Open}, step{"refused", enters(false), Open}), 1},
		"one probe at a time":            {append(halfOpen[:5:5], step{"another", enters(false), HalfOpen}), 1},
		"a probe that lives closes":      {append(halfOpen[:5:5], step{"lives", ends(alive), Closed}, step{"next", attempt(alive), Closed}), 1},
		"a probe that fails opens again": {append(halfOpen[:5:5], step{"fails", ends(failing), Open}, step{"almost", after(10*time.Second - 1), Open}, step{"pause", after(1), HalfOpen}), 1},
		"a probe not made leaves its place": {append(
			halfOpen[:5:5], step{"not made", ends(aside), HalfOpen}, step{"another", attempt(alive), Closed},
		), 1},
		"a late answer from before does not close":    {append(opened[:3:3], step{"late", stray(alive), Open}), 1},
		"a late failure from before does not prolong": {append(halfOpen[:4:4], step{"late", stray(failing), HalfOpen}), 1},
		"counts anew once closed": {append(
			halfOpen[:5:5], step{"lives", ends(alive), Closed}, step{"one", attempt(failing), Closed}, step{"two", attempt(failing), Closed}, step{"three", attempt(failing), Open},
		), 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := &script{t: t, clock: time.Date(2026, 10, 14, 9, 0, 0, 0, time.UTC)}
			s.breaker = breaker{most: 3, pause: 10 * time.Second, now: func() time.Time { return s.clock }}
			for n, step := range c.steps {
				step.do(s)
				if state, _ := s.breaker.state(); state != step.state {
					t.Fatalf("step %d, %s: %s, want %s", n, step.name, state, step.state)
				}
			}
			if s.opened != c.opened {
				t.Errorf("opened %d times, want %d", s.opened, c.opened)
			}
		})
	}
}

func TestABreakerSwitchedOffNeverOpens(t *testing.T) {
	b := &breaker{most: -1, now: time.Now}
	for range 100 {
		if _, ok := b.enter(); !ok || b.leave(false, failing) {
			t.Fatal("it opened")
		}
	}
}
