// Package cnav asks the CNAV hub ("dss"), which answers for the family
// allowance funds CNAF and MSA, for a household's quotient familial.
//
//	Query ─ GET quotient familial, civil identity in the query ─ 200 ─ read ─ right person? complete? ─ Found
//	                                                           └ else ─ one table (outcome.go) ─ other outcomes
//
// The hub is asked by civil identity, so it can answer about another person:
// an answer counts only if the person asked stands in it. It is all or nothing:
// a member missing, unknown or of a wrong type makes the whole Unavailable.
// The hub wants a token of its own scope, X-Correlation-ID (the attempt's
// request id) and X-APIPART-FSFINAL (the recipient's SIRET).
package cnav

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"accord/providers"
	"accord/providers/upstream"
)

// ID of the source in the catalogue.
const ID = "cnav"

// Config of the source.
type Config struct {
	URL          string // of the quotient familial resource; https, or http on loopback
	TokenURL     string // of the hub's token endpoint
	ClientID     string
	ClientSecret string
	Scope        string // of the quotient familial; the hub gives one a resource

	Timeout time.Duration // of one HTTP attempt; 0 = 10 s
	Rate    float64       // requests a second under this credential; 0 = no limit
	Burst   int           // requests at once within Rate; 0 = 1
	Queue   int           // queries waiting for their turn under Rate; 0 = 200

	Failures int           // in a row that open the circuit breaker; 0 = 10, negative = it never opens
	Pause    time.Duration // of an open breaker before its one probe; 0 = 15 s

	Alarm func(source, what string) // the source changed or fails for good; nothing personal in what; nil = none

	HTTP *http.Client     // nil = one of its own; no redirect is followed
	Now  func() time.Time // nil = time.Now
}

// A Source is the hub's quotient familial. It is safe for concurrent use.
type Source struct {
	url    string
	client *upstream.Client
	now    func() time.Time
}

// New checks cfg and makes its Source. It calls nobody.
func New(cfg Config) (*Source, error) {
	if err := upstream.CheckURL(cfg.URL); err != nil {
		return nil, fmt.Errorf("cnav: quotient familial address: %w", err)
	}
	client, err := upstream.New(upstream.Config{
		TokenURL: cfg.TokenURL, ClientID: cfg.ClientID, ClientSecret: cfg.ClientSecret, Scope: cfg.Scope, URLSafeBasic: true,
		Timeout: cfg.Timeout, Rate: cfg.Rate, Burst: cfg.Burst, Queue: cfg.Queue,
		Failures: cfg.Failures, Pause: cfg.Pause, Source: ID, Alarm: cfg.Alarm, HTTP: cfg.HTTP, Now: cfg.Now,
	})
	if err != nil {
		return nil, fmt.Errorf("cnav: %w", err)
	}
	s := &Source{url: cfg.URL, client: client, now: cfg.Now}
	if s.now == nil {
		s.now = time.Now
	}
	return s, nil
}

// ID is "cnav".
func (s *Source) ID() string { return ID }

// State of the circuit breaker and of the queue, for health and metrics.
func (s *Source) State() upstream.State { return s.client.State() }

// Query fetches the household of q.Identity and its quotient familial for
// q.Year and q.Month (0 = the current ones; two years back at most).
func (s *Source) Query(ctx context.Context, q providers.Query) providers.Answer {
	asked, err := s.period(q)
	answer := providers.Answer{Outcome: providers.Refused, Cause: errors.Join(err, upstream.CheckQuery(q))}
	if answer.Cause == nil {
		answer = s.client.Ask(ctx, upstream.Exchange{Query: q, Build: s.builder(q, asked), Judge: judge(q.Identity, asked)})
	}
	answer.Provenance.Source, answer.Provenance.Period = ID, asked.String()
	return answer
}
