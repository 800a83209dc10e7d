package broker_test

import (
	"net/http"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"accord/cmd/accord-demo/country"
)

// Attack list, rows 17 and 53, with the real store and the lives that design §4
// gives: a code and a pushed request are good at 55 s (a slow machine needs some
// beside), and nothing at 61 s.
func TestCodesAndPushedRequestsEndAfterAMinute(t *testing.T) {
	var ahead atomic.Int64
	c, err := country.Start(t.Context(), country.Options{Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, row := range []struct {
		after time.Duration
		lives bool
	}{{55 * time.Second, true}, {61 * time.Second, false}} {
		w, pushed := walk(t, c, canteen(t, c)), walk(t, c, canteen(t, c))
		request := push(t, pushed)
		see(t, w, "camille")
		do(t, w, "accept")
		ahead.Add(int64(row.after))
		tok, err := w.Request.Exchange(w.Page.Stopped)
		if row.lives != (err == nil) || !row.lives && (tok.Status != http.StatusBadRequest || tok.Error != "invalid_grant" || tok.Access != "") {
			t.Errorf("53: a code after %s: %d %q, %v", row.after, tok.Status, tok.Error, err)
		}
		p, err := pushed.Get(c.Accord + "/authorize?" + url.Values{"client_id": {country.Editor}, "request_uri": {request}}.Encode())
		if err != nil || p.Has("accept") != row.lives || !row.lives && p.Status != http.StatusGone {
			t.Errorf("17: a pushed request after %s: %d, %v", row.after, p.Status, err)
		}
	}
}
