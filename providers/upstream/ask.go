package upstream

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"accord/providers"
)

// A Reply is what came back, whole; Body is at most 256 KiB.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
}

// An Exchange is one question about one person.
type Exchange struct {
	Query providers.Query
	Build func(ctx context.Context, requestID string) (*http.Request, error) // without Authorization; its error may not hold a value
	Judge func(Reply) providers.Answer                                       // outcome, document, cause, provenance but for time and request id
}

// CheckQuery refuses, before any call, what no source could answer: an identity
// that names nobody, a recipient that is no establishment.
func CheckQuery(q providers.Query) error {
	digits := strings.Trim(q.Recipient, "0123456789") == ""
	if !digits || len(q.Recipient) != 14 {
		return ErrRecipient
	}
	return q.Identity.Check()
}

// Ask makes the exchange: one attempt, and a second when the first could do no
// harm and may do better now (broken connection, 502, 503, 504, our token
// refused). It never panics; what is not an answer is Unavailable.
func (c *Client) Ask(ctx context.Context, e Exchange) (answer providers.Answer) {
	defer func() {
		if recover() != nil {
			answer = Unavailable(ErrPanic)
		}
	}()
	first := c.attempt(ctx, e)
	if !first.again || c.breaker.refuses() || !rest(ctx) {
		return first.answer
	}
	return c.attempt(ctx, e).answer
}

// Unavailable is the answer when nothing is known, for the reason given.
func Unavailable(cause error) providers.Answer {
	return providers.Answer{Outcome: providers.Unavailable, Cause: cause}
}

// A result is what one attempt gave.
type result struct {
	answer providers.Answer
	again  bool // another attempt may do better
	source verdict
}

func without(cause error) result { return result{answer: Unavailable(cause)} }

// attempt asks for leave first, so that the attempt is logged right before its
// call and a call that cannot be made is not logged.
func (c *Client) attempt(ctx context.Context, e Exchange) (r result) {
	if c.breaker.refuses() {
		return without(ErrOpen)
	}
	if err := c.queue.wait(ctx, c, e.Query.Recipient); err != nil {
		return without(err)
	}
	probe, ok := c.breaker.enter()
	if !ok {
		return without(ErrOpen)
	}
	defer func() { c.learn(probe, r.source) }()
	return c.admitted(ctx, e)
}

func (c *Client) admitted(ctx context.Context, e Exchange) result {
	began := time.Now()
	token, err := c.tokens.get(ctx)
	if errors.Is(err, ErrCredentials) {
		return result{answer: providers.Answer{Outcome: providers.Refused, Cause: err}, source: alive}
	}
	if err != nil {
		return result{answer: Unavailable(err), source: c.healthWithout(ctx, err, time.Since(began))}
	}
	attempt, err := begin(ctx, e.Query)
	if err != nil {
		return without(err)
	}
	return c.call(ctx, e, attempt, token)
}

func begin(ctx context.Context, q providers.Query) (providers.Attempt, error) {
	if q.Attempt == nil {
		return providers.Attempt{}, ErrAttempt
	}
	attempt, err := q.Attempt(ctx)
	if err != nil {
		return providers.Attempt{}, fmt.Errorf("%w: %w", ErrAttempt, err)
	}
	return attempt, nil
}

// call makes the HTTP call of an attempt and ends the attempt, once, whatever
// happens.
func (c *Client) call(ctx context.Context, e Exchange, a providers.Attempt, token string) (r result) {
	began, status := time.Now(), 0
	defer func() {
		if recover() != nil {
			r = without(ErrPanic)
		}
		r.answer.Provenance.RequestID, r.answer.Provenance.Retrieved = a.RequestID, c.now()
		if a.Done != nil {
			a.Done(r.answer.Outcome, status, time.Since(began))
		}
		c.watch(r.answer.Cause)
	}()
	reply, err := c.exchange(ctx, e, a.RequestID, token)
	if err != nil {
		return result{Unavailable(err), errors.Is(err, ErrConnection), c.healthWithout(ctx, err, time.Since(began))}
	}
	status = reply.Status
	if status == http.StatusUnauthorized {
		c.tokens.drop(token)
	}
	return result{e.Judge(reply), repeatable(status), healthOf(status)}
}

func repeatable(status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}
