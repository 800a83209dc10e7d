// Package francetravail asks France Travail for a jobseeker's status and for
// the payments they received.
//
//	Query ─ POST status, the identifier typed in the body ─ whose? ─ the citizen's ─┬─ statut: Found, NoFile
//	                                                        └ another's: Refused    └─ indemnités: GET payments ─ one table (outcome.go)
//
// France Travail is asked by an identifier the citizen types, not by civil
// identity, so it can answer about another person: by mistake or by curiosity.
// The status names its person: it counts only for the one who logged in. Any
// other is Refused with upstream.ErrAnothersIdentifier and nothing of it leaves this
// package. The payments name nobody; so the status is asked first, for the same
// identifier, and the payments only once it is proven to be the citizen's. Each
// call is an attempt of its own. What remains, and no answer here could show,
// is France Travail sending the payments of somebody else than it was asked.
//
// That an identifier is another's tells that it exists, hence that somebody is
// registered: pages should word it as they word an unknown one.
package francetravail

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
const ID = "francetravail"

// Resources it serves.
const (
	ResourceStatus   = "france_travail/statut"
	ResourcePayments = "france_travail/indemnites"
)

const operatorName = "France Travail"

// Config of the source.
type Config struct {
	StatusURL    string // of the statut resource; https, or http on loopback
	PaymentsURL  string // of the indemnités resource
	TokenURL     string // of the token endpoint
	ClientID     string
	ClientSecret string
	Scope        string // of the token; "" = DefaultScope

	Timeout time.Duration // of one HTTP attempt; 0 = 10 s
	Rate    float64       // requests a second under this credential, both resources together; 0 = no limit
	Burst   int           // requests at once within Rate; 0 = 1
	Queue   int           // queries waiting for their turn under Rate; 0 = 200

	Failures int           // in a row that open a resource's circuit breaker; 0 = 10, negative = it never opens
	Pause    time.Duration // of an open breaker before its one probe; 0 = 15 s

	Alarm func(source, what string) // the source changed or fails for good; nothing personal in what; nil = none

	HTTP *http.Client     // nil = one of its own; no redirect is followed
	Now  func() time.Time // nil = time.Now
}

// DefaultScope is what France Travail gives an application for both resources.
func DefaultScope(clientID string) string {
	return "api_statutaugmentev1 api_liste-paiementsv1 individuStatutAugmente application_" + clientID
}

// A Source is France Travail's two resources. It is safe for concurrent use.
type Source struct {
	statusURL, paymentsURL string
	status, payments       *upstream.Client // one each: payments that fail must not shut the status
	now                    func() time.Time
}

// New checks cfg and makes its Source. It calls nobody.
func New(cfg Config) (*Source, error) {
	if err := upstream.CheckURL(cfg.StatusURL); err != nil {
		return nil, fmt.Errorf("francetravail: statut address: %w", err)
	}
	if err := upstream.CheckURL(cfg.PaymentsURL); err != nil {
		return nil, fmt.Errorf("francetravail: indemnités address: %w", err)
	}
	status, payments, err := cfg.clients()
	if err != nil {
		return nil, fmt.Errorf("francetravail: %w", err)
	}
	s := &Source{statusURL: cfg.StatusURL, paymentsURL: cfg.PaymentsURL, status: status, payments: payments, now: cfg.Now}
	if s.now == nil {
		s.now = time.Now
	}
	return s, nil
}

// clients share the account, with its token and its limits.
func (cfg Config) clients() (status, payments *upstream.Client, err error) {
	if cfg.Scope == "" {
		cfg.Scope = DefaultScope(cfg.ClientID)
	}
	common := upstream.Config{
		TokenURL: cfg.TokenURL, ClientID: cfg.ClientID, ClientSecret: cfg.ClientSecret, Scope: cfg.Scope,
		Timeout: cfg.Timeout, Rate: cfg.Rate, Burst: cfg.Burst, Queue: cfg.Queue,
		Failures: cfg.Failures, Pause: cfg.Pause, Source: ID, Alarm: cfg.Alarm, HTTP: cfg.HTTP, Now: cfg.Now,
	}
	if common.Account, err = upstream.NewAccount(common); err != nil {
		return nil, nil, err
	}
	if status, err = upstream.New(common); err != nil {
		return nil, nil, err
	}
	payments, err = upstream.New(common)
	return status, payments, err
}

// ID is "francetravail".
func (s *Source) ID() string { return ID }

// Query fetches q.Resource of the jobseeker whose identifier the citizen typed,
// q.Inputs[Input], if that is q.Identity.
func (s *Source) Query(ctx context.Context, q providers.Query) providers.Answer {
	identifier, err := check(q)
	answer := providers.Answer{Outcome: providers.Refused, Cause: errors.Join(err, upstream.CheckQuery(q))}
	if answer.Cause == nil {
		answer = s.fetch(ctx, q, identifier)
	}
	answer.Provenance.Source, answer.Provenance.Operator, answer.Provenance.Period = ID, operatorName, s.month()
	return answer
}

func (s *Source) fetch(ctx context.Context, q providers.Query, identifier string) providers.Answer {
	status := s.status.Ask(ctx, upstream.Exchange{Query: q, Build: s.askStatus(q, identifier), Judge: judgeStatus(q.Identity, identifier)})
	// Found and NoFile alone say that the identifier is the citizen's.
	theirs := status.Outcome == providers.Found || status.Outcome == providers.NoFile
	if q.Resource == ResourceStatus || !theirs {
		return status
	}
	return s.payments.Ask(ctx, upstream.Exchange{Query: q, Build: s.askPayments(q, identifier), Judge: judgePayments(identifier)})
}

// month is the current one in France, at most an hour late: both resources tell
// how things stand today.
func (s *Source) month() string { return s.now().UTC().Add(time.Hour).Format("2006-01") }
