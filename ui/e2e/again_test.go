package e2e

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"accord/cmd/accord-demo/country"
)

func TestTwoFlowsInTwoTabsDoNotDisturbEachOther(t *testing.T) {
	one := open(t)
	other := one.another()
	toConsent(one, shared, "camille")
	other.goTo(shared.TownHallURL + "/saint-aubin/cantine").click("#ask").click("#accept")
	identify(other, "nadia").expect("form[action^='/accord']")
	wants(t, other.text("main"), "Saint-Aubin")
	wants(t, other.text("main"), "518 €")
	wants(t, one.text("main"), "742 €")
	one.do(chromedp.Reload())
	wants(t, one.text("main"), "742 €")
	one.click("#accept").expect("#quotient")
	other.click("#accept").expect("#band")
	wants(t, one.text("main"), "742 €")
	wants(t, other.text("#band"), "A")
}

// A refusal in one tab leaves the same request of another tab alone.
func TestTwoTabsOfTheSameFormAreTwoDecisions(t *testing.T) {
	one := open(t)
	other := one.another()
	toConsent(one, shared, "camille")
	toConsent(other, shared, "camille")
	one.click("#refuse").expect("#refused")
	other.click("#accept").expect("#quotient")
}

// A double click presses the button twice before any answer came.
func TestADoubleClickGivesOneAgreement(t *testing.T) {
	c := own(t, country.Options{})
	b := open(t)
	toConsent(b, c, "camille")
	b.do(chromedp.DoubleClick(chromedp.CSS("#accept")))
	b.expect("#quotient")
	b.goTo(c.Accord + "/mes-accords").click("#submit")
	identify(b, "camille").expect("article")
	if n := eval[int](b, `document.querySelectorAll('article').length`); n != 1 {
		t.Errorf("%d agreements came of a double click", n)
	}
}

// Two POSTs of the same form at the same time get the same way back.
func TestADoubleSubmitGetsTheSameRedirectTwice(t *testing.T) {
	c := own(t, country.Options{})
	b := open(t)
	toConsent(b, c, "camille")
	form := eval[map[string]string](b, `Object.fromEntries(new FormData(document.querySelector('form[action^="/accord"]'),document.querySelector('#accept')))`)
	first, second := make(chan string, 1), make(chan string, 1)
	for _, answer := range []chan string{first, second} {
		go func() { answer <- b.post(c.Accord, "/accord", form) }()
	}
	one, other := <-first, <-second
	if one != other || !strings.Contains(one, "code=") {
		t.Errorf("two answers: %.60q and %.60q", one, other)
	}
	b.goTo(one).expect("#quotient")
	b.goTo(c.Accord + "/mes-accords").click("#submit")
	identify(b, "camille").expect("article")
	if n := eval[int](b, `document.querySelectorAll('article').length`); n != 1 {
		t.Errorf("%d agreements came of a double submit", n)
	}
}

// post sends a form with the tab's cookies and gives where it leads.
func (b *tab) post(site, path string, form map[string]string) string {
	v := url.Values{}
	for name, value := range form {
		v.Set(name, value)
	}
	req, err := http.NewRequest(http.MethodPost, site+path, strings.NewReader(v.Encode()))
	if err != nil {
		return err.Error()
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", site)
	cookies, err := chromedp.Call(b.ctx, network.GetCookies, network.GetCookiesParams{URLs: []string{site + path}})
	if err != nil {
		return err.Error()
	}
	for _, c := range cookies.Cookies {
		req.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	client := http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req.WithContext(context.Background()))
	if err != nil {
		return err.Error()
	}
	defer res.Body.Close()
	return res.Header.Get("Location")
}

// The values are gone once the citizen has answered, whatever the browser kept
// for its back button.
func TestTheBackButtonAfterDecidingShowsThatOneHasAnswered(t *testing.T) {
	for _, button := range []string{"#accept", "#refuse"} {
		t.Run(button[1:], func(t *testing.T) {
			b := open(t)
			toConsent(b, shared, "camille")
			const value = "742 €" // with its unit: an error's reference may hold the digits
			says := func() string { return strings.Join(strings.Fields(b.text("main")), " ") }
			if !strings.Contains(says(), value) {
				t.Fatalf("the value is not shown as %q before the decision", value)
			}
			b.click(button).expect("h1")
			b.back().error("A03")
			if strings.Contains(says(), value) {
				t.Error("the page still shows a value")
			}
		})
	}
}

// Somebody else at the screen does not see the values of the one before.
func TestTheBackButtonAfterNotMeShowsNoValue(t *testing.T) {
	b := open(t)
	toConsent(b, shared, "camille").click("#not-me").expect("form[action^='/connexion']")
	b.back()
	if strings.Contains(b.text("main"), "742 €") {
		t.Error("the page still shows a value")
	}
}

func TestTheBackButtonAfterLoggingOutShowsNoAgreement(t *testing.T) {
	b := open(t)
	toList(b, "camille").click("#submit").expect("h1")
	b.back()
	if b.has("article") {
		t.Error("the page still shows an agreement")
	}
}
