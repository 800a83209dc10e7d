package fcsim_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"accord/oidc/franceconnect/fcsim"
)

func refusedPersonsMayLeave(t *testing.T) {
	b := newBench(t, func(o *fcsim.Options) { o.Personas = fcsim.EdgePersonas(time.Now()) })
	for _, c := range []struct {
		persona, code string
		status        int
		oauth         string
	}{
		{"deceased", "Y010015", 403, "access_denied"},
		{"not-found", "Y010008", 403, "access_denied"},
		{"registry-away", "Y010011", 504, "temporarily_unavailable"},
		{"blocked", "Y180001", 403, "access_denied"},
		{"provider-level", "Y100001", 500, "server_error"},
		{"provider-refused", "Y100018", 400, "invalid_request"},
		{"no-email", "Y600006", 400, "server_error"},
	} {
		a := b.post(b.authorize(request("openid")).Request.URL.String(), url.Values{"persona": {c.persona}})
		page(t, a, c.status, c.code)
		ids, _ := elements(t, a.body)
		if ids["leave"] == nil {
			t.Fatalf("%s: no way back", c.persona)
		}
		root := strings.TrimSuffix(b.issuer, "/api/v2")
		sent(t, b.back(b.get(root+attribute(ids["leave"], "href"))), b.issuer, c.oauth)
	}
}

func stepsKeepTheirOrder(t *testing.T) {
	b := newBench(t)
	picker := b.authorize(request("openid")).Request.URL.String()
	if a := b.post(picker, url.Values{"persona": {""}}); a.StatusCode != 200 || a.Request.URL.String() != picker {
		t.Errorf("cancelled at the provider: HTTP %d at %s", a.StatusCode, a.Request.URL)
	}
	page(t, b.post(picker+"/login", nil), 400, "Y420001")
	page(t, b.post(picker, url.Values{"persona": {"nobody"}}), 400, "Y100010")
	page(t, newBrowserOf(b).get(picker), 401, "Y190001")
	b.clock.pass(31 * time.Minute)
	page(t, b.get(picker), 401, "Y190001")
}

// newBrowserOf is another browser at the same simulator.
func newBrowserOf(b *bench) *bench {
	other := *b
	other.browser = newBrowser(b.t)
	return &other
}

func lostStateIsUndefined(t *testing.T) {
	b := newBench(t, func(o *fcsim.Options) { o.Faults = true })
	q := b.faultyLogin("state-undefined")
	if q.Get("state") != "undefined" || q.Get("error") != "server_error" || q.Has("code") || q.Get("iss") != b.issuer {
		t.Errorf("came back with %v", q)
	}
}

func (b *bench) faultyLogin(f fcsim.Fault) url.Values {
	b.t.Helper()
	picker := b.authorize(request("openid identite_pivot"))
	return b.confirm(b.post(picker.Request.URL.String(), url.Values{"persona": {"lise"}, "fault": {string(f)}}))
}
