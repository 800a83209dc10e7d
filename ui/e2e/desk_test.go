package e2e

import (
	"encoding/json"
	"fmt"

	"github.com/chromedp/chromedp"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

// fill writes and chooses fields of the page's forms by their names.
func (b *tab) fill(fields map[string]string) *tab {
	b.t.Helper()
	all, err := json.Marshal(fields)
	if err != nil {
		b.t.Fatal(err)
	}
	b.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`Object.entries(%s).forEach(([n,v])=>document.getElementsByName(n).forEach(e=>{
if(e.type==='radio'||e.type==='checkbox')e.checked=e.value===v;else e.value=v}))`, all)))
	return b
}

// toDesk logs an agent in.
func toDesk(b *tab, agent string) *tab {
	b.t.Helper()
	return b.goTo(shared.Accord + "/guichet").click("#submit").click("#agent-" + agent).expect("form[action^='/guichet']")
}

func toDeskForm(b *tab) *tab {
	b.t.Helper()
	return toDesk(b, "ines").click("a[href^='/guichet/demande']").expect("#dossier")
}

// camilleAtDesk is what an agent copies from her identity card.
var camilleAtDesk = identityOf("camille")

func identityOf(persona string) map[string]string {
	for _, p := range country.Personas() {
		if i := p.Identity; p.ID == persona {
			return map[string]string{
				"nom": i.FamilyName, "prenoms": i.GivenName, "sexe": i.Gender, "pays": i.Birthcountry, "commune": i.Birthplace,
				"jour": i.Birthdate[8:], "mois": i.Birthdate[5:7], "annee": i.Birthdate[:4], "dossier": "2026-114",
			}
		}
	}
	return nil
}

// atDesk sends the agent's form, the agreement given one way.
func atDesk(b *tab, way string) *tab {
	b.t.Helper()
	return toDeskForm(b).fill(camilleAtDesk).fill(map[string]string{"accord": way}).click("#submit")
}

func toDeskProblems(b *tab) *tab {
	b.t.Helper()
	toDeskForm(b).fill(camilleAtDesk).fill(map[string]string{"accord": "signed_paper", "mois": "13"})
	return b.click("#submit").expect("#resume")
}

func toDeskResult(b *tab) *tab {
	b.t.Helper()
	return atDesk(b, "counter").expect("#print")
}

// toDeskWaiting shows the QR code; the page's own reload is stopped.
func toDeskWaiting(b *tab) *tab {
	b.t.Helper()
	atDesk(b, "own_phone").expect("img[src^='/guichet/code']")
	b.do(chromedp.Stop())
	return b
}

// toPhone opens what the QR code of an agent's page says; the agent sits at
// another browser.
func toPhone(b *tab) (agent *tab) {
	b.t.Helper()
	agent = atDesk(open(b.t), "own_phone").expect("img[src^='/guichet/code']")
	b.goTo(eval[string](agent, `[...document.querySelectorAll('code')].map(e=>e.textContent).find(s=>s.includes('/rendez-vous/'))`)).expect("#submit")
	return agent
}

func toPhoneConfirm(b *tab) (agent *tab) {
	b.t.Helper()
	agent = toPhone(b)
	b.click("#submit").expect("#jour")
	return agent
}

func toPhoneConsent(b *tab) (agent *tab) {
	b.t.Helper()
	agent = toPhoneConfirm(b)
	b.fill(bornOn("camille")).click("#accept").expect("form[action^='/accord']")
	return agent
}

func bornOn(persona string) map[string]string {
	i := identityOf(persona)
	return map[string]string{"jour": i["jour"], "mois": i["mois"], "annee": i["annee"]}
}

// deskStops are the pages of the desk and of the phone at the desk.
func deskStops() []stop {
	return []stop{
		{"desk, login", func(b *tab) { b.goTo(shared.Accord + "/guichet").expect("#submit") }},
		{"desk, home", func(b *tab) { toDesk(b, "ines") }},
		{"desk, home without approval", func(b *tab) { toDesk(b, "agathe").expect(".ac-alert") }},
		{"desk, form", func(b *tab) { toDeskForm(b) }},
		{"desk, form with problems", func(b *tab) { toDeskProblems(b) }},
		{"desk, waiting", func(b *tab) { toDeskWaiting(b) }},
		{"desk, result", func(b *tab) { toDeskResult(b) }},
		{"desk, printed receipt", func(b *tab) { toDeskResult(b).click("#print").expect("h1") }},
		{"desk, stop", func(b *tab) {
			toDesk(b, "agathe").goTo(shared.Accord + "/guichet/demande?h=" + country.CCAS).expect("h1")
		}},
		{"phone, invitation", func(b *tab) { toPhone(b) }},
		{"phone, confirm", func(b *tab) { toPhoneConfirm(b) }},
		{"phone, not confirmed", func(b *tab) {
			toPhoneConfirm(b)
			b.fill(map[string]string{"jour": "1", "mois": "1", "annee": "1950"}).click("#accept").expect("#resume")
		}},
		{"phone, consent", func(b *tab) { toPhoneConsent(b) }},
		{"phone, finished", func(b *tab) { toPhoneConsent(b); b.click("#accept").expect("#receipt") }},
		{"phone, refused", func(b *tab) { toPhoneConsent(b); b.click("#refuse").expect("h1") }},
		{"phone, receipt", func(b *tab) { toPhoneConsent(b); b.click("#accept").click("#receipt").expect("#jws") }},
	}
}

// deskAct records one act of the desk for a persona, without a browser.
func deskAct(b *tab, c *country.Country, persona string) {
	b.t.Helper()
	agent := headless.New()
	if _, err := c.Agent(agent, "paul"); err != nil {
		b.t.Fatal(err)
	}
	if p, err := c.AtDesk(agent, country.CCAS, persona, "counter", nil); err != nil || !p.Has("print") {
		b.t.Fatalf("at the desk: %v", err)
	}
}
