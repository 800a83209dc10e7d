package broker_test

import (
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
		{"id_token_hint", camille.ID}, {"id_token_hint", nadia.ID}, {"max_age", "3600"}, {"max_age", "0"},
		{"id_token_hint", camille.ID, "max_age", "3600"}, {"id_token_hint", camille.ID, "max_age", "0"},
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
