package e2e

import "accord/cmd/accord-demo/country"

// toIdentityOnly stands before a request for an identifier and nothing else.
func toIdentityOnly(b *tab, c *country.Country) *tab {
	b.t.Helper()
	client, err := c.Client(country.Account, "valbrume-compte")
	if err != nil {
		b.t.Fatal(err)
	}
	return b.goTo(client.Begin().URL(nil)).expect("form[action^='/connexion']")
}

// toIdentityReceipt goes on from the session of « Mes accords », and opens the
// receipt that says so.
func toIdentityReceipt(b *tab) *tab {
	b.t.Helper()
	c := own(b.t, country.Options{})
	b.goTo(c.Accord + "/mes-accords").click("#submit")
	identify(b, "camille").expect("form[action^='/deconnexion']")
	toIdentityOnly(b, c).expect("#other").click("#accept")
	return b.goTo(c.Accord + "/mes-accords").click("article h2 a").click("a[href^='/recu/']").expect("#jws")
}
