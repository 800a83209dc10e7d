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

// Attack list, row 110, with the real store: a clock that jumps two minutes,
// ahead or back, revives nothing that was used, and stops no fresh request.
func TestAClockThatJumpsRevivesNothing(t *testing.T) {
	for name, jump := range map[string]time.Duration{"ahead": 2 * time.Minute, "back": -2 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			var ahead atomic.Int64
			now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
			c, err := country.Start(t.Context(), country.Options{Now: now})
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			status := func(form url.Values) int {
				res, err := http.PostForm(c.Accord+"/introspect", form)
				if err != nil {
					t.Fatal(err)
				}
				_ = res.Body.Close()
				return res.StatusCode
			}
			assertion := portalAssertion(t, c, now())
			w := walk(t, c, canteen(t, c))
			request := url.Values{"client_id": {country.Editor}, "request_uri": {push(t, w)}}.Encode()
			if w.Page, err = w.Get(c.Accord + "/authorize?" + request); err != nil {
				t.Fatal(err)
			}
			see(t, w, "camille")
			do(t, w, "accept")
			tok, err := w.Request.Exchange(w.Page.Stopped)
			if first := status(assertion); err != nil || first != http.StatusOK {
				t.Fatal(err, first)
			}
			ahead.Store(int64(jump))
			if again := status(assertion); again != http.StatusUnauthorized {
				t.Errorf("a used assertion: %d", again)
			}
			if p, err := w.Get(c.Accord + "/authorize?" + request); err != nil || p.Status < 400 || p.Has("accept") {
				t.Errorf("a used request: %d, %v", p.Status, err)
			}
			if again, err := tok.Exchange(); err == nil || again.Error != "invalid_grant" {
				t.Errorf("a used code: %d", again.Status)
			}
			if d := read(t, c, tok, quotient); d.Status != http.StatusUnauthorized {
				t.Errorf("its token afterwards: %d", d.Status)
			}
			_, fresh := token(t, c, canteen(t, c), "nadia")
			served(t, read(t, c, fresh, quotient))
			if one := status(portalAssertion(t, c, now())); one != http.StatusOK {
				t.Errorf("a fresh assertion: %d", one)
			}
		})
	}
}
