package e2e

import (
	"context"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

// toPast opens « Mes accords » with one agreement of every kind: recurring and
// frozen, recurring, at the desk, to an identifier.
func toPast(b *tab) *tab {
	b.t.Helper()
	c := own(b.t, country.Options{})
	identifier(b, c, "camille")
	deskAct(b, c, "camille")
	recurring(b, c, "camille")
	if _, err := c.Broker.Suspend(context.Background(), "valbrume-compte", "misuse"); err != nil {
		b.t.Fatal(err)
	}
	b.goTo(c.Accord + "/mes-accords").click("#submit")
	return identify(b, "camille").expect("article ~ article ~ article")
}

// toPastDetail opens the nth agreement of that list, the newest first.
func toPastDetail(b *tab, n string) {
	b.t.Helper()
	toPast(b).click("article:nth-of-type(" + n + ") h2 a").expect("#t-suite")
}

func recurring(b *tab, c *country.Country, persona string) headless.Token {
	b.t.Helper()
	client, err := c.Client(country.Editor, "valbrume-cantine", "cnaf_quotient_familial")
	if err != nil {
		b.t.Fatal(err)
	}
	w := &country.Walk{Browser: headless.New().StopAt(client.RedirectURI), Country: c, Request: client.Begin()}
	if w.Page, err = w.Get(w.Request.URL(later())); err == nil {
		err = w.See(persona)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	w.Page, err = w.Press(w.Page, "accept", map[string][]string{"suite": {"1"}})
	return exchange(b, w, err)
}

func identifier(b *tab, c *country.Country, persona string) {
	b.t.Helper()
	client, err := c.Client(country.Account, "valbrume-compte")
	if err != nil {
		b.t.Fatal(err)
	}
	w, err := c.Walk(client)
	if err == nil {
		err = w.See(persona)
	}
	exchange(b, w, err)
}

func exchange(b *tab, w *country.Walk, err error) (tok headless.Token) {
	b.t.Helper()
	if err == nil {
		tok, err = w.Request.Exchange(w.Page.Stopped)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return tok
}
