package e2e

import (
	"slices"

	"github.com/chromedp/chromedp"

	"accord/broker"
	"accord/cmd/accord-demo/country"
	"accord/consent"
)

// The canteen of a country that asks for more: a benefit to be ticked, an
// identifier, a child.
var more = []string{"revenu_solidarite_active", "france_travail_inscription", "men_statut_scolarite"}

func askMore(c *broker.Config) {
	c.Approvals = slices.Clone(c.Approvals)
	for i, a := range c.Approvals {
		if a.ID != "valbrume-cantine" {
			continue
		}
		changed := *a
		changed.Data.Required = slices.Clone(a.Data.Required)
		for _, id := range more {
			changed.Data.Required = append(changed.Data.Required, consent.ApprovedDatum{ID: id})
		}
		c.Approvals[i] = &changed
	}
}

// toSensitive stands on /connexion with a box to tick.
func toSensitive(b *tab) *tab {
	b.t.Helper()
	c := own(b.t, country.Options{Wrap: askMore})
	client, err := c.Client(country.Editor, "valbrume-cantine", append([]string{"cnaf_quotient_familial"}, more...)...)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.goTo(client.Begin().URL(nil)).expect("#sensible")
}

func toInputs(b *tab) *tab {
	b.t.Helper()
	toSensitive(b).do(chromedp.Click(chromedp.CSS("input[name=item]")))
	return b.click("#accept").expect("form[action^='/saisie']")
}

func toChild(b *tab) *tab {
	b.t.Helper()
	toInputs(b).do(chromedp.Evaluate[chromedp.Void](
		`document.querySelector('#f-identifiant').value='camille.t33',document.querySelector('#f-code_etablissement').value='0999999A'`))
	b.click("#accept")
	return identify(b, "camille").expect("form[action^='/enfant']")
}
