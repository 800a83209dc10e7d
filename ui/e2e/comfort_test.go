package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// comfortable are the pages looked at in uncommon ways: one of each kind.
func comfortable() []stop {
	return []stop{
		{"connexion", func(b *tab) { toConnexion(b, shared) }},
		{"consent", func(b *tab) { toConsent(b, shared, "camille") }},
		{"wrong data", toWrong},
		{"receipt", func(b *tab) { agree(b, shared, "camille").click("#receipt").expect("#jws") }},
		{"my agreements", func(b *tab) { agree(b, shared, "camille"); toList(b, "camille").expect("article") }},
		{"error", func(b *tab) { b.goTo(shared.Accord + "/connexion?i=AAAAAAAA").error("A09") }},
		{"inputs, wrong", func(b *tab) { toInputs(b).click("#accept").expect("#resume") }},
	}
}

// style lays one more stylesheet over the page, as a user's own would.
func (b *tab) style(css string) {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(s=>{const c=new CSSStyleSheet();c.replaceSync(s);document.adoptedStyleSheets=[c]})(%q)`, css)))
}

// clipped are the elements whose text does not fit into them.
func (b *tab) clipped() []string {
	b.t.Helper()
	return eval[[]string](b, `[...document.querySelectorAll('main *,header *,footer *')].filter(e=>{const c=getComputedStyle(e);
return e.innerText&&c.overflow!=='visible'&&(e.scrollHeight>e.clientHeight+1||e.scrollWidth>e.clientWidth+1)}).map(e=>e.tagName+' '+e.innerText.slice(0,40))`)
}

// WCAG 1.4.4, 1.4.10 and 1.4.12: text twice as large, a window of 320 px (400 %
// of 1280), widely spaced text.
func TestPagesOfEveryKindLoseNothingWhenTextGrowsOrSpreads(t *testing.T) {
	for _, s := range comfortable() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			b := open(t)
			s.reach(b)
			if b.has("details") {
				b.openDetails()
			}
			for _, width := range []int64{320, 1280} {
				b.look("light", width)
				for _, css := range []string{
					``,
					`html{font-size:200%}`,
					`*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}`,
				} {
					if b.style(css); width == 320 && css == `html{font-size:200%}` {
						continue // 800 %: no criterion asks for it
					}
					b.fits()
					if cut := b.clipped(); len(cut) > 0 {
						t.Errorf("%d px, %q: clipped: %v", width, css, cut)
					}
				}
			}
		})
	}
}

const seenScript = `(()=>{const out=[];for(const e of document.querySelectorAll('main button:not([hidden]),main .ac-btn,main input:not([type=hidden]),main select')){
e.focus();const c=getComputedStyle(e),o=parseFloat(c.outlineWidth);
if(c.outlineStyle==='none'||!(o>=1))out.push('no outline: '+e.id);
if(e.matches('button,.ac-btn')&&(c.borderTopStyle==='none'||c.borderTopColor===c.backgroundColor))out.push('no edge: '+e.id);
if(e.matches('button,.ac-btn')&&c.color===c.backgroundColor)out.push('no text: '+e.id)}return out})()`

// Who asks for few colours sees every button's edge and the focus; who asks
// for less motion gets none.
func TestForcedColoursKeepButtonsAndFocusAndReducedMotionStandsStill(t *testing.T) {
	for _, s := range comfortable() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			b := open(t)
			s.reach(b)
			call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
				{Name: "forced-colors", Value: "active"}, {Name: "prefers-reduced-motion", Value: "reduce"},
			}})
			if !eval[bool](b, `matchMedia('(forced-colors:active)').matches&&matchMedia('(prefers-reduced-motion:reduce)').matches`) {
				t.Fatal("control: the browser forces no colours")
			}
			b.openDetails() // what is folded takes no focus
			if wrong := eval[[]string](b, seenScript); len(wrong) > 0 {
				t.Errorf("with forced colours: %s", strings.Join(wrong, ", "))
			}
			if moving := eval[[]string](b, `[...document.querySelectorAll('*')].filter(e=>{const c=getComputedStyle(e);
return parseFloat(c.transitionDuration)>0||parseFloat(c.animationDuration)>0||c.scrollBehavior==='smooth'}).map(e=>e.tagName)`); len(moving) > 0 {
				t.Errorf("moves in spite of reduced motion: %v", moving)
			}
		})
	}
}
