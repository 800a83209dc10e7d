package broker_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"accord/cmd/accord-demo/headless"
)

// silentCode is a code given in silence to a request that was pushed.
func silentCode(t *testing.T, b *headless.Browser, client headless.Client, more ...string) (headless.Request, string) {
	t.Helper()
	r := client.Begin()
	at, err := url.Parse(r.URL(values(append(more, "prompt", "none")...)))
	if err != nil {
		t.Fatal(err)
	}
	_, body, err := client.Post("/par", at.Query())
	var answer struct {
		URI string `json:"request_uri"`
	}
	if err != nil || json.Unmarshal(body, &answer) != nil || answer.URI == "" {
		t.Fatalf("%v: %s", err, body)
	}
	p, err := b.Get(client.Issuer + "/authorize?" + values("client_id", client.ID, "request_uri", answer.URI).Encode())
	if err != nil || p.Stopped == nil || p.Stopped.Query().Get("code") == "" {
		t.Fatalf("%v: no code, %v", err, p.Stopped)
	}
	return r, p.Stopped.Query().Get("code")
}

// A code given in silence is bound like any other: to its client, redirect URI,
// challenge and key. A wrong redemption burns it, and gives nothing.
func TestASilentCodeIsBoundToItsRequest(t *testing.T) {
	c, second := twoAccounts(t)
	w, _ := identifier(t, c, "camille")
	var theirs headless.Request
	for how, row := range map[string]struct {
		more  []string
		spoil func(*headless.Request)
		burnt bool
	}{
		"another client's":     {nil, func(r *headless.Request) { theirs = second.Begin(); theirs.Verifier = r.Verifier; *r = theirs }, false},
		"another verifier":     {nil, func(r *headless.Request) { r.Verifier = second.Begin().Verifier }, true},
		"another redirect URI": {nil, func(r *headless.Request) { r.RedirectURI += "/" }, true},
		"without its key":      {[]string{"dpop_jkt", strings.Repeat("A", 43)}, func(*headless.Request) {}, true},
	} {
		good, code := silentCode(t, w.Browser, account(t, c), row.more...)
		bad := good
		row.spoil(&bad)
		if tok, err := bad.Redeem(code); err == nil || tok.Error != "invalid_grant" || tok.Access != "" {
			t.Errorf("%s: %v, %+v", how, err, tok.Error)
		}
		if row.burnt {
			continue
		}
		if _, err := good.Redeem(code); err != nil {
			t.Errorf("%s: the client's own code: %v", how, err)
		}
	}
	silently(t, w.Browser, account(t, c), "") // what failed once ended nothing
	isTrue(t, c)
}

// Silence is for openid and nothing beside it.
func TestOnlyOpenIDAloneIsAnsweredInSilence(t *testing.T) {
	c := ownCountry(t, nil)
	w, _ := identifier(t, c, "camille")
	for scope, want := range map[string]string{
		"openid openid": "", " openid ": "", "openid profile": "invalid_scope", "openid offline_access": "invalid_scope",
		"openid email": "invalid_scope", "OPENID": "invalid_scope", "": "invalid_scope",
	} {
		_, p := arrived(t, w.Browser, account(t, c), "prompt", "none", "scope", scope)
		if p.Stopped == nil || p.Stopped.Query().Get("error") != want || p.Stopped.Query().Has("code") != (want == "") {
			t.Errorf("%q: %v %v, want %q", scope, p.Status, p.Stopped, want)
		}
	}
	for _, more := range [][]string{{"until", "2027-01-01", "fetches", "3"}, {"annee", "2026", "mois", "1"}} {
		_, p := arrived(t, w.Browser, account(t, c), append(more, "prompt", "none")...)
		if p.Stopped == nil || p.Stopped.Query().Has("code") {
			t.Errorf("%v: %d %v", more, p.Status, p.Stopped)
		}
	}
	tok := silently(t, w.Browser, account(t, c), "", "claims", `{"userinfo":{"given_name":{"essential":true}},"id_token":{"acr":{"values":["eidas3"]}}}`)
	if tok.Scope != "openid" {
		t.Errorf("scope %q", tok.Scope)
	}
}
