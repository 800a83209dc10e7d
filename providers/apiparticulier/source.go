package apiparticulier

import (
	"context"
	"errors"
	"strings"
	"time"

	"accord/providers"
	"accord/providers/upstream"
)

// margin is how long before FranceConnect's token ends we stop (design §8).
const margin = 5 * time.Second

// Causes of a query that is not sent.
var (
	errResource  = errors.New("source does not serve this resource")
	errDatum     = errors.New("source has no such datum")
	errNoToken   = errors.New("no FranceConnect token for this source")
	errTokenTime = errors.New("no time left on FranceConnect's token")
)

// A Source is one administration. It is safe for concurrent use.
type Source struct {
	id        string
	url       string
	client    *upstream.Client
	resources map[string]*resource
	now       func() time.Time
}

// ID is the administration's, one of IDs.
func (s *Source) ID() string { return s.id }

// State of the circuit breaker, and of the queue as far as it is this
// source's, for health and metrics.
func (s *Source) State() upstream.State { return s.client.State() }

// Query fetches q.Resource about q.Identity, or about the pupil that q.Inputs
// name. Year and Month are the quotient familial's month; Year is the grant's
// campaign (so is the input annee_campagne).
func (s *Source) Query(ctx context.Context, q providers.Query) providers.Answer {
	answer := s.answer(ctx, q)
	answer.Provenance.Source = s.id
	if answer.Provenance.Period == "" {
		answer.Provenance.Period = s.today().month().String()
	}
	return answer
}

func (s *Source) answer(ctx context.Context, q providers.Query) providers.Answer {
	r, ok := s.resources[q.Resource]
	if !ok {
		return refused(errResource)
	}
	wanted, err := s.wanted(r, q.Data)
	if err = errors.Join(err, upstream.CheckQuery(q)); err != nil {
		return refused(err)
	}
	asked, err := r.ask(q, s.today())
	if errors.Is(err, errNoToken) {
		return upstream.Unavailable(err)
	}
	if err != nil {
		return refused(err)
	}
	ctx, cancel, ok := s.limit(ctx, asked)
	defer cancel()
	if !ok {
		return upstream.Unavailable(errTokenTime)
	}
	return s.exchange(ctx, q, r, asked, wanted)
}

// exchange asks for r, after the resource that must come before it.
func (s *Source) exchange(ctx context.Context, q providers.Query, r *resource, asked question, wanted []string) providers.Answer {
	if r.before != nil {
		prior := asked
		prior.path = asked.before
		first := s.client.Ask(ctx, s.about(q, r.before, prior, nil))
		if first.Outcome != providers.Found {
			return first
		}
	}
	answer := s.client.Ask(ctx, s.about(q, r, asked, wanted))
	answer.Provenance.Period = asked.period
	return answer
}

func (s *Source) about(q providers.Query, r *resource, asked question, wanted []string) upstream.Exchange {
	return upstream.Exchange{Query: q, Token: asked.token, Build: asked.builder(s.url), Judge: r.judge(asked, wanted)}
}

// wanted are the scopes of data that r gives, all of r's when data names none of
// them. An id of another resource of the source is not this query's matter.
func (s *Source) wanted(r *resource, data []string) ([]string, error) {
	var mine []string
	for _, id := range data {
		id = scopeOf(id)
		if !s.gives(id) {
			return nil, errDatum
		}
		if _, ok := r.scopes[id]; ok {
			mine = append(mine, id)
		}
	}
	if len(mine) == 0 {
		return sorted(r.scopes), nil
	}
	return mine, nil
}

// scopeOf is API Particulier's scope of a catalogue id: the same, but France
// Travail's scopes keep the name of the time before.
func scopeOf(id string) string {
	if part, ok := strings.CutPrefix(id, "france_travail_"); ok {
		return "pole_emploi_" + part
	}
	return id
}

func (s *Source) gives(id string) bool {
	for _, r := range s.resources {
		if _, ok := r.scopes[id]; ok {
			return true
		}
	}
	return false
}

func (s *Source) today() day { return day(s.now().UTC().Add(time.Hour)) }

// limit ends ctx five seconds before the person's own token does; false when
// that is past.
func (s *Source) limit(ctx context.Context, asked question) (context.Context, context.CancelFunc, bool) {
	if asked.expires.IsZero() {
		return ctx, func() {}, true
	}
	left := asked.expires.Add(-margin).Sub(s.now())
	limited, cancel := context.WithTimeout(ctx, left)
	return limited, cancel, left > 0
}

func refused(cause error) providers.Answer {
	return providers.Answer{Outcome: providers.Refused, Cause: cause}
}
