package e2e

import (
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// widths of the walks: a phone and a desktop.
var widths = []int64{360, 1280}

func eachWidth(t *testing.T, walk func(*testing.T, *tab)) {
	for _, w := range widths {
		t.Run(strconv.FormatInt(w, 10), func(t *testing.T) {
			b := open(t)
			b.look("light", w)
			walk(t, b)
		})
	}
}

func TestACitizenAgreesAndWithdrawsByKeyboardAlone(t *testing.T) {
	eachWidth(t, func(t *testing.T, b *tab) {
		toConsentByKeyboard(b, "camille")
		b.tabTo("input[value=cnaf_enfants]")
		b.do(chromedp.KeyEvent(" "))
		b.tabTo("#accept").enter().expect("#quotient")
		wants(t, b.text("#quotient"), "742 €")
		wants(t, b.text("#outcome"), "enfants")
		b.tabTo("#receipt").enter().expect("#jws")
		b.tabTo("footer a[href='/mes-accords']").enter().expect("#submit")
		b.tabTo("#submit").space().tabTo("#persona-camille").space().tabTo("#continue").enter()
		b.expect("article").tabTo("a[href^='/mes-accords/g_']").enter()
		wants(t, b.expect("#withdraw").text("main"), "CAF ou MSA : données trouvées")
		// two clicks: "Retirer", then the confirmation
		b.tabTo("#withdraw").enter().tabTo("#submit").space()
		b.expect("#receipt").tabTo("#receipt").enter().expect("#jws")
		wants(t, b.text("h1"), "retrait")
	})
}

func TestACitizenRefusesByKeyboardAlone(t *testing.T) {
	eachWidth(t, func(t *testing.T, b *tab) {
		b.goTo(shared.TownHallURL + "/valbrume/cantine").tabTo("#ask").enter()
		b.expect("form[action^='/connexion']").tabTo("#refuse").enter().expect("#refused")
		toConsentByKeyboard(b, "nadia")
		b.tabTo("#refuse").space().expect("#refused")
	})
}

// Enter in a box submits a form with its first button: it may neither accept
// nor refuse.
func TestEnterInAnOptionalBoxDecidesNothing(t *testing.T) {
	eachWidth(t, func(t *testing.T, b *tab) {
		toConsentByKeyboard(b, "sabine")
		b.tabTo("input[name=item]")
		b.do(chromedp.KeyEvent(" "))
		b.enter().expect("#resume").expect("#accept")
		if !eval[bool](b, `document.activeElement.id==='resume'`) {
			t.Error("the summary has not the focus")
		}
		if !eval[bool](b, `document.title.startsWith('Erreur')`) {
			t.Error("the title does not say that there is a mistake")
		}
		if !eval[bool](b, `document.querySelector('input[name=item]').checked`) {
			t.Error("the choice was lost")
		}
		b.tabTo("#accept").enter().expect("#quotient")
	})
}

func TestTheLandingPageLeadsToTheDemonstration(t *testing.T) {
	b := open(t).goTo(shared.Accord + "/")
	wants(t, b.text("#start"), "Logiciels du Préau")
	b.click("#start").expect("a[href='/valbrume/cantine']")
}

func TestTheSkipLinkLeadsToTheContent(t *testing.T) {
	b := open(t).goTo(shared.Accord + "/")
	b.tabTo(".ac-skip a")
	b.do(chromedp.KeyEvent(kb.Enter))
	if !eval[bool](b, `document.activeElement.id==='contenu'`) {
		t.Error("the content has not the focus")
	}
}

func toConsentByKeyboard(b *tab, persona string) {
	b.t.Helper()
	b.goTo(shared.TownHallURL + "/valbrume/cantine").tabTo("#ask").enter()
	b.expect("form[action^='/connexion']").tabTo("#accept").enter()
	b.tabTo("#persona-" + persona).space().tabTo("#continue").enter()
	b.expect("form[action^='/accord']")
}

func wants(t *testing.T, text, part string) {
	t.Helper()
	if !strings.Contains(strings.ReplaceAll(text, "\u00a0", " "), part) {
		t.Errorf("%.300q does not say %q", text, part)
	}
}
