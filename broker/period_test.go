package broker_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent"
	"accord/providers"
)

func now() time.Time { return time.Now() }

func walkFor(t *testing.T, c *country.Country, client headless.Client, more url.Values) *country.Walk {
	t.Helper()
	w := &country.Walk{Browser: headless.New().StopAt(client.RedirectURI), Country: c, Request: client.Begin()}
	var err error
	if w.Page, err = w.Get(w.Request.URL(more)); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestAMonthIsAskedShownAndDelivered(t *testing.T) {
	cnav := &stub{id: consent.SourceCNAV}
	c := tryoutCountry(t, []string{"cnaf_quotient_familial"}, nil, nil, cnav)
	last := strconv.Itoa(now().Year() - 1)
	w := walkFor(t, c, tryoutClient(c, "cnaf_quotient_familial"), url.Values{"annee": {last}, "mois": {"05"}})
	at(t, w, "/connexion", http.StatusOK)
	if !strings.Contains(w.Page.Words(), "mai "+last) {
		t.Error("/connexion does not say the month")
	}
	see(t, w, "camille")
	if !strings.Contains(w.Page.Words(), "mai "+last) {
		t.Errorf("the consent page does not say the month: %.600s", w.Page.Words())
	}
	asked := cnav.about(consent.ResourceQuotientFamilial)
	if len(asked) != 1 || asked[0].Year != now().Year()-1 || asked[0].Month != 5 {
		t.Fatalf("asked %d times, for %d-%d", len(asked), asked[0].Year, asked[0].Month)
	}
	tok := exchanged(t, w)
	if d := read(t, c, tok, quotient+"?annee="+last+"&mois=5"); d.Status != http.StatusOK || !strings.Contains(d.Body, `"annee":`+last) {
		t.Errorf("delivered %d %s", d.Status, d.Body)
	}
	if d := read(t, c, tok, quotient+"?annee="+last+"&mois=6"); d.Status == http.StatusOK {
		t.Error("another month than the one agreed is delivered")
	}
	trueLog(t, c)
}

// A month without year is this year's; January always was.
func TestAMonthAloneIsOfThisYear(t *testing.T) {
	cnav := &stub{id: consent.SourceCNAV}
	c := tryoutCountry(t, []string{"cnaf_quotient_familial"}, nil, nil, cnav)
	see(t, walkFor(t, c, tryoutClient(c, "cnaf_quotient_familial"), url.Values{"mois": {"1"}}), "camille")
	if asked := cnav.about(consent.ResourceQuotientFamilial); len(asked) != 1 || asked[0].Year != now().Year() || asked[0].Month != 1 {
		t.Fatalf("asked for %+v", asked)
	}
}

func TestAMonthPushedIsTheMonthAsked(t *testing.T) {
	cnav := &stub{id: consent.SourceCNAV}
	c := tryoutCountry(t, []string{"cnaf_quotient_familial"}, nil, nil, cnav)
	w := walk(t, c, canteen(t, c))
	u, err := url.Parse(w.Request.URL(url.Values{"annee": {strconv.Itoa(now().Year() - 1)}, "mois": {"3"}}))
	if err != nil {
		t.Fatal(err)
	}
	uri := pushedURI(t, watched{Country: c}, u.Query())
	if w.Page, err = w.Get(c.Accord + "/authorize?" + values("client_id", w.Request.ID, "request_uri", uri, "mois", "4").Encode()); err != nil {
		t.Fatal(err)
	}
	see(t, w, "camille")
	if asked := cnav.about(consent.ResourceQuotientFamilial); len(asked) != 1 || asked[0].Year != now().Year()-1 || asked[0].Month != 3 {
		t.Fatalf("asked for %+v", asked)
	}
}

func TestAPeriodNoSourceTellsMeetsNoCitizen(t *testing.T) {
	c := tryoutCountry(t, nil, []string{"cnaf_quotient_familial", "cnous_statut_boursier", "cnaf_enfants", rsa}, nil, &stub{id: consent.SourceCNOUS})
	year := func(n int) string { return strconv.Itoa(now().Year() + n) }
	for name, one := range map[string]struct {
		scope string
		more  url.Values
	}{
		"three years ago":             {"cnaf_quotient_familial", url.Values{"annee": {year(-3)}}},
		"next year":                   {"cnaf_quotient_familial", url.Values{"annee": {year(1)}, "mois": {"1"}}},
		"a month without quotient":    {rsa, url.Values{"mois": {"1"}}},
		"a campaign without grant":    {"cnaf_quotient_familial", url.Values{"annee_campagne": {year(-1)}}},
		"a campaign before there was": {"cnous_statut_boursier", url.Values{"annee_campagne": {"2020"}}},
		"the campaign of this year":   {"cnous_statut_boursier", url.Values{"annee_campagne": {year(0)}}},
	} {
		w := walkFor(t, c, tryoutClient(c, one.scope), one.more)
		if w.Page.Stopped == nil || w.Page.Stopped.Query().Get("error") != "invalid_request" || w.Page.Stopped.Query().Get("error_description") == "" {
			t.Errorf("%s: %d %.200s", name, w.Page.Status, w.Page.Words())
		}
	}
}

func TestACampaignIsAskedOfCNOUSAndShown(t *testing.T) {
	cnous := &stub{id: consent.SourceCNOUS, answers: map[string]func(providers.Query) providers.Answer{
		consent.ResourceGrantHolder: found(`{"statut_boursier":{"est_boursier":true,"est_radie":false,"date_radiation":null}}`),
	}}
	c := tryoutCountry(t, nil, []string{"cnous_statut_boursier"}, nil, cnous)
	w := walkFor(t, c, tryoutClient(c, "cnous_statut_boursier"), url.Values{"annee_campagne": {"2023"}})
	if !strings.Contains(w.Page.Words(), "2023-2024") {
		t.Error("/connexion does not say the campaign")
	}
	see(t, w, "camille")
	asked := cnous.about(consent.ResourceGrantHolder)
	if len(asked) != 1 || asked[0].Inputs["annee_campagne"] != "2023" || asked[0].Year != 2023 {
		t.Fatalf("asked with %+v", asked)
	}
	if !strings.Contains(w.Page.Words(), "2023-2024") {
		t.Error("the consent page does not say the campaign")
	}
}
