package e2e

import (
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const stopScript = `(e=>e===document.body?'':e.closest('footer')?'footer':e.closest('header')||e.closest('.ac-skip')?'header':
e.id?'#'+e.id:e.tagName.toLowerCase()+(e.name?'='+e.name:''))(document.activeElement)`

// tabStops presses Tab through the page and tells where the keyboard stood,
// between header and footer.
func (b *tab) tabStops() []string {
	b.t.Helper()
	var all []string
	for range 60 {
		b.do(chromedp.KeyEvent(kb.Tab))
		switch s := eval[string](b, stopScript); s {
		case "footer":
			return all
		case "", "header":
		default:
			all = append(all, s)
		}
	}
	b.t.Fatalf("Tab never leaves the page: %v", all)
	return nil
}

// The keyboard goes through a page in the order one reads it: what is to be
// filled in, then refusing, then going on.
func TestTabGoesThroughThePagesInTheOrderOfReading(t *testing.T) {
	for _, p := range []struct {
		name  string
		reach func(*tab)
		want  []string
	}{
		{"connexion, sensitive data", func(b *tab) { toSensitive(b) }, []string{"summary", "#d-revenu-solidarite-active", "#refuse", "#accept"}},
		{"connexion", func(b *tab) { toConnexion(b, shared) }, []string{"summary", "#refuse", "#accept"}},
		{"consent", func(b *tab) { toConsent(b, shared, "camille") }, []string{"#not-me", "#d-cnaf-enfants", "#wrong", "summary", "a", "#refuse", "#accept", "#reload", "#extend"}},
		{"consent, Enter in a box", func(b *tab) {
			toReread(b)
			b.do(chromedp.Evaluate[chromedp.Void](`document.activeElement.blur()`))
		}, []string{"a", "#not-me", "#d-cnaf-enfants", "#wrong", "summary", "a", "#refuse", "#accept", "#reload", "#extend"}},
		{"wrong data", func(b *tab) { toWrong(b) }, []string{"a", "#return", "#receipt"}},
		{"error with a way back", func(b *tab) { agree(b, shared, "camille").back().error("A03") }, []string{"#return", "a"}},
		{"connexion, from a session", func(b *tab) { toIdentityOnly(toList(b, "simon"), shared) }, []string{"#refuse", "#accept", "#other"}},
		{"inputs", func(b *tab) { toInputs(b) }, []string{"#f-identifiant", "#f-code_etablissement", "#f-annee_scolaire", "#refuse", "#accept"}},
		{"child", func(b *tab) { toChild(b) }, []string{"#enfant-1", "#refuse", "#accept"}},
		{"consent, later access", func(b *tab) { toLater(b) }, []string{"#not-me", "#d-cnaf-enfants", "#wrong", "#d-suite", "summary", "a", "#refuse", "#accept", "#reload", "#extend"}},
		{"change", func(b *tab) { toChange(b) }, []string{"a", "#d-cnaf-enfants", "#keep", "#submit"}},
		{"dispute", func(b *tab) { toDispute(b) }, []string{"#f-raison", "#f-message", "#keep", "#submit"}},
		{"desk, form", func(b *tab) { toDeskForm(b) }, []string{
			"#nom", "#prenoms", "#sexe", "#pays", "#commune", "#jour", "#mois", "#annee", "#d-cnaf-enfants", "#a-signed_paper", "#papier", "#empreinte", "#dossier", "#submit", "a",
		}},
		{"phone, confirm", func(b *tab) { toPhoneConfirm(b) }, []string{"#jour", "#mois", "#annee", "#refuse", "#accept"}},
	} {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			b := open(t)
			p.reach(b)
			if got := b.tabStops(); !slices.Equal(got, p.want) {
				t.Errorf("Tab stops at\n\t%v, want\n\t%v", got, p.want)
			}
		})
	}
}
