package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// A remoteLog is the log at its address. Its answers are bounded in bytes and
// time and never followed elsewhere; nothing of them is trusted.
type remoteLog struct {
	base   string // without a slash at the end
	client *http.Client
	tries  int           // for one address within one look, at least 1
	pause  time.Duration // before the second try; doubled for each further one
}

func newRemoteLog(address string, timeout time.Duration, tries int) (*remoteLog, error) {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("%q is not the web address of a log", address)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableCompression = true // a few bytes could become very many
	transport.MaxResponseHeaderBytes = 64 << 10
	client := &http.Client{
		Transport: transport,
		Timeout:   timeout,
		// Tiles prove themselves, but who answers must stay who was asked.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &remoteLog{strings.TrimSuffix(address, "/"), client, max(1, tries), time.Second}, nil
}

var (
	errAbsent = errors.New("HTTP 404") // asking again at once does not help
	errLength = errors.New("not of its length")
)

// fetch gives what stands at path below the log's address, at most limit
// bytes. Errors of transport, and answers of an overloaded log, are tried again.
func (l *remoteLog) fetch(ctx context.Context, path string, limit int) ([]byte, error) {
	pause := l.pause
	for try := 1; ; try++ {
		body, again, err := l.once(ctx, path, limit)
		if err == nil || !again || try >= l.tries {
			return body, err
		}
		if !sleep(ctx, pause) {
			return nil, err
		}
		pause *= 2
	}
}

func (l *remoteLog) once(ctx context.Context, path string, limit int) (body []byte, again bool, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, l.base+"/"+path, nil)
	if err != nil {
		return nil, false, fmt.Errorf("asking for %s: %w", path, err)
	}
	answer, err := l.client.Do(request)
	if err != nil {
		return nil, true, fmt.Errorf("asking for %s: %w", path, err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode == http.StatusNotFound {
		return nil, false, fmt.Errorf("asking for %s: %w", path, errAbsent)
	}
	if answer.StatusCode != http.StatusOK {
		again = answer.StatusCode >= 500 || answer.StatusCode == http.StatusTooManyRequests
		return nil, again, fmt.Errorf("asking for %s: HTTP %d", path, answer.StatusCode)
	}
	body, err = io.ReadAll(io.LimitReader(answer.Body, int64(limit)+1))
	if err != nil {
		return nil, true, fmt.Errorf("reading %s: %w", path, err)
	}
	if len(body) > limit {
		return nil, false, fmt.Errorf("reading %s: more than %d bytes: %w", path, limit, errLength)
	}
	return body, false, nil
}

// sleep tells whether the time passed, rather than the context ended.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
