// Package cnav asks the CNAV hub ("dss"), which answers for the family
// allowance funds CNAF and MSA and for the health insurance: one household or
// one person, one resource a query.
//
//	Query ─ resource configured? ─ GET its address, civil identity in the query ─ our request's answer? ─ judge
//	judge ─ 200 ─ quotient, childcare: right person? complete? ─┐
//	      │     └ benefits: known indicator, own right open? ───┴─ Found
//	      └ else ─ one table (outcome.go) ─ the other outcomes
//
// It is all or nothing: a member missing, renamed or of a wrong type makes the
// whole Unavailable, one the hub added is dropped. The hub wants a token of the
// resource's own scope, X-Correlation-ID (the attempt's request id) and
// X-APIPART-FSFINAL (the recipient's SIRET).
//
// # Whose answer it is
//
// The hub is asked by civil identity, so it can answer about another person.
// Quotient and childcare answers name the household: they count only if the
// person asked stands in it. Benefit answers name nobody. What ties one of them
// to the person is the connection (net/http never has two requests in flight on
// one HTTP/1.1 connection; HTTP/2 numbers its streams) and, where the hub sends
// X-Correlation-ID back, that id: one that differs makes any answer, a refusal
// too, another person's. This guards against answers exchanged on the way by a
// proxy, a cache or the hub's front. It does not guard against a hub that keeps
// our id and looks up the wrong person, nor, if it sends no id back, against an
// exchange beyond our connection: nothing in such an answer could tell. An
// answer about another benefit is told by the codes of its open rights.
//
// # Which month
//
// Only the quotient familial has a past: CNAF's of 24 months. What is older, or
// past for another resource, is Refused without a call. MSA keeps none: the hub
// answers today's quotient whatever month was asked, so an MSA household asked
// for a past month is Refused too, never shown that value nor an absence.
package cnav

import (
	"context"
	"errors"
	"net/http"
	"time"

	"accord/providers"
	"accord/providers/upstream"
)

// ID of the source in the catalogue.
const ID = "cnav"

// Config of the source.
type Config struct {
	TokenURL     string // of the hub's token endpoint
	ClientID     string // of the resources that name none of their own
	ClientSecret string
	Resources    map[string]Resource // by name, QuotientFamilial …; one that is not here is Refused without a call

	// Limits of one client id, over all resources that use it.
	Rate  float64 // requests a second; 0 = no limit
	Burst int     // requests at once within Rate; 0 = 1
	Queue int     // queries waiting for their turn under Rate; 0 = 200

	// Each resource has a circuit breaker of its own.
	Failures int           // in a row that open it; 0 = 10, negative = it never opens
	Pause    time.Duration // of an open breaker before its one probe; 0 = 15 s
	Timeout  time.Duration // of one HTTP attempt; 0 = 10 s

	Alarm func(source, what string) // the source changed or fails for good; nothing personal in what; nil = none

	HTTP *http.Client     // nil = one of its own; no redirect is followed
	Now  func() time.Time // nil = time.Now
}

// A Resource is Accord's account for one resource: the hub gives one client
// and one scope a benefit.
type Resource struct {
	URL          string // https, or http on loopback
	Scope        string // of its token
	ClientID     string // "" = Config's, then ClientSecret too
	ClientSecret string
}

// A Source is the hub. It is safe for concurrent use.
type Source struct {
	resources map[string]*account
	now       func() time.Time
}

// ID is "cnav".
func (s *Source) ID() string { return ID }

// Query fetches q.Resource about q.Identity: for q.Year and q.Month (0 = the
// current ones) if it is the quotient familial, else for today.
func (s *Source) Query(ctx context.Context, q providers.Query) providers.Answer {
	today := s.today()
	month := monthOf(q, today)
	answer := providers.Answer{Outcome: providers.Refused, Cause: errResource}
	if to, ok := s.resources[q.Resource]; ok {
		asked := asked{identity: q.Identity, month: month, today: today}
		answer = to.query(ctx, q, asked)
	}
	answer.Provenance.Source, answer.Provenance.Period = ID, month.String()
	return answer
}

func (to *account) query(ctx context.Context, q providers.Query, asked asked) providers.Answer {
	err := errors.Join(to.checkMonth(asked), upstream.CheckQuery(q))
	if err != nil {
		return providers.Answer{Outcome: providers.Refused, Cause: err}
	}
	return to.client.Ask(ctx, upstream.Exchange{Query: q, Build: to.builder(q, asked), Judge: to.judge(asked)})
}

// State of the circuit breakers and queues, for health and metrics: the worst
// breaker, the most failures in a row, all who wait.
func (s *Source) State() upstream.State {
	all := upstream.State{Breaker: upstream.Closed}
	for _, one := range s.States() {
		if rank(one.Breaker) > rank(all.Breaker) {
			all.Breaker = one.Breaker
		}
		all.Failures = max(all.Failures, one.Failures)
		all.Waiting += one.Waiting
	}
	return all
}

// States are those of each configured resource.
func (s *Source) States() map[string]upstream.State {
	states := make(map[string]upstream.State, len(s.resources))
	for name, to := range s.resources {
		states[name] = to.client.State()
	}
	return states
}

func rank(breaker string) int {
	return map[string]int{upstream.Closed: 0, upstream.HalfOpen: 1, upstream.Open: 2}[breaker]
}
