package broker_test

import (
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

// A service provider that once had somebody's identifier may not find out in
// silence, by its old ID tokens or by the age of the login, whose browser this
// is: redirects that nobody sees would be answers enough.
func TestProbingInSilenceTellsNobodyFromAnother(t *testing.T) {
	c := ownCountry(t, nil)
	w, camille := identifier(t, c, "camille")
	_, nadia := identifier(t, c, "nadia")
	withdraw(t, c, w.Browser, camille.GrantID, "camille") // the session of « Mes accords » stays
	for _, probe := range [][]string{
		{"id_token_hint", camille.ID},
		{"id_token_hint", nadia.ID},
		{"max_age", "3600"},
		{"max_age", "0"},
		{"id_token_hint", camille.ID, "max_age", "3600"},
		{"id_token_hint", camille.ID, "max_age", "0"},
	} {
		silently(t, w.Browser, account(t, c), "login_required", probe...)
	}
	silently(t, w.Browser, account(t, c), "consent_required") // that there is a session, and no more
}

// Whoever logs in at FranceConnect sits there now: a login of somebody else that
// the browser remembers, for any service provider, is over.
func TestAnotherPersonsLoginEndsTheRememberedOne(t *testing.T) {
	c, second := twoAccounts(t)
	for _, client := range []headless.Client{second, canteen(t, c)} {
		w, _ := identifier(t, c, "camille")
		next := &country.Walk{Browser: w.StopAt(client.RedirectURI), Country: c, Request: client.Begin()}
		var err error
		if next.Page, err = w.Get(next.Request.URL(nil)); err != nil {
			t.Fatal(err)
		}
		see(t, next, "nadia")
		silently(t, w.Browser, account(t, c), "login_required")
	}
}

// "It is not me", under somebody's name: that somebody's session of « Mes
// accords », and what is remembered of them, end with the login. So they do when
// another citizen logs in for a service provider.
func TestWhoeverIsSomebodyElseFindsNobodysSession(t *testing.T) {
	c := ownCountry(t, nil)
	for _, persona := range []string{"camille", "nadia"} { // at FranceConnect, once camille has left
		w, _ := identifier(t, c, "camille")
		if _, err := c.LookBack(w.StopAt(""), "camille"); err != nil {
			t.Fatal(err)
		}
		next := &country.Walk{Browser: w.StopAt(c.TownHallURL), Country: c, Request: canteen(t, c).Begin()}
		var err error
		if next.Page, err = w.Get(next.Request.URL(nil)); err != nil {
			t.Fatal(err)
		}
		see(t, next, persona)
		if persona == "camille" {
			away, err := next.Page.Link("not-me")
			if err == nil {
				_, err = w.Get(away)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		silently(t, w.Browser, account(t, c), "login_required")
		if p, err := w.StopAt("").Get(c.Accord + "/mes-accords"); err != nil || strings.Contains(p.Body, "/deconnexion") {
			t.Errorf("%s: camille's agreements are shown: %v, %d", persona, err, p.Status)
		}
	}
}
