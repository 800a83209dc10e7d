package ui

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"
)

// consents are the examples of the consent page.
func consents() map[string]Consent {
	found := map[string]Consent{}
	for _, e := range examples() {
		if c, ok := e.page.(Consent); ok {
			found[e.name] = c
		}
	}
	return found
}

func everyConsent(t *testing.T, check func(t *testing.T, lang string, c Consent, root *html.Node)) {
	u := newUI(t, true)
	for name, c := range consents() {
		for _, lang := range languages() {
			t.Run(name+"/"+lang, func(t *testing.T) {
				check(t, lang, c, parse(t, render(t, u, lang, c).Body.String()))
			})
		}
	}
}

func TestConsentShowsAllSixteenElements(t *testing.T) {
	everyConsent(t, func(t *testing.T, _ string, _ Consent, root *html.Node) {
		for n := 1; n <= 16; n++ {
			found := all(root, func(e *html.Node) bool { return attr(e, "data-el") == fmt.Sprint(n) })
			if len(found) == 0 || words(found[0]) == "" {
				t.Errorf("element %d is missing or empty", n)
			}
		}
	})
}

func TestRequiredDataHaveNoBoxAndNothingIsTicked(t *testing.T) {
	everyConsent(t, func(t *testing.T, _ string, c Consent, root *html.Node) {
		boxes := map[string]bool{}
		for _, box := range all(root, func(n *html.Node) bool { return attr(n, "type") == "checkbox" }) {
			boxes[attr(box, "value")] = true
			if has(box, "checked") {
				t.Errorf("box %q is ticked", attr(box, "id"))
			}
		}
		for _, s := range c.Sources {
			for _, i := range s.Items {
				if want := !i.Required && s.sendsItem(i); boxes[i.Datum] != want {
					t.Errorf("%s: box %v, want %v", i.Datum, boxes[i.Datum], want)
				}
			}
		}
	})
}

func TestTheValueOfAnOptionalDatumIsInItsLabel(t *testing.T) {
	root := parse(t, render(t, newUI(t, true), "fr", consent()).Body.String())
	for _, l := range tags(root, "label") {
		if attr(l, "for") == "d-dgfip-rfr" {
			if got := words(l); got != "Revenu fiscal de référence (revenus 2025) : 24 500 €" {
				t.Errorf("label %q", got)
			}
			return
		}
	}
	t.Error("no label for the reference income")
}

func TestEnterInABoxRecordsNothing(t *testing.T) {
	everyConsent(t, func(t *testing.T, _ string, _ Consent, root *html.Node) {
		first := tags(root, "button")[0]
		if attr(first, "value") != ChoiceReread || !has(first, "hidden") || has(first, "disabled") {
			t.Errorf("the form's first submit button is %v", first.Attr)
		}
	})
}

func TestAMissingRequiredDatumTakesTheAcceptButtonAway(t *testing.T) {
	everyConsent(t, func(t *testing.T, _ string, c Consent, root *html.Node) {
		if accept := byID(root, "accept") != nil; accept != c.CanAccept() {
			t.Errorf("accept button %v, CanAccept %v", accept, c.CanAccept())
		}
		if why := byID(root, "impossible") != nil; why == c.CanAccept() {
			t.Errorf("explanation %v, CanAccept %v", why, c.CanAccept())
		}
		if byID(root, "refuse") == nil {
			t.Error("no refuse button")
		}
	})
	if outcome(Unavailable, false).CanAccept() || !outcome(NoFile, true).CanAccept() {
		t.Error("an unavailable required datum can be accepted, or an absence cannot")
	}
	optional := outcome(Unavailable, false)
	optional.Sources[0].Items = optional.Sources[0].Items[1:]
	if !optional.CanAccept() {
		t.Error("an unavailable optional datum forbids accepting the rest")
	}
}

func TestOutcomesAreDistinctForTheCitizenAndOnlyAbsenceIsSendable(t *testing.T) {
	u := newUI(t, true)
	for _, lang := range languages() {
		seen := map[string]Outcome{}
		for _, o := range []Outcome{Unknown, Ambiguous, NoFile, Unavailable, Refused} {
			line := u.speech[lang].text("outcome." + string(o) + ".what")
			if first, twice := seen[line]; twice {
				t.Errorf("%s: %s and %s have the same words", lang, first, o)
			}
			seen[line] = o
			page := render(t, u, lang, outcome(o, false)).Body.String()
			if standsIn(page, "872") {
				t.Errorf("%s: a value is shown under %s", lang, o)
			}
			if absence := u.speech[lang].text("consent.absence"); strings.Contains(page, absence) {
				t.Errorf("%s: %s is offered as an absence to send", lang, o)
			}
		}
		absent := render(t, u, lang, outcome(NoFile, true)).Body.String()
		if !strings.Contains(absent, html.EscapeString(u.speech[lang].text("consent.absence"))) && !strings.Contains(absent, u.speech[lang].text("consent.absence")) {
			t.Errorf("%s: an absence is not said to be sendable", lang)
		}
	}
}

func TestTheTwoBasesHaveDifferentWords(t *testing.T) {
	u := newUI(t, true)
	task := words(parse(t, render(t, u, "fr", consent()).Body.String()))
	free := words(parse(t, render(t, u, "fr", consentGDPR()).Body.String()))
	if lower := strings.ToLower(task); strings.Contains(lower, "consentement") || !strings.Contains(lower, "vous opposer") || !strings.Contains(lower, "votre accord") {
		t.Error("a public task speaks of consentement, or lacks accord or opposition")
	}
	if lower := strings.ToLower(free); strings.Contains(lower, "opposer") || strings.Contains(lower, "mission d’intérêt public") || !strings.Contains(lower, "retirer votre consentement") {
		t.Error("a consent speaks of opposition or public task, or lacks withdrawal")
	}
	for _, lang := range languages() {
		for key, text := range u.speech[lang].texts {
			if lower := strings.ToLower(text); strings.Contains(lower, "consentement rgpd") || strings.Contains(lower, "gdpr consent") {
				t.Errorf("%s %s: %q", lang, key, text)
			}
		}
	}
}

func TestAtMost120WordsOfRunningTextStandAboveTheButtons(t *testing.T) {
	wordPattern := regexp.MustCompile(`[\pL\pN][^\s]*`) // no-break spaces part a colon from its word: it is no word
	everyConsent(t, func(t *testing.T, _ string, _ Consent, root *html.Node) {
		count := 0
		for n := range tags(root, "main")[0].Descendants() {
			if n.Type == html.ElementNode && attr(n, "class") == "ac-deux" {
				break
			}
			if n.Type == html.TextNode && running(n) {
				count += len(wordPattern.FindAllString(n.Data, -1))
			}
		}
		if count == 0 || count > 120 {
			t.Errorf("%d words of running text above the buttons", count)
		}
	})
}

// running tells whether text stands in a paragraph that is neither closed away
// in details nor a line about one source.
func running(n *html.Node) bool {
	paragraph := false
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == "details" || p.Data == "ul" || p.Data == "dl" {
			return false
		}
		paragraph = paragraph || p.Data == "p"
	}
	return paragraph
}

func TestScreenModelHoldsNoValueNoNameAndNoToken(t *testing.T) {
	c := consent()
	other := consent()
	other.Person = Person{Name: "Ilan Quéméner", Birthdate: "1991-11-30", Gender: "male"}
	other.Sources[0].Items[0].Value = json.RawMessage(`{"quotient_familial":{"valeur":431}}`)
	other.Sources[0].Operator, other.Sources[0].Outcome, other.Sources[0].Absence = "MSA", NoFile, true
	other.Sources[1].Items[0].Value, other.Sources[1].Items[0].Period = nil, "2024"
	other.Sources[1].Items[0].Chosen, other.Again = true, true
	other.Form, other.Reference, other.NotMe = Form{Action: "/z", CSRF: "other", Interaction: "other"}, "other", "/other"
	other.ValuesUntil, other.SessionUntil, other.Extend = at(9, 0), at(9, 10), ""
	other.Requester.Return = "https://elsewhere.example/"
	for n, page := range []*Consent{&c, &other} {
		answer := []Answer{{"C", Text{FR: "3,20 € le repas"}}, {"A", Text{FR: "1,00 € le repas"}}}[n]
		page.Sources[0].Items[0].Tariffs = []Tariff{{Grid: "tarif", Answer: &answer}}
		page.Sources[1].Items[1].Answered, page.Sources[1].Items[1].Answer = &Answered{Grid: "tarif", Choices: 3}, &answer
	}
	other.Sources[0].Items[1].Answered, c.Sources[0].Items[1].Answered = &Answered{Grid: "en-age", YesNo: true, Choices: 2}, &Answered{Grid: "en-age", YesNo: true, Choices: 2}
	c.Sources[0].Items[1].Answer = &Answer{"oui", Text{FR: "un enfant de cet âge"}}
	if a, b := string(c.ScreenModel()), string(other.ScreenModel()); a != b {
		t.Errorf("what only this citizen sees changes the model:\n%s\n%s", a, b)
	}
	for _, secret := range []string{"872", "24500", "Solène", "1984", "csrf-token-1", "q7Zk2PfA", "019ab9c1"} {
		if standsIn(string(c.ScreenModel()), secret) {
			t.Errorf("the model holds %q", secret)
		}
	}
}

// standsIn looks for a word of its own: digests and the names of files hold
// three digits by chance.
func standsIn(text, word string) bool {
	return regexp.MustCompile(`(^|[^\pL\pN])` + regexp.QuoteMeta(word) + `($|[^\pL\pN])`).MatchString(text)
}

func TestScreenModelChangesWithWhatWasAsked(t *testing.T) {
	same := string(consent().ScreenModel())
	changes := map[string]func(*Consent){
		"purpose":   func(c *Consent) { c.Purpose.FR = "calculer autre chose" },
		"basis":     func(c *Consent) { c.Basis = ConsentGDPR },
		"requester": func(c *Consent) { c.Requester.SIRET = "99900020100015" },
		"language":  func(c *Consent) { c.Lang = "en" },
		"required":  func(c *Consent) { c.Sources[0].Items[0].Required = false },
		"datum":     func(c *Consent) { c.Sources[1].Items = c.Sources[1].Items[:1] },
		"why":       func(c *Consent) { c.Sources[0].Items[0].Why = Text{FR: "autre"} },
		"retention": func(c *Consent) { c.Retention = "P2Y" },
		"refusal":   func(c *Consent) { c.Consequence = Text{} },
		"later":     func(c *Consent) { c.Later = &Later{Until: at(1, 0)} },
		"table":     func(c *Consent) { c.Sources[0].Items[0].Tariffs = []Tariff{{Grid: "tarif"}} },
	}
	for name, change := range changes {
		c := consent()
		change(&c)
		if string(c.ScreenModel()) == same {
			t.Errorf("another %s gives the same model", name)
		}
	}
}

func TestScreenModelChangesWithALabelOrATemplate(t *testing.T) {
	read := func(name string) []byte {
		if b, err := localeFiles.ReadFile(name); err == nil {
			return b
		}
		b, _ := templateFiles.ReadFile(name)
		return b
	}
	files := func(name, from, to string) fstest.MapFS {
		fs := fstest.MapFS{}
		for _, n := range []string{"locales/fr.yaml", "templates/layout.html", "templates/parts.html", "templates/consent.html"} {
			content := read(n)
			if n == name {
				content = []byte(strings.Replace(string(content), from, to, 1))
			}
			fs[n] = &fstest.MapFile{Data: content}
		}
		return fs
	}
	same := string(consent().ScreenModel())
	if got := files("", "", ""); string(consent().screenModel(digestWords(got, got, "fr"))) != same {
		t.Fatal("the same files give another model")
	}
	label := files("locales/fr.yaml", "Quotient familial", "Quotient du foyer")
	if string(consent().screenModel(digestWords(label, label, "fr"))) == same {
		t.Error("a changed label gives the same model")
	}
	layout := files("templates/consent.html", `id="refuse"`, `id="non"`)
	if string(consent().screenModel(digestWords(layout, layout, "fr"))) == same {
		t.Error("a changed template gives the same model")
	}
}
