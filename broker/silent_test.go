package broker_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent/audit"
)

// arrived is one authorization request in a browser, from first page to answer.
func arrived(t *testing.T, b *headless.Browser, client headless.Client, more ...string) (headless.Request, *headless.Page) {
	t.Helper()
	r := client.Begin()
	p, err := b.StopAt(r.RedirectURI).Get(r.URL(values(more...)))
	if err != nil {
		t.Fatalf("%v: %v", more, err)
	}
	return r, p
}

// silently asks with prompt=none, and wants this error, or with "" a code.
func silently(t *testing.T, b *headless.Browser, client headless.Client, want string, more ...string) (tok headless.Token) {
	t.Helper()
	r, p := arrived(t, b, client, append(more, "prompt", "none")...)
	if p.Stopped == nil {
		t.Fatalf("%v: a page is shown, %d", more, p.Status)
	}
	q := p.Stopped.Query()
	if q.Get("error") != want || q.Has("code") != (want == "") || q.Get("state") != r.State || q.Get("iss") != client.Issuer {
		t.Fatalf("%v: answered %v, want %q", more, q, want)
	}
	if want == "" {
		var err error
		if tok, err = r.Exchange(p.Stopped); err != nil {
			t.Fatalf("%v: %v", more, err)
		}
	}
	return tok
}

// sameLogin holds two ID tokens to one login of one citizen.
func sameLogin(t *testing.T, how string, first, second headless.Token) {
	t.Helper()
	if first.Subject != second.Subject || authTime(t, first.ID) != authTime(t, second.ID) || authTime(t, first.ID) == 0 {
		t.Errorf("%s: sub %s at %d, before %s at %d", how, second.Subject, authTime(t, second.ID), first.Subject, authTime(t, first.ID))
	}
}

// A second request for the identifier within one login: oidcc-prompt-none-
// logged-in, oidcc-id-token-hint and oidcc-max-age-10000. In silence it stands
// under the agreement there is; on the page a new one is given.
func TestASecondIdentificationWithinOneLoginIsTheSamePersonsAndTimes(t *testing.T) {
	c := ownCountry(t, nil)
	w, first := identifier(t, c, "camille")
	logged := len(logOf(t, c))
	for how, more := range map[string][]string{
		"alone": nil, "hint": {"id_token_hint", first.ID}, "max_age": {"max_age", "600"}, "acr": {"acr_values", "eidas1"},
	} {
		tok := silently(t, w.Browser, account(t, c), "", more...)
		sameLogin(t, how, first, tok)
		if tok.GrantID != first.GrantID || tok.Receipt != first.Receipt || tok.ReceiptURI != first.ReceiptURI {
			t.Errorf("%s: not under the agreement there is: %s", how, tok.GrantID)
		}
		if d := read(t, c, tok, quotient); d.Status != http.StatusForbidden {
			t.Errorf("%s: data by a silent code: %d", how, d.Status)
		}
	}
	if now := len(logOf(t, c)); now != logged {
		t.Errorf("%d events logged where nothing was agreed", now-logged)
	}
	_, p := arrived(t, w.Browser, account(t, c), "max_age", "10000")
	if !p.Has("accept") || !p.Has("other") || !p.Has("refuse") {
		t.Fatalf("no way on from the login: %s", p.Words())
	}
	isTrue(t, c)
}

// What ends the agreement or the login ends the silence.
func TestASilentCodeEndsWithTheAgreementAndTheLogin(t *testing.T) {
	c := ownCountry(t, nil)
	bye := func(w *country.Walk, more ...string) {
		t.Helper()
		if p, err := w.StopAt(c.TownHallURL).Get(c.Accord + "/session/end?" + values(more...).Encode()); err != nil || p.Status >= 400 {
			t.Fatalf("%v: %v, %d", more, err, p.Status)
		}
	}
	w, tok := identifier(t, c, "camille")
	_, nadia := identifier(t, c, "nadia")
	bye(w, "id_token_hint", nadia.ID, "post_logout_redirect_uri", c.TownHallURL+"/")
	silently(t, w.Browser, account(t, c), "") // somebody else's logout
	withdraw(t, c, w.Browser, tok.GrantID, "camille")
	silently(t, w.Browser, account(t, c), "consent_required")
	for how, end := range map[string]func(*country.Walk, headless.Token){
		"hint":        func(w *country.Walk, tok headless.Token) { bye(w, "id_token_hint", tok.ID) },
		"client":      func(w *country.Walk, _ headless.Token) { bye(w, "client_id", country.Account) },
		"nothing":     func(w *country.Walk, _ headless.Token) { bye(w) },
		"mes-accords": func(w *country.Walk, _ headless.Token) { lookBackAndLeave(t, c, w, "camille") },
	} {
		w, tok := identifier(t, c, "camille")
		kept := loginCookies(w.Browser, c)
		end(w, tok)
		silently(t, w.Browser, account(t, c), "login_required")
		if len(loginCookies(w.Browser, c)) != 0 {
			t.Errorf("%s: the cookie stays", how)
		}
		silently(t, holding(c, kept[0].Name, kept[0].Value), account(t, c), "login_required") // a copy taken before
	}
	isTrue(t, c)
}

func lookBackAndLeave(t *testing.T, c *country.Country, w *country.Walk, persona string) {
	t.Helper()
	p, err := c.LookBack(w.StopAt(""), persona)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Press(p, "submit", nil); err != nil {
		t.Fatal(err)
	}
}

// Two tabs that ask in turn are both answered, each for itself; a pushed
// request gives one silent code.
func TestTwoTabsAreAnsweredInSilenceEachForItself(t *testing.T) {
	c := ownCountry(t, nil)
	w, _ := identifier(t, c, "camille")
	client := account(t, c)
	one, p1 := arrived(t, w.Browser, client, "prompt", "none")
	two, p2 := arrived(t, w.Browser, client, "prompt", "none")
	for r, p := range map[*headless.Request]*headless.Page{&two: p2, &one: p1} {
		if _, err := r.Exchange(p.Stopped); err != nil {
			t.Error(err)
		}
	}
	pushed := client.Begin()
	at, err := url.Parse(pushed.URL(values("prompt", "none")))
	if err != nil {
		t.Fatal(err)
	}
	_, body, err := client.Post("/par", at.Query())
	var answer struct {
		URI string `json:"request_uri"`
	}
	if err := errors.Join(err, json.Unmarshal(body, &answer)); err != nil || answer.URI == "" {
		t.Fatalf("%v: %s", err, body)
	}
	for n, want := range []bool{true, false} {
		p, err := w.Get(c.Accord + "/authorize?" + values("client_id", client.ID, "request_uri", answer.URI).Encode())
		if err != nil || (p.Stopped != nil && p.Stopped.Query().Has("code")) != want {
			t.Errorf("opened %d times: %v, %v", n+1, err, p.Stopped)
		}
	}
}

// A silent code is used once: its replay ends the agreement and all it gave.
func TestAReplayedSilentCodeRevokesTheAgreement(t *testing.T) {
	c := ownCountry(t, nil)
	w, first := identifier(t, c, "camille")
	r, p := arrived(t, w.Browser, account(t, c), "prompt", "none")
	silent, err := r.Exchange(p.Stopped)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Exchange(p.Stopped); err == nil {
		t.Fatal("a silent code was taken twice")
	}
	for _, tok := range []headless.Token{first, silent} {
		if status, _, _, err := headless.Read(c.Accord+"/userinfo", tok.Access); err != nil || status != http.StatusUnauthorized {
			t.Errorf("still live: %v, %d", err, status)
		}
	}
	if e := lastOf(t, c, audit.ConsentRevoked).event; e.Grant != first.GrantID || e.Reason != "code_reuse" {
		t.Errorf("revoked: %+v", e)
	}
	silently(t, w.Browser, account(t, c), "login_required")
	isTrue(t, c)
}

// However many ask at once, one agreement gives ten codes in all.
func TestARaceOfSilentRequestsIsBounded(t *testing.T) {
	c := ownCountry(t, nil)
	w, first := identifier(t, c, "camille")
	cookie := loginCookies(w.Browser, c)[0]
	var given, refused atomic.Int64
	var all sync.WaitGroup
	for range 20 {
		b, r := holding(c, cookie.Name, cookie.Value), account(t, c).Begin()
		all.Go(func() {
			p, err := b.StopAt(r.RedirectURI).Get(r.URL(url.Values{"prompt": {"none"}}))
			if err != nil || p.Stopped == nil {
				t.Errorf("%v: no answer", err)
				return
			}
			if p.Stopped.Query().Get("error") == "consent_required" {
				refused.Add(1)
				return
			}
			if tok, err := r.Exchange(p.Stopped); err != nil || tok.GrantID != first.GrantID {
				t.Errorf("%v: %v", err, p.Stopped)
				return
			}
			given.Add(1)
		})
	}
	all.Wait()
	if given.Load() != 9 || refused.Load() != 11 {
		t.Errorf("%d codes given and %d refused, of 20", given.Load(), refused.Load())
	}
	isTrue(t, c)
}
