package e2e

import (
	"slices"
	"testing"
)

const (
	screen      = 740 // CSS pixels, as high as phone is wide
	mostScreens = 3
)

// On a phone, who asks, why and the first value stand on the first screen, and
// three screens hold the whole page.
func TestThePhoneShowsWhoWhyAndTheFirstValueAtOnceAndThePageIsThreeScreens(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		t.Run(lang, func(t *testing.T) {
			b := open(t)
			b.language(lang)
			b.phone()
			toConsent(b, shared, "camille")
			for name, selector := range map[string]string{"requester": "[data-el='1']", "purpose": "[data-el='5']", "person": "[data-el='2']", "first value": "[data-el='7'] .ac-val"} {
				if at := eval[float64](b, `document.querySelector("`+selector+`").getBoundingClientRect().bottom`); at > screen {
					t.Errorf("the %s ends at %.0f px, below the first screen of %d", name, at, screen)
				}
			}
			if high := eval[int](b, `document.documentElement.scrollHeight`); high > mostScreens*screen {
				t.Errorf("the page is %d px high, more than %d screens of %d", high, mostScreens, screen)
			}
		})
	}
}

// What the page says in plain sight answers the five questions, each in its
// own place.
func TestThePageAnswersWhoWhyWhatHowLongAndHowToStop(t *testing.T) {
	b := open(t)
	b.phone()
	toConsent(b, shared, "camille")
	for _, q := range []struct{ question, place, answer string }{
		{"who", "[data-el='1']", "Commune de Valbrume"},
		{"why", "[data-el='5']", "cantine"},
		{"what", "[data-el='7']", "742 €"},
		{"what it leads to", "[data-el='7']", "2,60 € le repas"},
		{"how long", "[data-el='10'] + dd", "Une seule consultation, aujourd’hui"},
		{"how to stop", "[data-el='14']", "Comment arrêter"},
		{"what refusing changes", "[data-el='12']", "7,20 €"},
	} {
		b.expect(q.place)
		wants(t, b.text(q.place), q.answer)
		if !eval[bool](b, `document.querySelector("`+q.place+`").checkVisibility()`) {
			t.Errorf("%s is not to be seen", q.question)
		}
	}
}

// Calling the data wrong is a refusal to everybody but the citizen, who is told
// where to have them corrected. It never stands between the two buttons.
func TestCallingTheDataWrongEndsInARefusalAndTellsWhoCorrects(t *testing.T) {
	b := open(t)
	toConsent(b, shared, "helene")
	order := eval[[]string](b, `[...document.querySelectorAll('form[action^="/accord"] button:not([hidden])')].map(e=>e.id)`)
	if !slices.Equal(order, []string{"wrong", "refuse", "accept", "reload"}) {
		t.Errorf("the buttons are %v", order)
	}
	b.click("#wrong").expect("#return")
	wants(t, b.text("main"), "Rien n’a été transmis")
	wants(t, b.text("main"), "cnaf.example")
	b.click("#return").expect("#refused")
	b.back().expect("#return")
	b.back().error("A03")
	toList(b, "helene").click("article h2 a").expect("#jws")
	wants(t, b.text("main"), "refusé")
}
