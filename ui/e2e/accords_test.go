package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"

	"accord/cmd/accord-demo/country"
)

// choiceStops are what a citizen does about an agreement that stands.
func choiceStops() []stop {
	return []stop{
		{"list, found", func(b *tab) { toFound(b, "etat=used&mots=valbrume").expect("article") }},
		{"list, nothing found", func(b *tab) { toFound(b, "au=2020-01-01").expect(".ac-alert") }},
		{"list, wrong day", func(b *tab) { toWrongDay(b) }},
		{"change", func(b *tab) { toChange(b) }},
		{"change, nothing unticked", func(b *tab) { toChange(b).click("#submit").expect("#resume") }},
		{"changed", func(b *tab) { toChanged(b) }},
		{"change, nothing left to choose", func(b *tab) { toChanged(b).click("a[href^='/mes-accords/g_']").click("#change").expect("#keep") }},
		{"receipt of a change", func(b *tab) { toChanged(b).click("#receipt").expect("#jws") }},
		{"receipt of a withdrawal", func(b *tab) {
			toDetail(b, "aminata").click("#withdraw").click("#submit").click("#receipt").expect("#jws")
		}},
		{"erasure, asked", func(b *tab) { toErasure(b) }},
		{"erasure, made", func(b *tab) { toErasure(b).click("#submit").expect("#reference") }},
		{"dispute", func(b *tab) { toDispute(b) }},
		{"dispute, without a reason", func(b *tab) { toDispute(b).click("#submit").expect("#resume") }},
		{"dispute, made", func(b *tab) {
			toDispute(b).fill(map[string]string{"raison": "not_me"}).click("#submit").expect("#reference")
		}},
	}
}

func toFound(b *tab, query string) *tab {
	b.t.Helper()
	agree(b, shared, "camille")
	return toList(b, "camille").goTo(shared.Accord + "/mes-accords?" + query).expect("#found")
}

func toWrongDay(b *tab) *tab {
	b.t.Helper()
	return toList(b, "simon").goTo(shared.Accord + "/mes-accords?du=2026-03-02&au=2026-03-01").expect("#resume")
}

// toChange stands on the choice of an agreement with one optional datum.
func toChange(b *tab) *tab {
	b.t.Helper()
	toConsent(b, shared, "camille")
	b.do(chromedp.Click(chromedp.CSS("input[name=item]")))
	b.click("#accept").expect("#price")
	grant := eval[string](b, `document.querySelector('#grant').textContent`)
	return toList(b, "camille").goTo(shared.Accord + "/mes-accords/" + grant).click("#change").expect("#choix")
}

func toChanged(b *tab) *tab {
	b.t.Helper()
	toChange(b).do(chromedp.Click(chromedp.CSS("input[name=item]")))
	return b.click("#submit").expect("#receipt")
}

func toErasure(b *tab) *tab {
	b.t.Helper()
	return toDetail(b, "camille").click("#erasure").expect("#f-message")
}

func toDispute(b *tab) *tab {
	b.t.Helper()
	return toDetail(b, "camille").click("li:last-child a[href*='/signaler']").expect("#f-raison")
}

// A printed receipt of any act fills two sheets at most.
func TestEveryReceiptPrintsOnTwoSheets(t *testing.T) {
	c := own(t, country.Options{})
	for name, reach := range map[string]func(*tab){
		"agreement": func(b *tab) { agree(b, c, "camille").click("#receipt").expect("#jws") },
		"refusal":   func(b *tab) { toRefusal(b) },
		"change":    func(b *tab) { toChanged(b).click("#receipt").expect("#jws") },
		"withdrawal": func(b *tab) {
			toDetail(b, "aminata").click("#withdraw").click("#submit").click("#receipt").expect("#jws")
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := open(t)
			reach(b)
			if n := sheets(b.pdf()); n < 1 || n > 2 {
				t.Errorf("%d sheets", n)
			}
		})
	}
}
