package e2e

import "testing"

// A mistake is told at once: its summary has the focus, the title begins with
// it, and each of its links leads to the field it speaks of.
func TestTheSummaryOfEveryMistakeHasTheFocusAndLeadsToTheField(t *testing.T) {
	for _, p := range []stop{
		{"connexion, not ticked", func(b *tab) { toSensitive(b).click("#accept") }},
		{"inputs, wrong", func(b *tab) { toInputs(b).click("#accept") }},
		{"child, none chosen", func(b *tab) { toChild(b).click("#accept") }},
		{"list, wrong day", func(b *tab) { toWrongDay(b) }},
		{"change, nothing unticked", func(b *tab) { toChange(b).click("#submit") }},
		{"dispute, without a reason", func(b *tab) { toDispute(b).click("#submit") }},
		{"desk, form with problems", func(b *tab) { toDeskProblems(b) }},
		{"phone, not confirmed", func(b *tab) {
			toPhoneConfirm(b)
			b.fill(map[string]string{"jour": "1", "mois": "1", "annee": "1950"}).click("#accept")
		}},
	} {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			b := open(t)
			p.reach(b)
			b.expect("#resume")
			if !eval[bool](b, `document.activeElement.id==='resume'`) {
				t.Error("the summary has not the focus")
			}
			if !eval[bool](b, `document.title.startsWith('Erreur')`) {
				t.Error("the title does not say that there is a mistake")
			}
			if lost := eval[[]string](b, `[...document.querySelectorAll('#resume a')].map(a=>a.getAttribute('href')).filter(h=>!document.querySelector(h))`); len(lost) > 0 {
				t.Errorf("links that lead nowhere: %v", lost)
			}
			if n := eval[int](b, `document.querySelectorAll('#resume a').length`); n == 0 {
				t.Error("no link to a field")
			}
		})
	}
}
