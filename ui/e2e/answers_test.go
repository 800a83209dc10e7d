package e2e

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"accord/broker"
	"accord/cmd/accord-demo/country"
	"accord/consent"
	"accord/providers/faults"
)

// toBand stands in sight of a value of which only an answer would leave.
func toBand(b *tab, persona string) *tab {
	b.t.Helper()
	b.goTo(shared.TownHallURL + "/saint-aubin/cantine").click("#ask").click("#accept")
	return identify(b, persona).expect("form[action^='/accord']")
}

// later is what a request adds to ask for access after today.
func later() url.Values {
	return url.Values{"until": {time.Now().AddDate(0, 1, 0).Format(time.DateOnly)}, "fetches": {strconv.Itoa(4)}}
}

// toLater stands on a consent page with the box of later access.
func toLater(b *tab) *tab {
	b.t.Helper()
	client, err := shared.Client(country.Editor, "valbrume-cantine", "cnaf_quotient_familial", "cnaf_enfants")
	if err != nil {
		b.t.Fatal(err)
	}
	b.goTo(client.Begin().URL(later())).click("#accept")
	return identify(b, "camille").expect("#d-suite")
}

// The canteen of a country that also asks CAF for benefits, each an answer of
// its own.
var benefits = []string{"prime_activite", "allocation_soutien_familial"}

func askBenefits(c *broker.Config) {
	c.Approvals = slices.Clone(c.Approvals)
	for i, a := range c.Approvals {
		if a.ID != "valbrume-cantine" {
			continue
		}
		changed := *a
		changed.Data.Optional = slices.Clone(a.Data.Optional)
		for _, id := range benefits {
			changed.Data.Optional = append(changed.Data.Optional, consent.ApprovedDatum{ID: id})
		}
		c.Approvals[i] = &changed
	}
}

// toOutcomes stands on a consent page where one source gave several answers:
// two found, one down.
func toOutcomes(b *tab) *tab {
	b.t.Helper()
	c := own(b.t, country.Options{Wrap: askBenefits})
	c.CNAV.Concerns = func(r *http.Request) bool { return strings.Contains(r.URL.Path, "prime_activite") }
	c.CNAV.SetFault(faults.Down)
	client, err := c.Client(country.Editor, "valbrume-cantine", append([]string{"cnaf_quotient_familial"}, benefits...)...)
	if err != nil {
		b.t.Fatal(err)
	}
	b.goTo(client.Begin().URL(nil)).click("#accept")
	return identify(b, "camille").expect("#s-2")
}
