package issuer

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"accord/oidc/issuer/details"
)

// Row 15.
func TestParametersOutsideAPushedRequestAreIgnored(t *testing.T) {
	f := newFixture(t)
	outside := with(f.request("basic"), "request_uri", f.pushed("basic"), "scope", "openid everything",
		"redirect_uri", "https://evil.example/", "state", "evil", "response_type", "token", "code_challenge_method", "plain")
	to := location(t, f.authorize(outside))
	if to.Host != "basic.example" || to.Query().Get("state") != "st" || to.Query().Get("code") == "" {
		t.Fatalf("answered to %s", to)
	}
	if got := f.journey.begun[0]; !slices.Equal(got.Scopes, []string{"openid", "family_name"}) || !got.Pushed || got.PushedURI == "" {
		t.Errorf("began with %+v", got)
	}
}

// Row 19.
func TestNoAddressInARequestIsEverFetched(t *testing.T) {
	f := newFixture(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	visited := make(chan struct{}, 1)
	server := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visited <- struct{}{} })}
	go func() { _ = server.Serve(listener) }()
	defer server.Close()
	internal := "http://" + listener.Addr().String() + "/request"
	w := f.authorize(url.Values{"client_id": {"basic"}, "request_uri": {internal}})
	if got := answered(t, w); got != "page 400" {
		t.Errorf("request_uri elsewhere: %s", got)
	}
	f.pushWith(sign(t, f.assertionClaims("jwt", nil), "ES256", f.key, map[jose.HeaderKey]any{"kid": "k1", "jku": internal, "x5u": internal}))
	select {
	case <-visited:
		t.Error("the issuer went there")
	default:
	}
}

// An endless body counts what was read of it.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	if e.read > 10<<20 {
		return 0, io.EOF
	}
	for n := range p {
		p[n] = 'a'
	}
	e.read += len(p)
	return len(p), nil
}

// Row 64, memory flat: of a body beyond the bound no more than that is read.
func TestABodyIsReadToItsBoundOnly(t *testing.T) {
	f := newFixture(t)
	for _, path := range []string{pathToken, pathPush, pathIntrospect, pathRevoke, pathAuthorize, pathEndSession, pathUserinfo} {
		body := new(endless)
		r := httptest.NewRequest(http.MethodPost, testIssuer+path, body)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if w := f.send(r); w.Code != http.StatusRequestEntityTooLarge && answered(t, w) != "page 400" && answered(t, w) != "page 413" || body.read < maxForm || body.read > 2*maxForm {
			t.Errorf("%s: %d after %d bytes", path, w.Code, body.read)
		}
	}
}

// Row 47.
func TestRaceOnOneCodeHasOneWinner(t *testing.T) {
	f := newFixture(t)
	form := exchangeForm("basic", f.code("basic"))
	statuses := make(chan int, 100)
	for range 100 {
		r := f.form(pathToken, "basic", form)
		go func() { statuses <- f.send(r).Code }()
	}
	count := map[int]int{}
	for range 100 {
		count[<-statuses]++
	}
	if count[http.StatusOK] != 1 || count[http.StatusBadRequest] != 99 {
		t.Errorf("answers by status: %v", count)
	}
}

// Row 104: the issuer stays the configured one.
func TestHostHeaderChangesNothing(t *testing.T) {
	f := newFixture(t)
	r := httptest.NewRequest(http.MethodGet, "http://evil.example"+pathDiscovery, nil)
	r.Header.Set("X-Forwarded-Host", "evil.example")
	w := f.send(r)
	if strings.Contains(w.Body.String(), "evil") || object(t, w)["issuer"] != testIssuer {
		t.Errorf("discovery follows the Host header: %s", w.Body)
	}
}

// Row 105.
func TestCrossOriginReadsOnlyDiscoveryAndKeys(t *testing.T) {
	f := newFixture(t)
	for _, route := range f.issuer.Routes() {
		for _, method := range []string{http.MethodOptions, http.MethodGet, http.MethodPost} {
			r := httptest.NewRequest(method, testIssuer+route.Path, nil)
			r.Header.Set("Origin", "https://evil.example")
			h := f.send(r).Header()
			open := slices.Contains([]string{pathDiscovery, pathOAuth, pathJWKS, details.Path}, route.Path)
			if got := h.Get("Access-Control-Allow-Origin"); open != (got == "*") || (!open && got != "") || h.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s %s: %q", method, route.Path, got)
			}
		}
	}
}

// Row 106; the table finds it on every refusal too.
func TestTokenBearingAnswersAreNotStored(t *testing.T) {
	f := newFixture(t)
	token := f.token("basic")
	read := httptest.NewRequest(http.MethodGet, testIssuer+pathUserinfo, nil)
	read.Header.Set("Authorization", "Bearer "+token)
	for name, w := range map[string]*httptest.ResponseRecorder{
		"token":      f.post(pathToken, "basic", exchangeForm("basic", f.code("basic"))),
		"push":       f.post(pathPush, "basic", f.request("basic")),
		"authorize":  f.authorize(f.request("basic")),
		"introspect": f.post(pathIntrospect, "basic", url.Values{"token": {token}}),
		"userinfo":   f.send(read),
	} {
		if w.Code >= 400 || w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Pragma") != "no-cache" {
			t.Errorf("%s: %d %v", name, w.Code, w.Header())
		}
	}
}
