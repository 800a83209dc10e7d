package ui

import (
	"encoding/json"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// grids is a page where grids answer: a band, a yes, and a value beside them.
func grids() Consent {
	c := consent()
	family := &c.Sources[0]
	family.Items[0].Value = json.RawMessage(`{"quotient_familial":{"fournisseur":"CNAF","valeur":954,"annee":2026,"mois":10}}`)
	family.Items[0].Answered = &Answered{Grid: "tarif-cantine", Choices: 5}
	family.Items[0].Answer = &Answer{"C", Text{FR: "3,20 € le repas", EN: "€3.20 a meal"}}
	family.Items[1].Answered = &Answered{Grid: "en-age", YesNo: true, Choices: 2}
	family.Items[1].Answer = &Answer{"oui", Text{FR: "un enfant de 3 à 11 ans", EN: "a child aged 3 to 11"}}
	return c
}

// unanswered is the same where no grid has an answer.
func unanswered() Consent {
	c := grids()
	c.Sources[0].Items[0].Answer, c.Sources[0].Items[1].Answer = nil, nil
	return c
}

func connexionOfGrids() Connexion {
	c := connexion()
	c.Groups[0].Data[0].Answered = &Answered{Grid: "tarif-cantine", Choices: 5}
	c.Groups[0].Data[1].Answered = &Answered{Grid: "en-age", YesNo: true, Choices: 2}
	c.Groups[1].Data[0].Answered = &Answered{Grid: "revenu-par-part", Choices: 3, Reads: []string{"dgfip_nbpart"}}
	return c
}

func receiptOfGrids() Receipt {
	r := receipt()
	r.Data[0].Answer = true
	return r
}

func said(t *testing.T, lang string, p Page) string {
	t.Helper()
	return words(parse(t, render(t, newUI(t, true), lang, p).Body.String()))
}

// Issue 5, item 11: the citizen sees both.
func TestTheCitizenSeesTheValueAndWhatAloneWillBeKnown(t *testing.T) {
	for lang, wanted := range map[string][]string{
		"fr": {"954 €", "Commune de Valbrume saura seulement : tranche C, 3,20 € le repas", "saura seulement : oui, un enfant de 3 à 11 ans", "Valeur non transmise."},
		"en": {"954", "Commune de Valbrume will learn only: band C, €3.20 a meal", "will learn only: yes, a child aged 3 to 11", "Value not sent."},
	} {
		page := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(said(t, lang, grids()))
		for _, want := range wanted {
			if !strings.Contains(page, want) {
				t.Errorf("%s: the page does not say %q:\n%s", lang, want, page)
			}
		}
		if plain := said(t, lang, consent()); strings.Contains(plain, "seulement :") || strings.Contains(plain, "learn only") {
			t.Errorf("%s: a page without a grid speaks of answers", lang)
		}
	}
	root := parse(t, render(t, newUI(t, true), "fr", grids()).Body.String())
	for _, l := range tags(root, "label") {
		if attr(l, "for") == "d-cnaf-enfants" && !strings.Contains(words(l), "oui, un enfant de 3 à 11 ans") {
			t.Errorf("the box does not say what it sends: %s", words(l))
		}
	}
}

func TestAnItemWithoutAnAnswerCannotBeAgreedTo(t *testing.T) {
	c := unanswered()
	root := parse(t, render(t, newUI(t, true), "fr", c).Body.String())
	if c.CanAccept() || byID(root, "accept") != nil || byID(root, "d-cnaf-enfants") != nil {
		t.Error("an item without an answer can be agreed to")
	}
	if page := words(root); strings.Count(page, "ne permet aucune réponse") != 2 || strings.Contains(page, "saura seulement") {
		t.Errorf("the page says %s", page)
	}
	c.Sources[0].Items = c.Sources[0].Items[1:]
	if !c.CanAccept() {
		t.Error("an optional item without an answer forbids the rest")
	}
	absent := unanswered()
	absent.Sources[0].Outcome, absent.Sources[0].Absence = NoFile, true
	if !absent.CanAccept() {
		t.Error("an absence, which is no value of a grid, can no longer be sent")
	}
}

func TestBeforeTheLoginThePageSaysThatOnlyTheAnswerWouldBeSent(t *testing.T) {
	page := said(t, "fr", connexionOfGrids())
	for _, want := range []string{"Seule votre tranche serait transmise (il y en a 5), jamais la valeur.", "Seul un oui ou un non serait transmis", "Nombre de parts"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q:\n%s", want, page)
		}
	}
}

func TestTheReceiptSaysThatAnAnswerWasAgreedToAndNotTheValue(t *testing.T) {
	root := parse(t, render(t, newUI(t, true), "fr", receiptOfGrids()).Body.String())
	rows := all(root, func(n *html.Node) bool { return n.Data == "tr" })
	if !strings.Contains(words(rows[1]), "seulement la réponse, pas la valeur") || strings.Contains(words(rows[2]), "seulement") {
		t.Errorf("the rows are %q, %q", words(rows[1]), words(rows[2]))
	}
}
