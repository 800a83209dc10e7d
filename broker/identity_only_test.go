package broker_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent/audit"
	"accord/consent/receipt"
)

func account(t *testing.T, c *country.Country) headless.Client {
	t.Helper()
	client, err := c.Client(country.Account, "valbrume-compte")
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// identifier walks through a request for openid alone.
func identifier(t *testing.T, c *country.Country, persona string) (*country.Walk, headless.Token) {
	t.Helper()
	w := walk(t, c, account(t, c))
	if words := w.Page.Words(); !strings.Contains(words, "ni votre nom, ni aucune donnée") || !w.Page.Has("refuse") {
		t.Fatalf("the first page: %s", words)
	}
	see(t, w, persona)
	tok, err := w.Request.Exchange(w.Page.Stopped)
	if err != nil {
		t.Fatal(err)
	}
	return w, tok
}

func granted(t *testing.T, c *country.Country, tok headless.Token) receipt.Receipt {
	t.Helper()
	r, err := receipt.Verify([]byte(tok.Receipt), c.Keys.ReceiptKeys())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Scope openid alone gives a pairwise sub and nothing else: no page of values,
// no source, no claim, no delivery.
func TestOpenIDAloneGivesAnIdentifierAndNothingElse(t *testing.T) {
	c := ownCountry(t, nil)
	_, tok := identifier(t, c, "camille")
	if want := []string{"acr", "amr", "at_hash", "aud", "auth_time", "azp", "exp", "iat", "iss", "nonce", "sub"}; !only(claims(t, tok.ID), want) {
		t.Errorf("ID token says %v", claims(t, tok.ID))
	}
	if d := read(t, c, tok, quotient); d.Status != http.StatusForbidden || showsQuotient(d.Body) {
		t.Errorf("data under an agreement to the identifier: %d %s", d.Status, d.Body)
	}
	status, _, body, err := headless.Read(c.Accord+"/userinfo", tok.Access)
	if err != nil || status != http.StatusOK || strings.TrimSpace(string(body)) != `{"sub":"`+tok.Subject+`"}` {
		t.Errorf("userinfo: %v, %d %s", err, status, body)
	}
	for _, e := range logOf(t, c) {
		if e.Kind == audit.SourceQueried || e.Kind == audit.ReleaseCompleted {
			t.Errorf("logged a %s", e.Kind)
		}
	}
	r := granted(t, c, tok)
	if !r.IdentityOnly() || r.Subject.ID != tok.Subject || r.Subject.Auth.Evidence == "" || r.RequestDigest == "" {
		t.Errorf("receipt: %+v, %+v", r.Purposes[0].Data, r.Subject)
	}
	isTrue(t, c)
}

// isTrue holds the whole log to the auditor's rules.
func isTrue(t *testing.T, c *country.Country) {
	t.Helper()
	if r := replayed(t, c); r.Outcome != audit.Genuine {
		t.Errorf("the log is %s: %v", r.Outcome, r.Findings)
	}
}

func only(some, all []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}

func claims(t *testing.T, jwt string) []string {
	t.Helper()
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(jwt, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(payload, &all); err != nil {
		t.Fatal(err)
	}
	return keysOf(all)
}

// From the web session of « Mes accords » the same citizen goes on without
// FranceConnect, as the same person; the receipt carries no evidence.
func TestAWebSessionServesOpenIDAloneAndTheReceiptSaysSo(t *testing.T) {
	c := ownCountry(t, nil)
	first, tok := identifier(t, c, "aminata")
	b := headless.New()
	if _, err := c.LookBack(b, "aminata"); err != nil {
		t.Fatal(err)
	}
	again := account(t, c).Begin()
	p, err := b.StopAt(again.RedirectURI).Get(again.URL(nil))
	if err != nil || !p.Has("other") {
		t.Fatalf("no way on from the session: %v", err)
	}
	if p, err = b.Press(p, "accept", nil); err != nil {
		t.Fatal(err)
	}
	from, err := again.Exchange(p.Stopped)
	if err != nil || from.Subject != tok.Subject {
		t.Fatalf("from the session: %v, sub %s, before %s", err, from.Subject, tok.Subject)
	}
	r := granted(t, c, from)
	if r.Subject.Auth.Evidence != "" || !r.IdentityOnly() {
		t.Errorf("evidence of a login that did not take place: %+v", r.Subject.Auth)
	}
	page, err := b.StopAt("").Get(from.ReceiptURI)
	if err != nil || !strings.Contains(page.Words(), "sans nouvelle signature de FranceConnect") {
		t.Errorf("the receipt's page does not say so: %v", err)
	}
	history, err := b.Get(c.Accord + "/mes-accords")
	if err != nil || strings.Count(history.Words(), "Identifiant propre à cet organisme") != 2 {
		t.Errorf("history: %v, %s", err, history.Words())
	}
	_ = first
	isTrue(t, c)
}

// A session serves no request for data, nor one that wants a fresh login, nor
// one for somebody else.
func TestAWebSessionServesNothingButOpenIDAlone(t *testing.T) {
	c := ownCountry(t, nil)
	_, camille := identifier(t, c, "camille")
	b := headless.New()
	if _, err := c.LookBack(b, "nadia"); err != nil {
		t.Fatal(err)
	}
	for name, more := range map[string]url.Values{
		"prompt=login": {"prompt": {"login"}}, "max_age=0": {"max_age": {"0"}}, "another citizen": {"id_token_hint": {camille.ID}},
	} {
		p, err := b.Get(account(t, c).Begin().URL(more))
		if err != nil || p.Has("other") || !p.Has("accept") {
			t.Errorf("%s: %v, offers the session: %t", name, err, p.Has("other"))
			continue
		}
		forged, err := b.Press(p, "accept", map[string][]string{"choix": {"session"}})
		if err != nil || forged.Status != http.StatusUnauthorized {
			t.Errorf("%s, forged: %v, %d", name, err, forged.Status)
		}
	}
	p, err := b.Get(canteen(t, c).Begin().URL(nil))
	if err != nil || p.Has("other") {
		t.Fatalf("data from a session: %v", err)
	}
	if forged, err := b.Press(p, "accept", map[string][]string{"choix": {"session"}}); err != nil || forged.Status != http.StatusUnauthorized {
		t.Errorf("data from a session, forged: %v, %d", err, forged.Status)
	}
}

// A session keeps no date of birth to hold an approval's minimum age against.
func TestAMinorsWebSessionServesNothing(t *testing.T) {
	f := newForger(t)
	c := f.country(t).Country
	f.tell(lie{user: set("birthdate", strconv.Itoa(time.Now().Year()-17)+"-12-31")}, time.Hour)
	b := headless.New()
	if _, err := c.LookBack(b, "camille"); err != nil {
		t.Fatal(err)
	}
	p, err := b.Get(account(t, c).Begin().URL(nil))
	if err != nil || p.Has("other") || !p.Has("accept") {
		t.Fatalf("%v, offers the session: %t", err, p.Has("other"))
	}
	if p, err = b.Press(p, "accept", map[string][]string{"choix": {"session"}}); err != nil || p.Status != http.StatusUnauthorized {
		t.Errorf("forged: %v, %d", err, p.Status)
	}
}

// Civil identity is data: asked alone it is looked at, agreed and delivered
// like any other, and no source is called.
func TestCivilIdentityAloneIsShownAgreedAndDelivered(t *testing.T) {
	c := ownCountry(t, nil)
	client, err := c.Client(country.MediaLibrary, "valbrume-mediatheque", "family_name", "given_name", "birthdate")
	if err != nil {
		t.Fatal(err)
	}
	client.Secret = c.Secrets[country.MediaLibrary]
	w := walk(t, c, client)
	see(t, w, "camille")
	if !strings.Contains(w.Page.Words(), "Camille") {
		t.Errorf("not shown: %s", w.Page.Words())
	}
	do(t, w, "accept")
	if w.Page.Stopped == nil || w.Page.Stopped.Query().Get("code") == "" {
		t.Fatalf("not agreed: %v", w.Page.Stopped)
	}
	for _, e := range logOf(t, c) {
		if e.Kind == audit.SourceQueried {
			t.Error("a source was called for civil identity")
		}
	}
}

// Refusing to be recognised is as ordinary as refusing data, before the login
// and at FranceConnect.
func TestRefusingToBeRecognisedTellsNothing(t *testing.T) {
	c := ownCountry(t, nil)
	for _, early := range []bool{true, false} {
		w := walk(t, c, account(t, c))
		if early {
			do(t, w, "refuse")
		} else {
			do(t, w, "accept")
			cancel, err := w.Page.Link("cancel")
			if err == nil {
				w.Page, err = w.Get(cancel)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if w.Page.Stopped == nil || w.Page.Stopped.Query().Get("error") != "access_denied" || w.Page.Stopped.Query().Has("code") {
			t.Fatalf("early %t: %v", early, w.Page.Stopped)
		}
		if e := lastOf(t, c, audit.ConsentRefused).event; e.Citizen != "" || e.Subject != "" {
			t.Errorf("early %t: the refusal names somebody: %+v", early, e)
		}
	}
	isTrue(t, c)
}
