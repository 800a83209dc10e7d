package upstream

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"accord/providers"
)

func TestDecodeTakesOneWholeKnownValue(t *testing.T) {
	type shape struct {
		A *int            `json:"a"`
		B json.RawMessage `json:"b"`
	}
	for body, ok := range map[string]bool{
		`{"a":1}`: true, ` {"b":{"x":[1,{}]}} `: true, `{}`: true, `null`: true,
		`{"a":1,"a":1}`: false, `{"a":1,"A":2}`: false, `{"b":{"x":1,"x":1}}`: false, `{"c":1}`: false, `{"a":1}x`: false, `{"a":1}{}`: false,
		`{"a":1`: false, ``: false, `{"a":"1"}`: false, `[]`: false, "{\"b\":\"\xff\"}": false, `{"b":` + strings.Repeat("[", 50) + strings.Repeat("]", 50) + `}`: false,
	} {
		var v shape
		if err := Decode([]byte(body), &v); (err == nil) != ok || err != nil && err != ErrShape {
			t.Errorf("Decode(%.40s) = %v", body, err)
		}
	}
}

func FuzzDecodedMeansOneValue(f *testing.F) {
	f.Add([]byte(`{"a":1,"b":[{"c":null}]}`))
	f.Add([]byte(`{"a":1}{}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var v any
		if Decode(body, &v) == nil && !json.Valid(body) {
			t.Errorf("accepted %q", body)
		}
	})
}

// A client of a server that gives tokens as told and echoes nothing else.
func client(t *testing.T, token http.HandlerFunc, now func() time.Time) *Client {
	t.Helper()
	server := httptest.NewServer(token)
	t.Cleanup(server.Close)
	c, err := New(Config{TokenURL: server.URL, ClientID: "a", ClientSecret: "b", Timeout: time.Second, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTokenServesUntilTenSecondsBeforeItsEnd(t *testing.T) {
	clock, fetched := time.Now(), 0
	c := client(t, func(w http.ResponseWriter, _ *http.Request) {
		fetched++
		_, _ = io.WriteString(w, `{"access_token":"t","token_type":"Bearer","expires_in":60}`)
	}, func() time.Time { return clock })
	for _, step := range []struct {
		after time.Duration
		want  int
	}{{0, 1}, {49 * time.Second, 1}, {time.Second, 2}, {49 * time.Second, 2}} {
		clock = clock.Add(step.after)
		if _, err := c.tokens.get(context.Background()); err != nil || fetched != step.want {
			t.Errorf("after %s: %d fetches (%v), want %d", step.after, fetched, err, step.want)
		}
	}
}

func TestTokenAnswersThatAreNone(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		want   error
	}{
		"refused":        {401, `{"error":"invalid_client"}`, ErrCredentials},
		"bad request":    {400, `{"error":"invalid_scope"}`, ErrCredentials},
		"page":           {200, `<html>`, ErrToken},
		"no token":       {200, `{"token_type":"Bearer","expires_in":60}`, ErrToken},
		"another type":   {200, `{"access_token":"t","token_type":"mac","expires_in":60}`, ErrToken},
		"token of lines": {200, `{"access_token":"t\r\nX: y","token_type":"Bearer","expires_in":60}`, ErrToken},
		"endless token":  {200, `{"access_token":"` + strings.Repeat("t", 9<<10) + `","token_type":"Bearer"}`, ErrToken},
		"down":           {503, ``, ErrToken},
		"moved":          {307, ``, ErrToken},
	} {
		c2 := client(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			_, _ = io.WriteString(w, c.body)
		}, nil)
		if token, err := c2.tokens.get(context.Background()); !errors.Is(err, c.want) || token != "" {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestTokenIsFetchedTwiceAtMost(t *testing.T) {
	var n atomic.Int32
	c := client(t, func(w http.ResponseWriter, _ *http.Request) {
		if n.Add(1) == 1 {
			_, _ = io.WriteString(w, "<html>")
			return
		}
		_, _ = io.WriteString(w, `{"access_token":"t","token_type":"bearer","expires_in":1e99}`)
	}, nil)
	if token, err := c.tokens.get(context.Background()); err != nil || token != "t" || n.Load() != 2 {
		t.Errorf("token %q, %v, %d fetches", token, err, n.Load())
	}
}

// The panic of a judge ends its attempt all the same.
func TestPanicIsUnavailableAndEndsTheAttemptOnce(t *testing.T) {
	c := client(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"access_token":"t","token_type":"bearer"}`)
	}, nil)
	ended := 0
	q := providers.Query{Attempt: func(context.Context) (providers.Attempt, error) {
		return providers.Attempt{RequestID: "r", Done: func(o providers.Outcome, status int, _ time.Duration) {
			ended++
			if o != providers.Unavailable || status != http.StatusOK {
				t.Errorf("ended as %s, %d", o, status)
			}
		}}, nil
	}}
	a := c.Ask(context.Background(), Exchange{
		Query: q,
		Build: func(ctx context.Context, _ string) (*http.Request, error) {
			return http.NewRequestWithContext(ctx, http.MethodGet, c.tokens.cfg.TokenURL, nil)
		},
		Judge: func(Reply) providers.Answer { panic("TREMBLIN") },
	})
	if a.Outcome != providers.Unavailable || a.Cause != ErrPanic || ended != 1 {
		t.Errorf("outcome %s (%v), ended %d times", a.Outcome, a.Cause, ended)
	}
}

// The transport's errors quote the address and what the server said.
func TestTransportErrorsHoldNothingOfTheRequestOrAnswer(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		c, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_, _ = io.WriteString(c, "HTTP/1.1 TREMBLIN not a status\r\n\r\n")
			_ = c.Close()
		}
	}))
	defer server.Close()
	c := &Client{http: quiet(nil), timeout: time.Second, now: time.Now}
	for _, address := range []string{server.URL, "http://127.0.0.1:1", "http://nowhere.invalid", "https" + strings.TrimPrefix(server.URL, "http")} {
		r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, address+"/?nomNaissance=TREMBLIN", nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.send(context.Background(), r)
		if err == nil || strings.Contains(err.Error(), "TREMBLIN") || strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestAnswersOverTheLimitAreRefused(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(bytes.Repeat([]byte("x"), maxAnswer+1))
	}))
	defer server.Close()
	c := &Client{http: quiet(nil), timeout: time.Second, now: time.Now}
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.send(context.Background(), r); err != ErrTooLarge {
		t.Errorf("%v, want ErrTooLarge", err)
	}
}
