package broker_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

// begun is a citizen on the first page of a request with more parameters.
func begun(t *testing.T, c *country.Country, client headless.Client, more ...string) *country.Walk {
	t.Helper()
	w := walk(t, c, client)
	w.Request = client.Begin()
	var err error
	if w.Page, err = w.Get(w.Request.URL(values(more...))); err != nil || !w.Page.Has("accept") {
		t.Fatalf("%v: %v", more, err)
	}
	return w
}

// Attack list, row 25: who asks for a fresh login has FranceConnect asked for
// one, and reads in the ID token when it was; who does not ask sends nothing.
func TestAFreshLoginIsHadWhereItIsAsked(t *testing.T) {
	c := theCountry(t)
	for _, row := range []struct {
		more   []string
		prompt string
	}{
		{nil, ""},
		{[]string{"prompt", "login"}, "login"},
		{[]string{"max_age", "0"}, "login"},
		{[]string{"max_age", "1"}, "login"},
		{[]string{"prompt", "consent"}, ""},
		{[]string{"prompt", "select_account"}, "login"},
		{[]string{"prompt", "consent login", "max_age", "3600"}, "login"},
	} {
		w := begun(t, c, canteen(t, c), row.more...)
		at := time.Now().Add(-time.Second)
		w.StopAt(c.FranceConnectURL + "/api/v2/authorize")
		do(t, w, "accept")
		if w.Page.Stopped == nil || w.Page.Stopped.Query().Get("prompt") != row.prompt {
			t.Fatalf("%v: FranceConnect is asked with %v", row.more, w.Page.Stopped)
		}
		w.StopAt(w.Request.RedirectURI)
		var err error
		if w.Page, err = w.Get(w.Page.Stopped.String()); err != nil {
			t.Fatal(err)
		}
		do(t, w, "persona-camille", "continue")
		if w.Page, err = country.Settled(w.Browser, w.Page); err != nil {
			t.Fatal(err)
		}
		do(t, w, "accept")
		tok, err := w.Request.Exchange(w.Page.Stopped)
		if err != nil {
			t.Fatalf("%v: %v", row.more, err)
		}
		if auth := authTime(t, tok.ID); auth < at.Unix() || auth > time.Now().Unix()+1 {
			t.Errorf("%v: auth_time %d, logged in after %d", row.more, auth, at.Unix())
		}
	}
}

func authTime(t *testing.T, idToken string) int64 {
	t.Helper()
	var c struct {
		AuthTime int64 `json:"auth_time"`
	}
	if err := json.Unmarshal(payloadOf(t, idToken), &c); err != nil {
		t.Fatal(err)
	}
	return c.AuthTime
}

// Attack list, row 25: a FranceConnect that answers from a session older than
// asked gets nobody any further.
func TestALoginOlderThanAskedIsRefused(t *testing.T) {
	f := newForger(t)
	c := f.country(t)
	hourAgo := set("auth_time", time.Now().Add(-time.Hour).Unix())
	for _, row := range []struct {
		more  []string
		taken bool
	}{
		{[]string{"prompt", "login"}, false},
		{[]string{"max_age", "0"}, false},
		{[]string{"max_age", "1"}, false},
		{[]string{"max_age", "3000"}, false},
		{[]string{"max_age", "4000"}, true},
		{nil, true},
	} {
		f.tell(lie{id: hourAgo}, 0)
		w := begun(t, c.Country, canteen(t, c.Country), row.more...)
		asked := len(c.CNAV.Requests())
		see(t, w, "camille")
		if w.Page.Has("accept") != row.taken {
			t.Errorf("%v: %d %.200s", row.more, w.Page.Status, w.Page.Words())
		}
		if !row.taken && (w.Page.Status != distrusted || !strings.Contains(w.Page.Body, "<code>A08</code>") || len(c.CNAV.Requests()) != asked) {
			t.Errorf("%v: %d, %d requests at the sources", row.more, w.Page.Status, len(c.CNAV.Requests())-asked)
		}
	}
}

// Attack list, row 23: prompt=none shows nobody a page and gives nothing that
// was not agreed; it says whether a login is missing or the agreement alone.
func TestPromptNoneNeverAsksNorGivesAnew(t *testing.T) {
	c := ownCountry(t, nil)
	_, camille := identifier(t, c, "camille")
	b := headless.New()
	ask := func(client headless.Client, want string, more ...string) {
		t.Helper()
		r := client.Begin()
		p, err := b.StopAt(r.RedirectURI).Get(r.URL(values(append(more, "prompt", "none")...)))
		if err != nil || p.Stopped == nil {
			t.Fatalf("%v: %v, a page is shown", more, err)
		}
		if q := p.Stopped.Query(); q.Get("error") != want || q.Has("code") || q.Get("state") != r.State || q.Get("iss") != c.Accord {
			t.Errorf("%v: %v, want %s", more, q, want)
		}
	}
	ask(account(t, c), "login_required")
	ask(canteen(t, c), "login_required")
	if _, err := c.LookBack(b, "nadia"); err != nil {
		t.Fatal(err)
	}
	ask(account(t, c), "consent_required")
	ask(account(t, c), "login_required", "max_age", "3600") // an age that can be asked for tells whose session it is
	ask(account(t, c), "login_required", "max_age", "0")
	ask(account(t, c), "login_required", "id_token_hint", camille.ID)
	ask(canteen(t, c), "login_required") // data are never served from a session
	isTrue(t, c)
}

// A logout with a hint that names the session's citizen ends it at once, and
// FranceConnect's behind it; the browser comes back with its state.
func TestALogoutWithTheCitizensHintEndsBothSessionsAndComesBack(t *testing.T) {
	c := theCountry(t)
	_, tok := token(t, c, canteen(t, c), "camille")
	bye := c.TownHallURL + "/"
	for name, asks := range map[string]bool{"hint": false, "client alone": true} {
		b := headless.New()
		if _, err := c.LookBack(b, "camille"); err != nil {
			t.Fatal(err)
		}
		q := url.Values{"client_id": {country.Editor}, "post_logout_redirect_uri": {bye}, "state": {"retour 1"}}
		if !asks {
			q.Set("id_token_hint", tok.ID)
		}
		p, err := b.StopAt(bye).Get(c.Accord + "/session/end?" + q.Encode())
		if err != nil {
			t.Fatal(err)
		}
		if asks {
			if !p.Has("accept") || p.Stopped != nil {
				t.Fatalf("%s: no page asks: %v", name, p.Stopped)
			}
			if p, err = b.Press(p, "accept", nil); err != nil {
				t.Fatal(err)
			}
		}
		if p.Stopped == nil {
			for n := 0; n < 4 && p.Stopped == nil && p.Has("continue"); n++ { // FranceConnect's own pages
				if p, err = b.Press(p, "continue", nil); err != nil {
					t.Fatal(err)
				}
			}
		}
		if p.Stopped == nil || p.Stopped.Query().Get("state") != "retour 1" {
			t.Fatalf("%s: not back at the service: %v at %s: %.200s", name, p.Stopped, p.URL, p.Words())
		}
		if home, err := b.StopAt("").Get(c.Accord + "/mes-accords"); err != nil || strings.Contains(home.Body, "/deconnexion") {
			t.Errorf("%s: the session lives: %v", name, err)
		}
	}
}

// Who stays keeps the session, and goes back to the service all the same; a way
// back made up by another leads nowhere.
func TestWhoStaysKeepsTheSession(t *testing.T) {
	c := theCountry(t)
	bye := c.TownHallURL + "/"
	b := headless.New()
	if _, err := c.LookBack(b, "camille"); err != nil {
		t.Fatal(err)
	}
	at := c.Accord + "/session/end?" + values("client_id", country.Editor, "post_logout_redirect_uri", bye).Encode()
	p, err := b.StopAt(bye).Get(at)
	if err != nil || !strings.Contains(p.Words(), "propose de fermer votre session") {
		t.Fatal(err)
	}
	if back, err := b.Press(p, "refuse", nil); err != nil || back.Stopped == nil || back.Stopped.Query().Has("state") {
		t.Errorf("who stays is not sent back: %v", err)
	}
	forged, err := b.Press(p, "refuse", url.Values{"suite": {"https://evil.example/"}})
	if err != nil || forged.Status != http.StatusOK || forged.URL.Path != "/mes-accords" || !strings.Contains(forged.Body, "/deconnexion") {
		t.Errorf("a made-up way back: %v, %d at %s", err, forged.Status, forged.URL)
	}
}
