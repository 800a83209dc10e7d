package franceconnect_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"
	"time"

	"accord/oidc/franceconnect"
)

// authorizationPath is where the browser would be sent.
func authorizationPath(t *testing.T, rp *franceconnect.RelyingParty) string {
	t.Helper()
	at, err := rp.AuthorizationURL(context.Background(), ordinary())
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	return u.Path
}

// discoveryWith answers the document with another member, safe to set before
// it is asked for.
func discoveryWith(p *provider, member, value string) http.HandlerFunc {
	d := p.document()
	d[member] = value
	return func(w http.ResponseWriter, _ *http.Request) { p.json(w, d) }
}

// eventually waits for what happens behind a call, and fails if it does not.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatal(what)
}

func discoveryIsReadAgain(t *testing.T) {
	p := newProvider(t)
	rp, c, n := watched(t, p)
	if got := authorizationPath(t, rp); got != "/authorize" {
		t.Fatal(got)
	}
	p.answer[wellKnown] = discoveryWith(p, "authorization_endpoint", p.server.URL+"/moved")
	c.pass(9 * time.Minute)
	if authorizationPath(t, rp) != "/authorize" || n.of(wellKnown) != 1 {
		t.Error("read again while fresh")
	}
	c.pass(2 * time.Minute)
	eventually(t, "the move is not followed", func() bool { return authorizationPath(t, rp) == "/moved" })
}

// swappedIssuerIsNeverServed: a document of another issuer does not replace
// the one there is, which ends after its hour.
func swappedIssuerIsNeverServed(t *testing.T) {
	p := newProvider(t)
	rp, c, n := watched(t, p)
	authorizationPath(t, rp)
	p.answer[wellKnown] = discoveryWith(p, "issuer", "https://other.example")
	c.pass(11 * time.Minute)
	authorizationPath(t, rp)
	eventually(t, "discovery was not read again", func() bool { return n.of(wellKnown) == 2 })
	if got := authorizationPath(t, rp); got != "/authorize" {
		t.Error(got)
	}
	c.pass(time.Hour)
	eventually(t, "the swapped document is not told", func() bool { return franceconnect.KindOf(ask(rp)) == franceconnect.Invalid })
	refused(t, ask(rp), franceconnect.Invalid)
}
