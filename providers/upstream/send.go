package upstream

import (
	"context"
	"io"
	"net/http"
	"time"
)

func (c *Client) exchange(ctx context.Context, e Exchange, requestID, token string) (Reply, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	request, err := e.Build(ctx, requestID)
	if err != nil {
		return Reply{}, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.GetBody = nil
	if request.Body == nil {
		request.Body = nothing{}
	}
	return c.send(ctx, request)
}

// nothing is an empty body. Neither it nor a body without GetBody can be
// rewound, so the transport does not repeat the request by itself when a kept
// connection breaks: that would be a second HTTP attempt under one logged
// attempt. Nothing of it is sent.
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
