package e2e

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"accord/cmd/accord-demo/country"
	"accord/providers/faults"
)

// helps holds a page to what a citizen needs of it: what happened, whether
// anything was sent, a code and a way on that is a link or a button.
func (b *tab) helps(code, sent string) {
	b.t.Helper()
	b.error(code)
	wants(b.t, b.text("main"), sent)
	wants(b.t, b.text("main"), "Que faire")
	if n := eval[int](b, `document.querySelectorAll('main a').length`); n == 0 {
		b.t.Error("no way on")
	}
}

// A browser that keeps no cookies cannot be known again: it is told why.
func TestABrowserWithoutCookiesIsToldWhy(t *testing.T) {
	b := open(t)
	toConnexion(b, shared)
	call(b, network.ClearBrowserCookies, cdp.Empty{})
	b.click("#accept").helps("A09", "Cette page n’a rien transmis")
	wants(t, b.text("main"), "Acceptez les cookies")
}

// later is a country whose clock the test moves on.
func movable(t *testing.T) (c *country.Country, pass func(time.Duration)) {
	t.Helper()
	ahead := new(atomic.Int64)
	c = own(t, country.Options{Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }})
	return c, func(d time.Duration) { ahead.Add(int64(d)) }
}

// A page left open too long says that its time is over, and that nothing was
// sent, which the log proves.
func TestAStalePageSaysThatItsTimeIsOver(t *testing.T) {
	c, pass := movable(t)
	b := open(t)
	toConsent(b, c, "camille")
	pass(21 * time.Minute)
	b.click("#accept").helps("A15", "Rien n’a été transmis")
}

// Who comes back to « Mes accords » after the session ended signs in again.
func TestAWebSessionThatIsOverAsksToSignInAgain(t *testing.T) {
	c, pass := movable(t)
	b := open(t)
	agree(b, c, "camille")
	b.goTo(c.Accord + "/mes-accords").click("#submit")
	identify(b, "camille").expect("article").click("article h2 a").expect("#withdraw")
	pass(31 * time.Minute)
	b.click("#withdraw").helps("A15", "Cette page n’a rien transmis")
	b.click("#restart").expect("#submit")
}

// A source slower than three seconds shows the waiting page, which goes on by
// itself; one slower than twelve is told as unavailable.
func TestASlowSourceMakesOneWaitThenIsToldAsUnavailable(t *testing.T) {
	c := own(t, country.Options{})
	c.CNAV.Delay = 14 * time.Second
	c.CNAV.SetFault(faults.Slow)
	b := open(t)
	toConnexion(b, c).click("#accept")
	begun := time.Now()
	identify(b, "camille").expect("[role=status]")
	wants(t, b.text("main"), "Rien n’est transmis")
	b.expect("#impossible")
	if waited := time.Since(begun); waited < 11*time.Second || waited > 19*time.Second {
		t.Errorf("told after %s", waited)
	}
	wants(t, b.text("main"), "ne répond pas pour le moment")
	wants(t, b.text("main"), "Rien n’a été transmis")
	if b.has("#accept") || !b.has("#refuse") || !b.has("#reload") || !b.has("#return") {
		t.Error("the ways on are not refuse, try again and go back")
	}
}

// necessary are the only cookies Accord sets: one an interaction, the web
// session, and the language once chosen.
func necessary(name string) bool {
	return strings.HasPrefix(name, "accord-i-") || name == "accord" || name == "lang"
}

// Over the whole way nothing is asked of another site than those the citizen
// went to, nothing is measured, and every cookie is necessary.
func TestTheWholeWayAsksNoThirdPartyAndSetsNecessaryCookiesOnly(t *testing.T) {
	b := open(t)
	var asked strings.Builder
	if err := chromedp.Listen(b.ctx, func(event any) {
		if e, ok := event.(*network.EventRequestWillBeSent); ok {
			asked.WriteString(e.Request.URL + " " + string(e.Type) + "\n")
		}
	}); err != nil {
		t.Fatal(err)
	}
	agree(b, shared, "camille").click("#receipt").expect("#jws")
	toDetail(b, "camille").click("#withdraw").click("#submit").expect("#receipt")
	b.goTo(shared.Accord + "/?lang=en").goTo(shared.Accord + "/donnees").goTo(shared.Accord + "/stats").goTo(shared.Accord + "/nowhere").expect("h1")
	ours := []string{shared.Accord + "/", shared.FranceConnectURL + "/", shared.TownHallURL + "/"}
	lines := strings.Split(strings.TrimSpace(asked.String()), "\n")
	for _, line := range lines {
		address, kind, _ := strings.Cut(line, " ")
		if !slices.ContainsFunc(ours, func(site string) bool { return strings.HasPrefix(address, site) }) {
			t.Errorf("asks %s", address)
		}
		if !slices.Contains([]string{"Document", "Stylesheet", "Image", "Other"}, kind) {
			t.Errorf("a %s: %s", kind, address)
		}
	}
	if len(lines) < 20 {
		t.Errorf("only %d requests seen", len(lines))
	}
	cookies := call(b, network.GetCookies, network.GetCookiesParams{URLs: []string{shared.Accord + "/"}}).Cookies
	for _, c := range cookies {
		if !necessary(c.Name) && !strings.HasPrefix(c.Name, "fc") {
			t.Errorf("cookie %s", c.Name)
		}
	}
	t.Logf("%d requests, %d cookies", len(lines), len(cookies))
}
