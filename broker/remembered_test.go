package broker_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"accord/broker"
	"accord/broker/store"
	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/oidc/issuer"
)

// With max_age the page comes back, and its button needs no login.
func TestARememberedLoginServesThePageAndTheReceiptSaysSo(t *testing.T) {
	c := ownCountry(t, nil)
	w, first := identifier(t, c, "camille")
	for _, more := range [][]string{{"max_age", "10000"}, {"prompt", "consent"}, nil} {
		r, p := arrived(t, w.Browser, account(t, c), more...)
		p, err := w.Press(p, "accept", nil)
		if err != nil || p.Stopped == nil {
			t.Fatalf("%v: %v, not answered", more, err)
		}
		second, err := r.Exchange(p.Stopped)
		if err != nil {
			t.Fatal(err)
		}
		sameLogin(t, strings.Join(more, " "), first, second)
		if second.GrantID == first.GrantID || granted(t, c, second).Subject.Auth.Evidence != "" {
			t.Errorf("%v: no agreement of its own, without evidence", more)
		}
	}
	for _, more := range [][]string{{"prompt", "login"}, {"prompt", "select_account"}, {"max_age", "0"}} {
		if _, p := arrived(t, w.Browser, account(t, c), more...); p.Has("other") || !p.Has("accept") {
			t.Errorf("%v: the remembered login is offered: %s", more, p.Words())
		}
	}
	silently(t, w.Browser, account(t, c), "login_required", "max_age", "0")
	isTrue(t, c)
}

// Who sits there now need not be who agreed: another way in asks FranceConnect
// for a login, and refusing or going that way is remembered against.
func TestWhoIsSomebodyElseOrRefusesIsNoLongerRecognised(t *testing.T) {
	c := ownCountry(t, nil)
	for _, button := range []string{"refuse", "other"} {
		w, first := identifier(t, c, "camille")
		_, p := arrived(t, w.Browser, account(t, c))
		w.StopAt(c.FranceConnectURL + "/api/v2/authorize")
		if button == "refuse" {
			w.StopAt(account(t, c).RedirectURI)
		}
		p, err := w.Press(p, button, nil)
		if err != nil || p.Stopped == nil {
			t.Fatalf("%s: %v", button, err)
		}
		if button == "refuse" && p.Stopped.Query().Get("error") != "access_denied" || button == "other" && p.Stopped.Query().Get("prompt") != "login" {
			t.Errorf("%s: %v", button, p.Stopped)
		}
		silently(t, w.Browser, account(t, c), "login_required")
		silently(t, w.Browser, account(t, c), "login_required", "id_token_hint", first.ID)
	}
	isTrue(t, c)
}

// twoAccounts is a country with a second client under the same approval.
func twoAccounts(t *testing.T) (*country.Country, headless.Client) {
	t.Helper()
	c := ownCountry(t, func(c *broker.Config) {
		at := slices.IndexFunc(c.Clients, func(one *issuer.Client) bool { return one.ID == country.Account })
		second := *c.Clients[at]
		second.ID = "compte-bis"
		c.Clients = append(c.Clients, &second)
	})
	second := account(t, c)
	second.ID = "compte-bis"
	return c, second
}

// What the browser remembers is one client's: it gives nothing to another, no
// data, no page of the citizen's, and nothing under another name or altered.
func TestARememberedLoginOpensNothingElse(t *testing.T) {
	c, second := twoAccounts(t)
	w, first := identifier(t, c, "camille")
	silently(t, w.Browser, second, "login_required")
	silently(t, w.Browser, canteen(t, c), "login_required")
	if _, p := arrived(t, w.Browser, second); p.Has("other") {
		t.Error("another client's page is served from it")
	}
	_, nadia := identifier(t, c, "nadia")
	silently(t, w.Browser, account(t, c), "login_required", "id_token_hint", nadia.ID)
	remembered := loginCookies(w.Browser, c)
	if len(remembered) != 1 {
		t.Fatalf("%d logins remembered", len(remembered))
	}
	alone := func(name, value string) *headless.Browser { return holding(c, name, value) }
	only := alone(remembered[0].Name, remembered[0].Value)
	for _, path := range []string{"/mes-accords", "/mes-accords/" + first.GrantID, strings.TrimPrefix(first.ReceiptURI, c.Accord)} {
		if p, err := only.StopAt("").Get(c.Accord + path); err != nil || strings.Contains(p.Body, "/deconnexion") || strings.Contains(p.Body, first.GrantID) || p.Has("jws") {
			t.Errorf("%s opens: %v, %d", path, err, p.Status)
		}
	}
	altered := []byte(remembered[0].Value)
	altered[3] ^= 1
	for how, b := range map[string]*headless.Browser{
		"as a session": alone("accord", remembered[0].Value), "of another name": alone("accord-l-AAAAAAAA", remembered[0].Value),
		"altered": alone(remembered[0].Name, string(altered)), "cut": alone(remembered[0].Name, remembered[0].Value[:20]), "empty": alone(remembered[0].Name, ""),
	} {
		t.Log(how)
		silently(t, b, account(t, c), "login_required")
	}
	named := sha256.Sum256([]byte("compte-bis\x00valbrume-compte")) // the cookie a second client's login would have
	moved := alone("accord-l-"+base64.RawURLEncoding.EncodeToString(named[:6]), remembered[0].Value)
	silently(t, moved, second, "login_required")
	if _, p := arrived(t, moved, second); p.Has("other") {
		t.Error("another client's page is served from a cookie moved to its name")
	}
	silently(t, only, account(t, c), "") // the control: it was good
}

func loginCookies(b *headless.Browser, c *country.Country) (all []*http.Cookie) {
	for _, cookie := range b.Cookies(c.Accord) {
		if strings.HasPrefix(cookie.Name, "accord-l-") {
			all = append(all, cookie)
		}
	}
	return all
}

// holding is a browser with one cookie at Accord.
func holding(c *country.Country, name, value string) *headless.Browser {
	return headless.New().Plant(c.Accord, &http.Cookie{Name: name, Value: value, Path: "/"})
}

// A library's computer: another person's session of « Mes accords » in the same
// browser means that who agreed has left.
func TestAnotherPersonsSessionHidesTheRememberedLogin(t *testing.T) {
	c := ownCountry(t, nil)
	w, first := identifier(t, c, "camille")
	if _, err := c.LookBack(w.StopAt(""), "nadia"); err != nil {
		t.Fatal(err)
	}
	silently(t, w.Browser, account(t, c), "consent_required")
	silently(t, w.Browser, account(t, c), "login_required", "id_token_hint", first.ID)
}

// Eleven minutes after the agreement nobody is known, and what was given in
// silence has ended with it; an agreement given from the login lengthens nothing.
func TestARememberedLoginEndsWithItsAgreement(t *testing.T) {
	var ahead atomic.Int64
	c, err := country.Start(t.Context(), country.Options{Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	w, _ := identifier(t, c, "camille")
	ahead.Store(int64(10 * time.Minute))
	silent := silently(t, w.Browser, account(t, c), "")
	r, p := arrived(t, w.Browser, account(t, c))
	if p, err = w.Press(p, "accept", nil); err != nil || p.Stopped == nil {
		t.Fatal(err)
	}
	if _, err := r.Exchange(p.Stopped); err != nil {
		t.Fatal(err)
	}
	silently(t, w.Browser, account(t, c), "")
	ahead.Store(int64(11*time.Minute + 5*time.Second))
	kept := loginCookies(w.Browser, c)
	for _, cookie := range kept { // a browser whose clock stands still
		silently(t, holding(c, cookie.Name, cookie.Value), account(t, c), "login_required")
	}
	silently(t, w.Browser, account(t, c), "login_required")
	if status, _, body, err := headless.Read(c.Accord+"/userinfo", silent.Access); err != nil || status != http.StatusUnauthorized {
		t.Errorf("a token beyond its agreement: %v, %d %s", err, status, body)
	}
	if _, p := arrived(t, w.Browser, account(t, c)); p.Has("other") {
		t.Error("the page still offers the login")
	}
	if len(kept) == 0 {
		t.Error("no cookie was left to try")
	}
}

// What rests of a remembered login is sealed under its cookie: neither who it
// is nor under which agreement can be read in the file a clean stop leaves.
func TestARememberedLoginRestsSealed(t *testing.T) {
	data := t.TempDir()
	c, err := country.Start(t.Context(), country.Options{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	w, tok := identifier(t, c, "camille")
	canaries := []string{"TREMBLIN", "OSTERVAL", tok.ID, loginCookies(w.Browser, c)[0].Value}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	searchFiles(t, data, canaries)
	dumps, err := filepath.Glob(filepath.Join(data, "data", "*.temporary"))
	if err != nil || len(dumps) != 1 {
		t.Fatalf("%v: %d files of temporary values", err, len(dumps))
	}
	dump, err := os.ReadFile(dumps[0])
	if err != nil || !bytes.Contains(dump, []byte(store.Logins)) {
		t.Fatalf("%v: no remembered login in the file: the test proves nothing", err)
	}
	for _, canary := range append(canaries, tok.Subject, tok.GrantID, country.Account, "eidas1") {
		if bytes.Contains(dump, []byte(canary)) {
			t.Errorf("the file holds %.12s…", canary)
		}
	}
}
