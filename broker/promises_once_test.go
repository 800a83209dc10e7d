package broker_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"accord/broker"
	"accord/broker/store"
	"accord/cmd/accord-demo/country"
)

// forgetful cannot keep an interaction while full is set.
type forgetful struct {
	store.Store
	full *atomic.Bool
}

func (f forgetful) PutTemporary(ctx context.Context, space store.Space, h store.Hash, sealed []byte, until time.Time) error {
	if f.full.Load() && space == store.Interactions {
		return fmt.Errorf("test: %w", store.ErrUnavailable)
	}
	return f.Store.PutTemporary(ctx, space, h, sealed, until)
}

// Promise 7: a callback that failed half-way has used its state. Without this
// its code would be sent to FranceConnect a second time.
func TestAFranceConnectStateIsAcceptedOnceAlsoAfterAFailure(t *testing.T) {
	full := new(atomic.Bool)
	c := ownCountry(t, func(cfg *broker.Config) { cfg.Store = forgetful{cfg.Store, full} })
	w := walk(t, c, canteen(t, c))
	w.StopAt(c.Accord + "/callback")
	do(t, w, "accept", "persona-camille", "continue")
	callback := w.Page.Stopped.String()
	w.StopAt(w.Request.RedirectURI)
	full.Store(true)
	if p, err := w.Get(callback); err != nil || p.Status != http.StatusServiceUnavailable {
		t.Fatalf("while nothing can be kept: %v, %d", err, p.Status)
	}
	full.Store(false)
	if p, err := w.Get(callback); err != nil || p.Status != http.StatusBadRequest {
		t.Fatalf("the same state again: %v, %d, want %d", err, p.Status, http.StatusBadRequest)
	}
}

// Promise 7: two tabs opened on one pushed request; the citizen agrees in both.
func TestAPushedRequestGivesOneCode(t *testing.T) {
	c := theCountry(t)
	client := canteen(t, c)
	first := walk(t, c, client)
	pushed := url.Values{"client_id": {client.ID}, "request_uri": {push(t, first)}}
	tabs := []*country.Walk{first, walk(t, c, client)}
	codes := map[string]bool{}
	for _, w := range tabs {
		w.Request = first.Request
		p, err := w.Get(c.Accord + "/authorize?" + pushed.Encode())
		if err != nil {
			t.Fatal(err)
		}
		w.Page = p
		see(t, w, "camille")
	}
	for _, w := range tabs {
		if err := w.Do("accept"); err == nil && w.Page.Stopped != nil && w.Page.Stopped.Query().Get("code") != "" {
			codes[w.Page.Stopped.Query().Get("code")] = true
		}
	}
	if len(codes) != 1 {
		t.Fatalf("one pushed request gave %d codes", len(codes))
	}
}

// push sends the walk's request to the pushed authorization request endpoint
// (RFC 9126).
func push(t *testing.T, w *country.Walk) string {
	t.Helper()
	u, err := url.Parse(w.Request.URL(nil))
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.Request.Issuer+"/par", strings.NewReader(u.RawQuery))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(url.QueryEscape(w.Request.ID), url.QueryEscape(w.Request.Secret))
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var answer struct {
		URI string `json:"request_uri"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || answer.URI == "" {
		t.Fatalf("pushing a request: status %d, %v", res.StatusCode, err)
	}
	return answer.URI
}
