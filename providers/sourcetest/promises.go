package sourcetest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"accord/providers"
	"accord/providers/faults"
	"accord/providers/upstream"
)

func outcomes(t *testing.T, r *Rig) {
	for _, c := range r.Cases {
		if a, _ := r.ask(t, c.Query); a.Outcome != c.Outcome {
			t.Errorf("%s: outcome %s (%v), want %s", c.Name, a.Outcome, a.Cause, c.Outcome)
		}
	}
}

// failures switches every fault on: none may be found, unknown, ambiguous or
// without a file.
func failures(t *testing.T, r *Rig) {
	r.Switch.Delay = 3 * AttemptTime
	for _, kind := range faults.Kinds() {
		if kind == faults.OtherPerson && r.Unbound {
			continue
		}
		want := providers.Unavailable
		if kind == faults.OtherPerson {
			want = r.Stranger.Outcome
		}
		if slices.Contains([]faults.Kind{faults.Forbidden, faults.Expired, faults.TokenRefused}, kind) {
			want = providers.Refused
		}
		// A token got before would hide the token endpoint's faults.
		r.Switch.SetFaultFor(faults.Expired, 2)
		r.ask(t, r.Found)
		r.Switch.SetFault(kind)
		if a, _ := r.ask(t, r.Found); a.Outcome != want {
			t.Errorf("fault %s: outcome %s (%v), want %s", kind, a.Outcome, a.Cause, want)
		}
	}
}

func noCallWithoutAttempt(t *testing.T, r *Rig) {
	refusals := map[string]func(context.Context) (providers.Attempt, error){
		"attempt not recorded": func(context.Context) (providers.Attempt, error) { return providers.Attempt{}, errors.New("disk full") },
		"no attempt function":  nil,
	}
	for name, attempt := range refusals {
		q := r.Found
		q.Attempt = attempt
		a := r.Source.Query(context.Background(), q)
		if a.Outcome != providers.Unavailable || !errors.Is(a.Cause, upstream.ErrAttempt) {
			t.Errorf("%s: outcome %s (%v), want unavailable", name, a.Outcome, a.Cause)
		}
	}
	if seen := r.Switch.Requests(); len(seen) != 0 {
		t.Errorf("simulator saw %d requests about a person, want none", len(seen))
	}
}

func panickingAttempt(t *testing.T, r *Rig) {
	q := r.Found
	q.Attempt = func(context.Context) (providers.Attempt, error) { panic("store gone") }
	if a := r.Source.Query(context.Background(), q); a.Outcome != providers.Unavailable {
		t.Errorf("outcome %s, want unavailable", a.Outcome)
	}
	if seen := r.Switch.Requests(); len(seen) != 0 {
		t.Errorf("simulator saw %d requests about a person, want none", len(seen))
	}
}

func oneAttemptForEachCall(t *testing.T, r *Rig) {
	var all ledger
	for _, c := range r.Cases {
		_, l := r.ask(t, c.Query)
		all.ids = append(all.ids, l.ids...)
	}
	for _, kind := range faults.Kinds() {
		if kind == faults.Slow {
			continue
		}
		r.Switch.SetFault(kind)
		_, l := r.ask(t, r.Found)
		all.ids = append(all.ids, l.ids...)
	}
	all.matched(t, r.Switch.Requests())
}

func retries(t *testing.T, r *Rig) {
	for _, kind := range []faults.Kind{faults.Down, faults.HangUp, faults.Truncated} {
		before := len(r.Switch.Requests())
		r.Switch.SetFaultFor(kind, 1)
		a, l := r.ask(t, r.Found)
		if a.Outcome != providers.Found || len(l.ids) != r.Before+2 {
			t.Errorf("fault %s once: outcome %s after %d attempts, want found after %d", kind, a.Outcome, len(l.ids), r.Before+2)
		}
		l.matched(t, r.Switch.Requests()[before:])
		r.Switch.SetFault(kind)
		if _, l := r.ask(t, r.Found); len(l.ids) != r.Before+2 {
			t.Errorf("fault %s for good: %d attempts, want %d", kind, len(l.ids), r.Before+2)
		}
	}
}

// leftAlone lets the source fail until the breaker opens: then nothing is
// asked and no attempt logged.
func leftAlone(t *testing.T, r *Rig) {
	r.Switch.SetFault(faults.Down)
	var all ledger
	for range 8 {
		_, l := r.ask(t, r.Found)
		all.ids = append(all.ids, l.ids...)
	}
	all.matched(t, r.Switch.Requests())
	state := r.Source.(interface{ State() upstream.State }).State()
	if want := 10 + 8*r.Before; len(all.ids) != want || state.Breaker != upstream.Open {
		t.Errorf("%d attempts, breaker %s; want %d, open", len(all.ids), state.Breaker, want)
	}
	a, _ := r.ask(t, r.Found)
	if a.Outcome != providers.Unavailable || !errors.Is(a.Cause, upstream.ErrOpen) {
		t.Errorf("outcome %s (%v), want unavailable: not asked", a.Outcome, a.Cause)
	}
}

// keptConnection breaks a connection already used: net/http would repeat a GET
// by itself then.
func keptConnection(t *testing.T, r *Rig) {
	r.ask(t, r.Found)
	before := len(r.Switch.Requests())
	r.Switch.SetFaultFor(faults.HangUp, 2)
	a, l := r.ask(t, r.Found)
	if a.Outcome != providers.Unavailable {
		t.Errorf("outcome %s, want unavailable", a.Outcome)
	}
	l.matched(t, r.Switch.Requests()[before:])
}

func renewal(t *testing.T, r *Rig) {
	r.ask(t, r.Found)
	r.Switch.SetFaultFor(faults.Expired, 1)
	if a, l := r.ask(t, r.Found); a.Outcome != providers.Found || len(l.ids) != r.Before+2 || r.Switch.TokenRequests() != 2 {
		t.Errorf("outcome %s, %d attempts, %d tokens; want found, %d, 2", a.Outcome, len(l.ids), r.Switch.TokenRequests(), r.Before+2)
	}
}

// refusedTwice refuses the renewed token too: no third attempt, no third token.
func refusedTwice(t *testing.T, r *Rig) {
	r.Switch.SetFault(faults.Expired)
	a, l := r.ask(t, r.Found)
	if a.Outcome != providers.Refused || len(l.ids) != r.Before+2 || r.Switch.TokenRequests() != 2 {
		t.Errorf("outcome %s, %d attempts, %d tokens; want refused, %d, 2", a.Outcome, len(l.ids), r.Switch.TokenRequests(), r.Before+2)
	}
	l.matched(t, r.Switch.Requests())
}

// attemptsOfEachFault counts: a second attempt only where the first could do
// no harm, none without a token.
func attemptsOfEachFault(t *testing.T, r *Rig) {
	wanted := map[faults.Kind]int{
		faults.Down: 2, faults.HangUp: 2, faults.Truncated: 2, faults.Expired: 2,
		faults.TokenDown: 0, faults.TokenGarbage: 0, faults.TokenRefused: 0,
	}
	for _, kind := range faults.Kinds() {
		r.Switch.SetFaultFor(faults.Expired, 2) // forgets the token
		r.ask(t, r.Found)
		r.Switch.SetFault(kind)
		want, listed := wanted[kind]
		if !listed {
			want = 1
		}
		if want > 0 { // else no call at all, for want of a token
			want += r.Before
		}
		if _, l := r.ask(t, r.Found); len(l.ids) != want {
			t.Errorf("fault %s: %d attempts, want %d", kind, len(l.ids), want)
		}
	}
}

func tokenCached(t *testing.T, r *Rig) {
	done := make(chan bool)
	for range 8 {
		go func() { r.ask(t, r.Found); done <- true }()
	}
	for range 8 {
		<-done
	}
	if n := r.Switch.TokenRequests(); n != 1 {
		t.Errorf("%d token requests for 8 queries at once, want 1", n)
	}
}

func timeEnds(t *testing.T, r *Rig) {
	r.Switch.SetFault(faults.Slow)
	for _, left := range []time.Duration{0, 50 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(context.Background(), left)
		l := &ledger{}
		q := r.Found
		q.Attempt = l.begin
		began := time.Now()
		a := r.Source.Query(ctx, q)
		cancel()
		if a.Outcome != providers.Unavailable || time.Since(began) > left+AttemptTime {
			t.Errorf("%s left: outcome %s after %s, want unavailable at once", left, a.Outcome, time.Since(began))
		}
		whole(t, r.Source, q, a)
		l.settled(t)
	}
}

func redirects(t *testing.T, r *Rig) {
	r.Switch.SetFault(faults.Redirect)
	r.ask(t, r.Found)
	if slices.Contains(r.Server.Paths(), "/elsewhere") {
		t.Error("the redirect was followed: a civil identity went to another address")
	}
}
