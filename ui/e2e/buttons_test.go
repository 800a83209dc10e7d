package e2e

import (
	"fmt"
	"testing"
)

// A look is how a button is drawn.
type look struct {
	Width, Height                         float64
	Background, Colour, Size, Weight, Box string
	Tag, Decoration, Opacity              string
}

const lookScript = `(e=>{const r=e.getBoundingClientRect(),c=getComputedStyle(e);return{Width:r.width,Height:r.height,
Background:c.backgroundColor,Colour:c.color,Size:c.fontSize,Weight:c.fontWeight,Box:c.border+c.borderRadius+c.padding+c.boxShadow,
Tag:e.tagName,Decoration:c.textDecorationLine+c.textTransform,Opacity:c.opacity}})(document.querySelector(%q))`

func (b *tab) draws(selector string) look {
	b.t.Helper()
	return eval[look](b, fmt.Sprintf(lookScript, selector))
}

// Refusing is as easy as agreeing: the two buttons of every choice are drawn
// alike, and refusing comes first.
func TestTheTwoButtonsOfAChoiceAreEqual(t *testing.T) {
	for _, c := range []struct {
		name        string
		reach       func(*tab)
		first, last string
	}{
		{"connexion", func(b *tab) { toConnexion(b, shared) }, "#refuse", "#accept"},
		{"connexion, from a session", func(b *tab) { toIdentityOnly(toList(b, "simon"), shared).expect("#other") }, "#refuse", "#accept"},
		{"inputs", func(b *tab) { toInputs(b) }, "#refuse", "#accept"},
		{"child", func(b *tab) { toChild(b) }, "#refuse", "#accept"},
		{"phone, confirm", func(b *tab) { toPhoneConfirm(b) }, "#refuse", "#accept"},
		{"phone, consent", func(b *tab) { toPhoneConsent(b) }, "#refuse", "#accept"},
		{"consent, later access", func(b *tab) { toLater(b) }, "#refuse", "#accept"},
		{"consent", func(b *tab) { toConsent(b, shared, "camille") }, "#refuse", "#accept"},
		{"consent, source down", toImpossible, "#refuse", "#reload"},
		{"reload", toReload, "#refuse", "#accept"},
		{"change", func(b *tab) { toChange(b) }, "#keep", "#submit"},
		{"erasure", func(b *tab) { toErasure(b) }, "#keep", "#submit"},
		{"withdraw", func(b *tab) { toDetail(b, "camille").click("#withdraw") }, "#keep", "#submit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := open(t)
			c.reach(b)
			for _, scheme := range []string{"light", "dark"} {
				for _, width := range []int64{320, 360, 1280} {
					b.look(scheme, width)
					if one, other := b.draws(c.first), b.draws(c.last); one != other || one.Height < 44 {
						t.Errorf("%s, %d px:\n%+v\n%+v", scheme, width, one, other)
					}
				}
			}
			if !eval[bool](b, fmt.Sprintf(`!!(document.querySelector(%q).compareDocumentPosition(document.querySelector(%q))&4)`, c.first, c.last)) {
				t.Errorf("%s does not come first", c.first)
			}
		})
	}
}
