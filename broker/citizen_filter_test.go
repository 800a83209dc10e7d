package broker_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

// listed is the list for a query: the addresses it leads to, by what they are of.
func listed(t *testing.T, c *country.Country, b *headless.Browser, query url.Values) (p *headless.Page, grants, refusals int) {
	t.Helper()
	p, err := b.Get(c.Accord + "/mes-accords?" + query.Encode())
	if err != nil {
		t.Fatal(err)
	}
	return p, strings.Count(p.Body, `<h2><a href="/mes-accords/g_`), strings.Count(p.Body, `<h2><a href="/recu/`)
}

func TestTheListIsFilteredByStateBodyPeriodAndWords(t *testing.T) {
	c := ownCountry(t, nil)
	b, withdrawn := agreedWith(t, c, "dgfip_rfr")
	asked, err := b.Get(c.Accord + "/mes-accords/" + withdrawn.GrantID + "/retirer")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Press(asked, "submit", nil); err != nil {
		t.Fatal(err)
	}
	token(t, c, canteen(t, c), "camille")
	elsewhere, err := c.Client(country.Editor, "saint-aubin-cantine", "cnaf_quotient_familial")
	if err != nil {
		t.Fatal(err)
	}
	token(t, c, elsewhere, "camille")
	refusing := walk(t, c, canteen(t, c))
	see(t, refusing, "camille")
	do(t, refusing, "refuse")
	for name, one := range map[string]struct {
		query            url.Values
		grants, refusals int
	}{
		"everything":     {nil, 3, 1},
		"active":         {values("etat", "active"), 2, 0},
		"withdrawn":      {values("etat", "withdrawn"), 1, 0},
		"refused":        {values("etat", "refused"), 0, 1},
		"no such state":  {values("etat", "x"), 3, 1},
		"one body":       {values("organisme", siretOf(c, "saint-aubin-cantine")), 1, 0},
		"body and state": {url.Values{"organisme": {valbrume(c)}, "etat": {"active"}}, 1, 0},
		"today on":       {values("du", "2020-01-01"), 3, 1},
		"until long ago": {values("au", "2020-01-01"), 0, 0},
		"by hand":        {values("du", "1/2/2020"), 3, 1},
		"with dots":      {values("au", "01.02.2020"), 0, 0},
		"a word":         {values("mots", "AUBIN"), 1, 0},
		"without marks":  {values("mots", "revenu fiscal reference"), 1, 0},
		"a reference":    {values("mots", withdrawn.GrantID), 1, 0},
		"two words":      {values("mots", "valbrume quotient"), 2, 1},
	} {
		p, grants, refusals := listed(t, c, b, one.query)
		if p.Status != http.StatusOK || grants != one.grants || refusals != one.refusals {
			t.Errorf("%s: %d, %d agreements and %d refusals", name, p.Status, grants, refusals)
		}
	}
	if p, _, _ := listed(t, c, b, values("au", "2020-01-01")); !strings.Contains(p.Words(), "Rien ne correspond") || !p.Has("all") {
		t.Errorf("nothing found: %s", p.Words())
	}
	for query, field := range map[string]string{"du=hier": "p-du", "au=2026-02-31": "p-au", "du=2026-03-02&au=2026-03-01": "p-au", "du=%FF": "p-du"} {
		form, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		p, _, _ := listed(t, c, b, form)
		if p.Status != http.StatusUnprocessableEntity || !p.Has(field) || !p.Has("resume") {
			t.Errorf("%s: %d %s", query, p.Status, p.Words())
		}
	}
}

func TestTheFilterIsKeptOnItsPages(t *testing.T) {
	c := ownCountry(t, nil)
	b := lookBack(t, c)
	for range 11 {
		token(t, c, canteen(t, c), "camille")
	}
	first, grants, _ := listed(t, c, b, url.Values{"etat": {"active"}, "mots": {"valbrume"}})
	older, err := first.Link("older")
	if err != nil || grants != 10 {
		t.Fatalf("%d on the first page: %v", grants, err)
	}
	second, err := b.Get(older)
	if err != nil || second.URL.Query().Get("etat") != "active" || second.URL.Query().Get("mots") != "valbrume" || strings.Count(second.Body, `<h2><a href="/mes-accords/g_`) != 1 {
		t.Errorf("the second page %s: %v", older, err)
	}
}
