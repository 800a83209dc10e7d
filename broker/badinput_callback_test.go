package broker_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
)

// atCallback is a citizen whom FranceConnect is about to send back.
func atCallback(t *testing.T, c watched) (*country.Walk, url.Values) {
	t.Helper()
	w := walk(t, c.Country, canteen(t, c.Country))
	w.StopAt(c.Accord + "/callback")
	see(t, w, "camille")
	w.StopAt(w.Request.RedirectURI)
	return w, w.Page.Stopped.Query()
}

func callbackProbe(c watched, name string, w *country.Walk, q url.Values, want shape) probe {
	p := probe{name: name, target: "/callback?" + q.Encode(), want: want}
	if w != nil {
		p.jar = jar(w.Browser, c.Accord)
	}
	return p
}

// Attack list, rows 32, 34 and 36: what is not this browser's own answer of
// FranceConnect touches nothing, and the right one is good afterwards.
func TestAForeignCallbackTouchesNothing(t *testing.T) {
	c := watch(t)
	w, q := atCallback(t, c)
	other, foreign := atCallback(t, c)
	lost := wantPage(http.StatusBadRequest, "A09")
	state := q.Get("state")
	var rows []probe
	for name, bad := range map[string]string{
		"short": state[:7], "cut": state[:len(state)-1], "longer": state + "0", "of the handle alone": state[:8], "flipped": state[:len(state)-1] + "x",
		"with NUL": state + "\x00", "with CRLF": state + "\r\nX-Split: 1", "of 64 KiB": state + many(64<<10), "of another shape": "../../../" + state, "script": "<script>",
	} {
		rows = append(rows, callbackProbe(c, "34 state "+name, w, with(q, "state", bad), lost))
	}
	rows = append(rows,
		callbackProbe(c, "nothing", w, url.Values{}, lost),
		callbackProbe(c, "34 no state", w, without(q, "state"), lost),
		callbackProbe(c, "34 another browser's", w, foreign, lost),
		callbackProbe(c, "32 in another browser", other, q, lost),
		callbackProbe(c, "32 in a browser without cookies", nil, q, lost),
		callbackProbe(c, "101 another's code and state, own handle", w, with(foreign, "state", state[:8]+foreign.Get("state")[8:]), lost),
		probe{name: "percents", target: "/callback?state=%zz&code=%", want: lost},
		probe{name: "POST", target: "/callback?" + q.Encode(), form: q, jar: jar(w.Browser, c.Accord), want: wantPage(http.StatusNotFound, "A22")},
		probe{name: "HEAD", method: http.MethodHead, target: "/callback?" + q.Encode(), jar: jar(w.Browser, c.Accord), want: wantPage(http.StatusNotFound, "A22")})
	c.play(t, rows...)
	before := w.Browser.Cookies(c.Accord)
	p, err := w.Get(c.Accord + "/callback?" + q.Encode())
	if err == nil {
		w.Page, err = country.Settled(w.Browser, p)
	}
	if err != nil || !w.Page.Has("accept") {
		t.Fatalf("control: the right callback is refused too: %v %.200s", err, w.Page.Words())
	}
	handle := w.Page.URL.Query().Get("i")
	c.play(t, callbackProbe(c, "36 replayed", w, q, lost), callbackProbe(c, "36 replayed with the old cookie", nil, q, lost),
		probe{name: "35 the cookie of before the login", target: "/accord?i=" + handle, jar: before, want: lost})
}

// Attack list, rows 37 and 95: an answer that is this browser's, but must not
// be believed, ends the login. It may be begun again, and leaves nothing but
// that (the interaction is kept as asked).
func TestAnAnswerOfFranceConnectThatMustNotBeBelievedEndsTheLogin(t *testing.T) {
	c := watch(t)
	_, foreign := atCallback(t, c)
	said, down, low := wantPage(http.StatusBadGateway, "A08"), wantPage(http.StatusServiceUnavailable, "A08"), wantPage(http.StatusForbidden, "A10")
	for name, row := range map[string]struct {
		change func(url.Values) url.Values
		want   shape
	}{
		"95 iss of another":          {func(q url.Values) url.Values { return with(q, "iss", "https://evil.example") }, said},
		"95 no iss":                  {func(q url.Values) url.Values { return without(q, "iss") }, said},
		"95 iss twice":               {func(q url.Values) url.Values { return twice(q, "iss", q.Get("iss")) }, said},
		"37 error and code":          {func(q url.Values) url.Values { return with(q, "error", "access_denied") }, said},
		"37 code twice":              {func(q url.Values) url.Values { return twice(q, "code", "x") }, said},
		"no code, no error":          {func(q url.Values) url.Values { return without(q, "code") }, said},
		"empty code":                 {func(q url.Values) url.Values { return with(q, "code", "") }, said},
		"code of 4 KiB":              {func(q url.Values) url.Values { return with(q, "code", many(4<<10)) }, said},
		"code with NUL":              {func(q url.Values) url.Values { return with(q, "code", "a\x00b") }, said},
		"another code":               {func(q url.Values) url.Values { return with(q, "code", "inconnu") }, said},
		"101 another citizen's code": {func(q url.Values) url.Values { return with(q, "code", foreign.Get("code")) }, said},
		"unknown error":              {func(q url.Values) url.Values { return with(without(q, "code"), "error", "<script>"+many(8<<10)) }, said},
		"43 error with words": {func(q url.Values) url.Values {
			return with(without(q, "code"), "error", "server_error", "error_description", "<script>")
		}, said},
		"temporarily unavailable": {func(q url.Values) url.Values { return with(without(q, "code"), "error", "temporarily_unavailable") }, down},
		"98 level refused":        {func(q url.Values) url.Values { return with(without(q, "code"), "error", "invalid_acr") }, low},
	} {
		t.Run(name, func(t *testing.T) {
			w, q := atCallback(t, c)
			before := c.trace(t)
			a := c.send(callbackProbe(c, name, w, row.change(q), row.want), "en")
			row.want.check(t, c, a, "en")
			c.hidesAll(t, a, probe{jar: jar(w.Browser, c.Accord)})
			if left := c.trace(t).minus(before); left != (trace{kept: 1}) {
				t.Errorf("left %+v", left)
			}
			c.play(t, callbackProbe(c, "36 the right one, afterwards", w, q, wantPage(http.StatusBadRequest, "A09")))
		})
	}
}

// Attack list, row 102: two tabs of one browser each go their way, and the
// code of the one is worth nothing in the other.
func TestTwoTabsAtFranceConnectNeverMeet(t *testing.T) {
	c := watch(t)
	first, one := atCallback(t, c)
	second, two := atCallback(t, c)
	tab := &country.Walk{Browser: first.Browser, Country: c.Country, Request: canteen(t, c.Country).Begin()}
	var err error
	if tab.Page, err = tab.Get(tab.Request.URL(nil)); err != nil {
		t.Fatal(err)
	}
	tab.StopAt(c.Accord + "/callback")
	see(t, tab, "sabine")
	three := tab.Page.Stopped.Query()
	c.play(t, callbackProbe(c, "state of another browser", second, with(two, "state", one.Get("state")), wantPage(http.StatusBadRequest, "A09")))
	tab.StopAt(tab.Request.RedirectURI)
	for name, q := range map[string]url.Values{"Camille": one, "Sabine": three} {
		p, err := first.Get(c.Accord + "/callback?" + q.Encode())
		if err == nil {
			p, err = country.Settled(first.Browser, p)
		}
		if err != nil || !p.Has("accept") || !strings.Contains(p.Words(), name) {
			t.Errorf("%s's tab: %v %.200s", name, err, p.Words())
		}
	}
}
