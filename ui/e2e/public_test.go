package e2e

import (
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/providers/faults"
)

// standingStops are the pages about the service itself.
func standingStops() []stop {
	open := func(path, selector string) func(*tab) {
		return func(b *tab) { b.goTo(shared.Accord + path).expect(selector) }
	}
	return []stop{
		{"figures by day", func(b *tab) { toDays(b) }},
		{"state", open("/etat", "table")},
		{"state, source down", func(b *tab) { toDown(b) }},
		{"developers", open("/developpeurs", "#t-personas")},
		{"addresses", open("/developpeurs/api", "h1")},
		{"addresses for agreement", open("/developpeurs/api/agreement", "#token")},
		{"addresses of what follows", open("/developpeurs/api/followup", "#queryGrant")},
		{"addresses of receipts", open("/developpeurs/api/receipts", "#receipt")},
		{"addresses of one resource", open("/developpeurs/api/dss-quotient_familial", "details")},
		{"addresses of the largest resource", open("/developpeurs/api/men-scolarites", "details")},
		{"errors", open("/developpeurs/erreurs", "table")},
		{"errors of OAuth", open("/developpeurs/erreurs/oauth", ".ac-data")},
		{"accessibility", open("/accessibilite", "h2")},
		{"personal data", open("/donnees-personnelles", "#t-cookies")},
		{"legal notice", open("/mentions-legales", "dl")},
		{"security", open("/securite", "h2")},
		{"site map", open("/plan-du-site", "h2")},
		{"display", open("/affichage", "#submit")},
		{"display, dark kept", func(b *tab) { toDisplay(b, "sombre") }},
		{"display, light kept", func(b *tab) { toDisplay(b, "clair") }},
	}
}

// toDisplay chooses a theme, which the page then has whatever the device
// prefers.
func toDisplay(b *tab, theme string) *tab {
	b.t.Helper()
	return b.goTo(shared.Accord + "/affichage").fill(map[string]string{"theme": theme}).click("#submit").expect("html[data-theme=" + theme + "]")
}

// toDays makes three days of figures, of which two may be told.
func toDays(b *tab) *tab {
	b.t.Helper()
	var ahead atomic.Int64
	c := own(b.t, country.Options{Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }})
	for _, papers := range []int{6, 3, 12} {
		ahead.Add(int64(24 * time.Hour))
		for range papers {
			deliver(b.t, c)
		}
	}
	ahead.Add(int64(48 * time.Hour))
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		if b.goTo(c.Accord + "/stats"); b.has("svg") {
			return b
		}
	}
	b.t.Fatalf("no chart on %s", b.where())
	return b
}

// deliver is one paper made needless, without a screen.
func deliver(t *testing.T, c *country.Country) {
	t.Helper()
	client, err := c.Client(country.Editor, "valbrume-cantine", "cnaf_quotient_familial")
	if err != nil {
		t.Fatal(err)
	}
	_, token, err := c.Token(client, "camille")
	if err != nil {
		t.Fatal(err)
	}
	if status, _, _, err := headless.Read(c.Accord+"/v3/dss/quotient_familial?recipient="+token.Recipient, token.Access); err != nil || status != 200 {
		t.Fatalf("reading: %d %v", status, err)
	}
}

// toDown comes to the state of a service whose family source is down.
func toDown(b *tab) *tab {
	b.t.Helper()
	c := own(b.t, country.Options{})
	c.CNAV.SetFault(faults.Down)
	for range 3 {
		toConsent(b, c, "camille").expect("#impossible")
	}
	time.Sleep(time.Second) // the state shows whole steps
	return b.goTo(c.Accord + "/etat").expect("table")
}

// TestTheStandingPagesToLookAt makes pictures of these pages alone, at 320 and
// 1280 pixels, light and dark, and of the chart in forced colours and print.
func TestTheStandingPagesToLookAt(t *testing.T) {
	dir := os.Getenv("ACCORD_STANDING_SCREENSHOTS")
	if dir == "" {
		t.Skip("ACCORD_STANDING_SCREENSHOTS names no folder")
	}
	for _, s := range append(standingStops(), publicStops()[0]) {
		t.Run(s.name, func(t *testing.T) {
			b := open(t)
			b.look("light", 320)
			s.reach(b)
			b.picture(dir, s.name+", 320 light")
			b.look("dark", 1280)
			b.picture(dir, s.name+", 1280 dark")
			call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "forced-colors", Value: "active"}}})
			b.picture(dir, s.name+", 1280 forced colours")
			call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
			b.picture(dir, s.name+", print")
		})
	}
}
