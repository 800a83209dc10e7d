// Package dgfip asks the API Impôt particulier of the Direction générale des
// Finances publiques for a tax notice, in its FranceConnect mode.
//
//	Query ─ GET …/annrev/2025 ─ no notice yet ─ GET …/annrev/2024 (FallbackYear) ─┐
//	                          └ else ─ judge ─ right person? right year? whole? ──┴─ Answer
//
// The person is whoever FranceConnect's access token says (60 s of life; queue,
// attempt and retry end 5 s before). DGFiP gives the members its scopes allow;
// an answer counts only if a declarant on it is the person who logged in, and
// only if every member asked for is there.
package dgfip

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"accord/providers"
	"accord/providers/upstream"
)

// ID of the source in the catalogue.
const ID = "dgfip"

// operatorName is who answers, in provenance.
const operatorName = "DGFiP"

// margin is how long before FranceConnect's token ends we stop (design §8).
const margin = 5 * time.Second

// Causes of a query that is not sent.
var (
	errYear        = errors.New("income year asked is not one of the last three")
	errTokenTime   = errors.New("no time left on FranceConnect's token")
	errNoToken     = errors.New("no FranceConnect token for this source")
	errTeleservice = errors.New("no ID_Teleservice for this recipient")
)

// Config of the source.
type Config struct {
	URL          string // of the API, up to and without /impotparticulier; https, or http on loopback
	TokenURL     string // of DGFiP's API manager
	ClientID     string
	ClientSecret string
	Scope        string // of the token; "" = RessourceIR

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

// A Source is DGFiP's tax notices. It is safe for concurrent use.
type Source struct {
	url    string
	client *upstream.Client
	now    func() time.Time
}

// New checks cfg and makes its Source. It calls nobody.
func New(cfg Config) (*Source, error) {
	if err := upstream.CheckURL(cfg.URL); err != nil {
		return nil, fmt.Errorf("dgfip: address: %w", err)
	}
	if cfg.Scope == "" {
		cfg.Scope = "RessourceIR"
	}
	client, err := upstream.New(upstream.Config{
		TokenURL: cfg.TokenURL, ClientID: cfg.ClientID, ClientSecret: cfg.ClientSecret, Scope: cfg.Scope,
		Timeout: cfg.Timeout, Rate: cfg.Rate, Burst: cfg.Burst, Queue: cfg.Queue,
		Failures: cfg.Failures, Pause: cfg.Pause, Source: ID, Alarm: cfg.Alarm, HTTP: cfg.HTTP, Now: cfg.Now,
	})
	if err != nil {
		return nil, fmt.Errorf("dgfip: %w", err)
	}
	s := &Source{url: strings.TrimSuffix(cfg.URL, "/"), client: client, now: cfg.Now}
	if s.now == nil {
		s.now = time.Now
	}
	return s, nil
}

// ID is "dgfip".
func (s *Source) ID() string { return ID }

// State of the circuit breaker and of the queue, for health and metrics.
func (s *Source) State() upstream.State { return s.client.State() }

// Query fetches the notice of q.Year (0 = last year) of the person behind
// q.FranceConnectToken or, when there is none yet, that of q.FallbackYear.
func (s *Source) Query(ctx context.Context, q providers.Query) providers.Answer {
	year := q.Year
	if year == 0 {
		year = s.thisYear() - 1
	}
	if answer, ok := s.check(q, year); !ok {
		return origin(answer, year)
	}
	ctx, cancel, ok := s.limit(ctx, q.TokenExpires)
	defer cancel()
	if !ok {
		return origin(upstream.Unavailable(errTokenTime), year)
	}
	answer := s.year(ctx, q, year)
	if answer.Outcome == providers.NoFile && q.FallbackYear != 0 && q.FallbackYear != year {
		year = q.FallbackYear
		answer = s.year(ctx, q, year)
	}
	return origin(answer, year)
}

// year asks for one notice.
func (s *Source) year(ctx context.Context, q providers.Query, year int) providers.Answer {
	return s.client.Ask(ctx, upstream.Exchange{Query: q, Build: s.builder(q, year), Judge: judge(q, year)})
}

func origin(a providers.Answer, year int) providers.Answer {
	a.Provenance.Source, a.Provenance.Operator, a.Provenance.Period = ID, operatorName, strconv.Itoa(year)
	return a
}

// check answers, without a call, what cannot be asked.
func (s *Source) check(q providers.Query, year int) (providers.Answer, bool) {
	refused := func(err error) (providers.Answer, bool) {
		return providers.Answer{Outcome: providers.Refused, Cause: err}, false
	}
	if err := upstream.CheckQuery(q); err != nil {
		return refused(err)
	}
	switch {
	case !s.past(year) || q.FallbackYear != 0 && !s.past(q.FallbackYear):
		return refused(errYear)
	case q.Teleservice == "":
		return refused(errTeleservice)
	case q.FranceConnectToken == "":
		return upstream.Unavailable(errNoToken), false
	}
	return providers.Answer{}, true
}

// past says whether DGFiP gives this income year: n-1, n-2 or n-3.
func (s *Source) past(year int) bool {
	n := s.thisYear()
	return year < n && year >= n-3
}

// thisYear is n: at New Year, France is one hour ahead of UTC.
func (s *Source) thisYear() int { return s.now().UTC().Add(time.Hour).Year() }

// limit ends ctx five seconds before FranceConnect's token does; false when
// that is past.
func (s *Source) limit(ctx context.Context, expires time.Time) (context.Context, context.CancelFunc, bool) {
	if expires.IsZero() {
		return ctx, func() {}, true
	}
	left := expires.Add(-margin).Sub(s.now())
	limited, cancel := context.WithTimeout(ctx, left)
	return limited, cancel, left > 0
}
