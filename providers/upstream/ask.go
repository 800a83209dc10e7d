package upstream

import (
	"context"
	"errors"
	"fmt"
	"io"
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
	answer, again := c.attempt(ctx, e)
	if !again || !rest(ctx) {
		return answer
	}
	answer, _ = c.attempt(ctx, e)
	return answer
}

// Unavailable is the answer when nothing is known, for the reason given.
func Unavailable(cause error) providers.Answer {
	return providers.Answer{Outcome: providers.Unavailable, Cause: cause}
}

// attempt waits for quota and token first, so that the attempt is logged right
// before its call and a call that cannot be made is not logged.
func (c *Client) attempt(ctx context.Context, e Exchange) (answer providers.Answer, again bool) {
	if err := c.limit.Wait(ctx); err != nil {
		return Unavailable(ErrQuota), false
	}
	token, err := c.tokens.get(ctx)
	if errors.Is(err, ErrCredentials) {
		return providers.Answer{Outcome: providers.Refused, Cause: err}, false
	}
	if err != nil {
		return Unavailable(err), false
	}
	attempt, err := begin(ctx, e.Query)
	if err != nil {
		return Unavailable(err), false
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
func (c *Client) call(ctx context.Context, e Exchange, a providers.Attempt, token string) (answer providers.Answer, again bool) {
	began, status := time.Now(), 0
	defer func() {
		if recover() != nil {
			answer, again = Unavailable(ErrPanic), false
		}
		answer.Provenance.RequestID, answer.Provenance.Retrieved = a.RequestID, c.now()
		if a.Done != nil {
			a.Done(answer.Outcome, status, time.Since(began))
		}
	}()
	reply, err := c.exchange(ctx, e, a.RequestID, token)
	if err != nil {
		return Unavailable(err), errors.Is(err, ErrConnection)
	}
	status = reply.Status
	if status == http.StatusUnauthorized {
		c.tokens.drop(token)
	}
	return e.Judge(reply), repeatable(status)
}

func repeatable(status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

func (c *Client) exchange(ctx context.Context, e Exchange, requestID, token string) (Reply, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	request, err := e.Build(ctx, requestID)
	if err != nil {
		return Reply{}, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Body, request.GetBody = nothing{}, nil
	return c.send(ctx, request)
}

// nothing is an empty body that net/http cannot rewind. With it the transport
// does not repeat a GET by itself when a kept connection breaks: that would be
// a second HTTP attempt under one logged attempt. Nothing of it is sent.
type nothing struct{}

func (nothing) Read([]byte) (int, error) { return 0, io.EOF }
func (nothing) Close() error             { return nil }

// send reads the whole answer or none of it: a cut body is an error.
func (c *Client) send(ctx context.Context, r *http.Request) (Reply, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	response, err := c.http.Do(r.WithContext(ctx))
	if err != nil {
		return Reply{}, classify(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return Reply{}, classify(err)
	}
	if len(body) > maxAnswer {
		return Reply{}, ErrTooLarge
	}
	return Reply{Status: response.StatusCode, Header: response.Header, Body: body}, nil
}

// rest pauses before a retry; false when there is no time for one.
func rest(ctx context.Context) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
