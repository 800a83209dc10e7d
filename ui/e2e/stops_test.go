package e2e

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"accord/broker"
	"accord/cmd/accord-demo/country"
	"accord/oidc/franceconnect"
	"accord/providers/faults"
)

// A stop is one page a citizen can come to. The tests on every page go to each.
type stop struct {
	name  string
	reach func(*tab)
}

// stops are Accord's own pages.
func stops() []stop {
	return slices.Concat(publicStops(), standingStops(), verifyStops(), citizenStops(), deskStops(), pastStops(), choiceStops(), errorStops())
}

func publicStops() []stop {
	return []stop{
		{"landing", func(b *tab) { b.goTo(shared.Accord + "/") }},
		{"data", func(b *tab) { b.goTo(shared.Accord + "/donnees").expect("h1") }},
		{"data of one source", func(b *tab) {
			b.goTo(shared.Accord + "/donnees").click("a[href='/donnees/cnav']").expect("#cnaf_adresse")
		}},
		{"figures", func(b *tab) { b.goTo(shared.Accord + "/stats").expect("h1") }},
		{"approvals", func(b *tab) { b.goTo(shared.Accord + "/habilitations").expect("article") }},
		{"approval", func(b *tab) { b.goTo(shared.Accord + "/habilitations/valbrume-cantine").expect("#t-preuve") }},
		{"approval, answers", func(b *tab) { b.goTo(shared.Accord + "/habilitations/saint-aubin-cantine").expect("#t-preuve") }},
	}
}

// citizenStops are the way through a request.
func citizenStops() []stop {
	return []stop{
		{"connexion", func(b *tab) { toConnexion(b, shared) }},
		{"connexion, sensitive data", func(b *tab) { toSensitive(b) }},
		{"connexion, not ticked", func(b *tab) { toSensitive(b).click("#accept").expect("#resume") }},
		{"inputs", func(b *tab) { toInputs(b) }},
		{"inputs, wrong", func(b *tab) { toInputs(b).click("#accept").expect("#resume") }},
		{"child", func(b *tab) { toChild(b) }},
		{"child, none chosen", func(b *tab) { toChild(b).click("#accept").expect("#resume") }},
		{"waiting", func(b *tab) { toWaiting(b) }},
		{"consent", func(b *tab) { toConsent(b, shared, "camille") }},
		{"connexion, answers", func(b *tab) { b.goTo(shared.TownHallURL + "/saint-aubin/cantine").click("#ask").expect("#accept") }},
		{"connexion, identifier alone", func(b *tab) { toIdentityOnly(b, shared) }},
		{"connexion, identifier alone from a session", func(b *tab) { toIdentityOnly(toList(b, "simon"), shared).expect("#other") }},
		{"consent, answers", func(b *tab) { toBand(b, "camille") }},
		{"consent, later access", func(b *tab) { toLater(b) }},
		{"consent, several outcomes", func(b *tab) { toOutcomes(b) }},
		{"consent, tax data", func(b *tab) { toTaxConsent(b, "camille") }},
		{"consent, article 6-1-a", func(b *tab) { toMediaLibrary(b, "sabine") }},
		{"consent, no file", func(b *tab) { toConsent(b, shared, "yann") }},
		{"wrong data", toWrong},
		{"consent, source down", func(b *tab) { toImpossible(b) }},
		{"consent, Enter in a box", func(b *tab) { toReread(b) }},
		{"reload", func(b *tab) { toReload(b) }},
		{"receipt", func(b *tab) { agree(b, shared, "camille").click("#receipt").expect("#jws") }},
		{"receipt of answers", func(b *tab) { toBand(b, "nadia").click("#accept").click("#receipt").expect("#jws") }},
		{"receipt of an identifier", func(b *tab) { toIdentityReceipt(b) }},
		{"receipt of a refusal", func(b *tab) { toRefusal(b) }},
	}
}

// pastStops are « Mes accords ».
func pastStops() []stop {
	return []stop{
		{"sign in", func(b *tab) { b.goTo(shared.Accord + "/mes-accords").expect("#submit") }},
		{"list", func(b *tab) { agree(b, shared, "camille"); toList(b, "camille").expect("article") }},
		{"list of every kind", func(b *tab) { toPast(b) }},
		{"detail, recurring", func(b *tab) { toPastDetail(b, "1") }},
		{"detail, desk", func(b *tab) { toPastDetail(b, "2") }},
		{"detail, frozen", func(b *tab) { toPastDetail(b, "3") }},
		{"detail, fetched without the citizen", func(b *tab) { toFetched(b) }},
		{"detail, ended by a replaced token", func(b *tab) { toReplaced(b) }},
		{"empty list", func(b *tab) { toList(b, "simon").expect(".ac-alert") }},
		{"detail", func(b *tab) { toDetail(b, "camille") }},
		{"withdraw", func(b *tab) { toDetail(b, "aminata").click("#withdraw").expect("#keep") }},
		{"withdrawn", func(b *tab) { toDetail(b, "aminata").click("#withdraw").click("#submit").expect("#receipt") }},
		{"log out?", func(b *tab) { toList(b, "simon").goTo(shared.Accord + "/session/end").expect("#refuse") }},
		{"logged out", func(b *tab) { b.goTo(shared.Accord + "/deconnecte").expect("h1") }},
	}
}

func errorStops() []stop {
	return []stop{
		{"A02", func(b *tab) { b.goTo(shared.Accord + "/authorize?client_id=nobody").error("A02") }},
		{"A03", func(b *tab) { agree(b, shared, "camille").back().error("A03") }},
		{"A05", func(b *tab) { toAuthorize(b, "redirect_uri", "http://127.0.0.1:9/elsewhere").error("A05") }},
		{"A06", func(b *tab) { toAuthorize(b, "scope", "openid cnaf_quotient_familial cnaf_adresse").error("A06") }},
		{"A07", func(b *tab) {
			b.goTo(shared.Accord + "/mes-accords").click("#submit").click("#cancel").error("A07")
		}},
		{"A08", func(b *tab) { toFranceConnectDown(b) }},
		{"A09", func(b *tab) { b.goTo(shared.Accord + "/connexion?i=AAAAAAAA").error("A09") }},
		{"A15", func(b *tab) { b.goTo(shared.Accord + "/mes-accords/g_none").error("A15") }},
		{"A22", func(b *tab) { b.goTo(shared.Accord + "/nowhere").error("A22") }},
	}
}

// neighbours are the demonstration's other sites.
func neighbours() []stop {
	return []stop{
		{"town hall, communes", func(b *tab) { b.goTo(shared.TownHallURL + "/") }},
		{"town hall, form", func(b *tab) { b.goTo(shared.TownHallURL + "/valbrume/cantine") }},
		{"town hall, tariff", func(b *tab) { agree(b, shared, "camille") }},
		{"town hall, refused", func(b *tab) { toConnexion(b, shared); b.click("#refuse").expect("#refused") }},
		{"town hall, agent", func(b *tab) {
			agree(b, shared, "sabine").goTo(shared.TownHallURL + "/valbrume/agent").expect("[id^=verify-]")
		}},
		{"town hall, verdict", func(b *tab) {
			agree(b, shared, "sabine").goTo(shared.TownHallURL + "/valbrume/agent").click("[id^=verify-]").expect("h1")
		}},
		{"town hall, other path", func(b *tab) { b.goTo(shared.TownHallURL + "/valbrume/cantine/justificatif") }},
		{"town hall, lost", func(b *tab) { b.goTo(shared.TownHallURL + "/retour?state=x").expect("#lost") }},
		{"agency, form", func(b *tab) { b.goTo(shared.TownHallURL + "/region/demande").expect("#ask") }},
		{"agency, refused", func(b *tab) {
			b.goTo(shared.TownHallURL + "/ministere/demande").click("#ask").click("#refuse").expect("#refused")
		}},
		{"agency, decision", func(b *tab) { toDecision(b) }},
		{"agency, agent", func(b *tab) { toDecision(b).click("#agent").expect("[id^=verify-]") }},
		{"agency, verdict", func(b *tab) {
			toDecision(b).click("#agent").expect("[id^=verify-]").click("[id^=verify-]").expect("#said")
		}},
		{"simulator, agents", func(b *tab) { b.goTo(shared.Accord + "/guichet").click("#submit").expect("#agent-ines") }},
		{"simulator, personas", func(b *tab) { toConnexion(b, shared); b.click("#accept").expect("#cancel") }},
		{"simulator, information", func(b *tab) {
			toConnexion(b, shared)
			b.click("#accept").click("#persona-camille").expect("#continue")
		}},
	}
}

// toDecision is the commune's help for the new school year, its real way: a
// child chosen, a school typed, a benefit ticked.
func toDecision(b *tab) *tab {
	b.t.Helper()
	b.goTo(shared.TownHallURL + "/ccas/demande").click("#ask").fill(map[string]string{"item": "revenu_solidarite_active"}).click("#accept")
	b.fill(map[string]string{"code_etablissement": country.LeoSchool}).click("#accept")
	identify(b, "camille").fill(map[string]string{"enfant": "1"}).click("#accept")
	return b.expect("form[action^='/accord']").click("#accept").expect("#decision")
}

func (b *tab) error(code string) {
	b.t.Helper()
	b.expect("h1")
	wants(b.t, b.text("main"), code)
}

func toConnexion(b *tab, c *country.Country) *tab {
	b.t.Helper()
	return b.goTo(c.TownHallURL + "/valbrume/cantine").click("#ask").expect("form[action^='/connexion']")
}

// identify goes through the simulator as a persona.
func identify(b *tab, persona string) *tab {
	b.t.Helper()
	if !b.expect("[id=persona-" + persona + "]").has("#featured ~ * #persona-" + persona) {
		b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('#all').open=true`))
	}
	return b.click("#persona-" + persona).click("#continue")
}

func toConsent(b *tab, c *country.Country, persona string) *tab {
	b.t.Helper()
	toConnexion(b, c).click("#accept")
	return identify(b, persona).expect("form[action^='/accord']")
}

func agree(b *tab, c *country.Country, persona string) *tab {
	b.t.Helper()
	return toConsent(b, c, persona).click("#accept").expect("#price")
}

// toAuthorize sends a request with one parameter changed.
func toAuthorize(b *tab, name, value string) *tab {
	b.t.Helper()
	client, err := shared.Client(country.Editor, "valbrume-cantine", "cnaf_quotient_familial")
	if err != nil {
		b.t.Fatal(err)
	}
	return b.goTo(client.Begin().URL(url.Values{name: {value}}))
}

// asClient comes to the consent page of another service provider.
func asClient(b *tab, id, approval, persona string, scopes ...string) *tab {
	b.t.Helper()
	client, err := shared.Client(id, approval, scopes...)
	if err != nil {
		b.t.Fatal(err)
	}
	b.goTo(client.Begin().URL(nil)).click("#accept")
	return identify(b, persona).expect("form[action^='/accord']")
}

func toTaxConsent(b *tab, persona string) *tab {
	b.t.Helper()
	return asClient(b, country.Region, "hautes-brumes-transport", persona, "dgfip_rfr", "dgfip_nbpart", "dgfip_nbpac", "dgfip_annee_n_moins_1")
}

func toMediaLibrary(b *tab, persona string) *tab {
	b.t.Helper()
	var scopes []string
	for _, a := range shared.Approvals {
		if a.ID == "valbrume-mediatheque" {
			for _, d := range append(a.Data.Required, a.Data.Optional...) {
				scopes = append(scopes, d.ID)
			}
		}
	}
	return asClient(b, country.MediaLibrary, "valbrume-mediatheque", persona, scopes...)
}

// toWrong calls the values wrong.
func toWrong(b *tab) {
	b.t.Helper()
	toConsent(b, shared, "helene").click("#wrong").expect("#return")
}

func toReread(b *tab) {
	b.t.Helper()
	toConsent(b, shared, "camille")
	b.do(chromedp.Focus(chromedp.CSS("input[name=item]")))
	b.load(chromedp.KeyEvent(kb.Enter))
	b.expect("#resume")
}

// toRefusal opens the receipt of a refusal in sight of the values.
func toRefusal(b *tab) {
	b.t.Helper()
	toConsent(b, shared, "helene").click("#refuse").expect("#refused")
	toList(b, "helene").click("article h2 a").expect("#jws")
}

// toList logs in to « Mes accords ».
func toList(b *tab, persona string) *tab {
	b.t.Helper()
	b.goTo(shared.Accord + "/mes-accords").click("#submit")
	return identify(b, persona).expect("form[action^='/deconnexion']")
}

// toDetail opens the agreement just made, which need not be the newest: other
// tests may be the same persona at the same time.
func toDetail(b *tab, persona string) *tab {
	b.t.Helper()
	grant := eval[string](agree(b, shared, persona), `document.querySelector('#grant').textContent`)
	return toList(b, persona).goTo(shared.Accord + "/mes-accords/" + grant).expect("#withdraw")
}

// own starts a country for one test, whose sources or clock it changes.
func own(t *testing.T, o country.Options) *country.Country {
	t.Helper()
	c, err := country.Start(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// toWaiting stands on the page shown while a source is still asked; the page's
// own reload is stopped, so that it can be looked at.
func toWaiting(b *tab) {
	b.t.Helper()
	c := own(b.t, country.Options{})
	c.CNAV.Delay = 6 * time.Second // the page is held 3 s first
	c.CNAV.SetFault(faults.Slow)
	toConnexion(b, c).click("#accept")
	identify(b, "camille").expect("[role=status]")
	b.do(chromedp.Stop())
}

func toImpossible(b *tab) {
	b.t.Helper()
	c := own(b.t, country.Options{})
	c.CNAV.SetFault(faults.Down)
	toConsent(b, c, "camille").expect("#impossible")
}

// toReload lets the values grow old.
func toReload(b *tab) {
	b.t.Helper()
	var later atomic.Int64
	c := own(b.t, country.Options{Now: func() time.Time { return time.Now().Add(time.Duration(later.Load())) }})
	toConsent(b, c, "camille")
	b.do(chromedp.Click(chromedp.CSS("input[name=item]")))
	later.Store(int64(11 * time.Minute))
	b.click("#accept").expect("#accept[value=recharger]")
}

// toFranceConnectDown answers every request to FranceConnect by nothing.
func toFranceConnectDown(b *tab) {
	b.t.Helper()
	c := own(b.t, country.Options{Wrap: unreachable})
	toConnexion(b, c).click("#accept").error("A08")
}

// heading is what the page is about, for messages.
func heading(b *tab) string { return strings.TrimSpace(b.text("h1")) }

// unreachable points Accord to a FranceConnect that listens nowhere.
func unreachable(c *broker.Config) {
	rp, err := franceconnect.New(franceconnect.Config{
		Issuer: "http://127.0.0.1:9/api/v2", ClientID: "accord",
		ClientSecret: "nobody checks this one", RedirectURI: c.Issuer + "/callback",
		PostLogoutRedirectURI: c.Issuer + "/deconnecte", ACR: "eidas1", SigningAlg: "ES256",
	})
	if err != nil {
		panic(err) // constant input
	}
	c.FranceConnect = rp
}
