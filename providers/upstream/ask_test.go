package upstream

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"accord/providers"
)

// A source is a client in front of a transport that answers as told, and the
// attempts logged. It needs no network, so that time can be the test's.
type source struct {
	*Client
	status   int           // of answers about a person
	slow     time.Duration // of answers about a person
	token    int           // status of the token endpoint; 0 = 200
	logged   int
	called   int
	fetched  int
	panicked bool // the log panics
	alarms   []string
}

func newSource(t *testing.T, cfg Config) *source {
	t.Helper()
	s := &source{status: http.StatusOK}
	cfg.TokenURL, cfg.ClientID, cfg.ClientSecret = "https://hub.example/token", "a", "b"
	cfg.HTTP = &http.Client{Transport: s}
	cfg.Source, cfg.Alarm = "hub", func(source, what string) { s.alarms = append(s.alarms, source+": "+what) }
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.Client = c
	return s
}

func (s *source) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body := s.status, "{}"
	if r.Method == http.MethodPost {
		s.fetched++
		status, body = max(s.token, http.StatusOK), `{"access_token":"t","token_type":"Bearer","expires_in":3600}`
	} else {
		s.called++
		select {
		case <-time.After(s.slow):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

func (s *source) ask(ctx context.Context) providers.Answer {
	begin := func(context.Context) (providers.Attempt, error) {
		if s.panicked {
			panic("store gone")
		}
		s.logged++
		return providers.Attempt{RequestID: "r"}, nil
	}
	return s.Ask(ctx, Exchange{
		Query: providers.Query{Recipient: "99900010900017", Attempt: begin},
		Build: func(ctx context.Context, _ string) (*http.Request, error) {
			return http.NewRequestWithContext(ctx, http.MethodGet, "https://hub.example/qf", nil)
		},
		Judge: func(r Reply) providers.Answer {
			switch r.Status {
			case http.StatusIMUsed: // stands for somebody else's answer
				return Unavailable(ErrAnotherPerson)
			case http.StatusOK:
				return providers.Answer{Outcome: providers.Found}
			}
			return Unavailable(&Unlisted{Status: r.Status})
		},
	})
}

func TestAnOpenBreakerAsksNobodyAndLogsNoAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSource(t, Config{Failures: 3, Pause: 10 * time.Second, Rate: 0.1, Burst: 3})
		s.status = http.StatusServiceUnavailable
		s.ask(t.Context())
		// Its first attempt is the third failure: there is no second one, and
		// its own cause stands.
		if a := s.ask(t.Context()); errors.Is(a.Cause, ErrOpen) {
			t.Errorf("cause %v of the answer that opened the breaker", a.Cause)
		}
		if state := s.State(); state.Breaker != Open || state.Failures != 3 || s.logged != 3 || s.called != 3 {
			t.Fatalf("%+v after %d attempts and %d calls; want open after 3", state, s.logged, s.called)
		}
		began := time.Now()
		if a := s.ask(t.Context()); a.Outcome != providers.Unavailable || !errors.Is(a.Cause, ErrOpen) || s.logged != 3 || s.called != 3 || time.Since(began) != 0 {
			t.Errorf("outcome %s (%v) after %d attempts and %s; want unavailable at once, unasked", a.Outcome, a.Cause, s.logged, time.Since(began))
		}
		time.Sleep(10 * time.Second)
		s.status = http.StatusOK
		if a := s.ask(t.Context()); a.Outcome != providers.Found || s.logged != 4 || s.State().Breaker != Closed {
			t.Errorf("probe: outcome %s, %d attempts, breaker %s; want found, 4, closed", a.Outcome, s.logged, s.State().Breaker)
		}
	})
}

// What a breaker counts: whether the source is in trouble, not what it says of
// a person nor what happens on our side.
func TestOnlyTroubleOfTheSourceOpensTheBreaker(t *testing.T) {
	for name, c := range map[string]struct {
		set      func(*source)
		patience time.Duration
		opens    bool
	}{
		"in error":            {func(s *source) { s.status = 500 }, time.Minute, true},
		"over quota":          {func(s *source) { s.status = 429 }, time.Minute, true},
		"too slow":            {func(s *source) { s.slow = time.Hour }, time.Minute, true},
		"slow to the end":     {func(s *source) { s.slow = time.Hour }, 6 * time.Second, true},
		"token endpoint down": {func(s *source) { s.token = 503 }, time.Minute, true},
		"fast enough":         {func(s *source) { s.slow = 9 * time.Second }, time.Minute, false},
		"cut short by us":     {func(s *source) { s.slow = time.Hour }, time.Second, false},
		"not found":           {func(s *source) { s.status = 404 }, time.Minute, false},
		"refused":             {func(s *source) { s.status = 403 }, time.Minute, false},
		"unlisted":            {func(s *source) { s.status = 418 }, time.Minute, false},
		"credentials refused": {func(s *source) { s.token = 401 }, time.Minute, false},
		"log gone":            {func(s *source) { s.panicked = true }, time.Minute, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newSource(t, Config{Failures: 4})
				c.set(s)
				for range 4 {
					ctx, cancel := context.WithTimeout(t.Context(), c.patience)
					s.ask(ctx)
					cancel()
				}
				if got := s.State().Breaker; (got == Open) != c.opens {
					t.Errorf("breaker %s", got)
				}
			})
		})
	}
}

func TestWhoeverWaitsIsToldWhenTheBreakerOpens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSource(t, Config{Failures: 1, Rate: 1, Burst: 1})
		s.status, s.slow = http.StatusInternalServerError, 100*time.Millisecond
		causes := make(chan error, 5)
		began := time.Now()
		for range 5 {
			go func() { causes <- s.ask(t.Context()).Cause }()
		}
		synctest.Wait()
		if n := s.State().Waiting; n != 4 {
			t.Errorf("%d wait, want 4", n)
		}
		open := 0
		for range 5 {
			if errors.Is(<-causes, ErrOpen) {
				open++
			}
		}
		if open != 4 || s.logged != 1 || time.Since(began) != 100*time.Millisecond {
			t.Errorf("%d told that it is open, %d attempts, after %s; want 4, 1, 100 ms", open, s.logged, time.Since(began))
		}
	})
}

func TestAlarmsNameTheSourceAndWhatIsNew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSource(t, Config{Failures: 2})
		s.ask(t.Context()) // nothing new
		s.status = 418
		s.ask(t.Context())
		s.status = http.StatusIMUsed
		s.ask(t.Context())
		s.status = 555
		s.ask(t.Context())
		s.ask(t.Context())
		s.ask(t.Context())
		want := "hub: unlisted answer of the source: status 418, code 0|hub: another person's answer|hub: unlisted answer of the source: status 555, code 0|" +
			"hub: unlisted answer of the source: status 555, code 0|hub: circuit breaker opened: the source fails again and again"
		if got := strings.Join(s.alarms, "|"); got != want {
			t.Errorf("alarms %s\nwant   %s", got, want)
		}
	})
}

// A second attempt pays for its own turn.
func TestARetryTakesATurnOfItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSource(t, Config{Rate: 0.5, Burst: 1})
		s.status = http.StatusBadGateway
		began := time.Now()
		s.ask(t.Context())
		if took := time.Since(began); s.logged != 2 || took != 2*time.Second {
			t.Errorf("%d attempts after %s, want 2 after 2 s", s.logged, took)
		}
	})
}

func TestATokenEndsEarlyAndIsRenewedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSource(t, Config{})
		for _, step := range []struct {
			after   time.Duration
			fetched int
		}{{0, 1}, {3589 * time.Second, 1}, {time.Second, 2}, {3589 * time.Second, 2}} {
			time.Sleep(step.after)
			if a := s.ask(t.Context()); a.Outcome != providers.Found || s.fetched != step.fetched {
				t.Errorf("outcome %s with %d tokens, want found with %d", a.Outcome, s.fetched, step.fetched)
			}
		}
		if s.logged != 4 {
			t.Errorf("%d attempts, want 4", s.logged)
		}
	})
}
