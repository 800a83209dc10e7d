package e2e

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// A finding is one rule of axe-core a page breaks, or that axe could not judge.
type finding struct {
	ID, Impact, Help string
	Nodes            []string
}

func (f finding) String() string {
	return fmt.Sprintf("%s (%s): %s\n\t%s", f.ID, f.Impact, f.Help, strings.Join(f.Nodes, "\n\t"))
}

// What passes is counted only, not described: half of axe's time.
const axeRun = `axe.run(document,{runOnly:['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice'],resultTypes:['violations','incomplete']}).then(r=>{
const f=l=>l.map(v=>({ID:v.id,Impact:v.impact||'',Help:v.help,Nodes:v.nodes.map(n=>n.target.join(' ')+': '+(n.failureSummary||'').replace(/\s+/g,' '))}));
return{Violations:f(r.violations),Incomplete:f(r.incomplete),Passes:r.passes.length}})`

// axe runs every rule of WCAG 2.2 AA and the best practices over the page.
func (b *tab) axe() {
	b.t.Helper()
	if !eval[bool](b, `typeof axe==='object'`) {
		b.do(chromedp.Evaluate[chromedp.Void](axeSource(b.t)))
	}
	r := eval[struct {
		Violations, Incomplete []finding
		Passes                 int
	}](b, axeRun)
	for _, f := range append(r.Violations, r.Incomplete...) {
		b.t.Errorf("axe on %q: %s", heading(b), f)
	}
	if r.Passes < 10 {
		b.t.Errorf("axe passed only %d rules on %q: did it see the page?", r.Passes, heading(b))
	}
}

const axeFile = "node_modules/axe-core/axe.min.js"

func axeSource(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile(axeFile)
	need(t, err == nil, "no "+axeFile+": apt-get install npm, then npm ci --ignore-scripts in ui/e2e")
	return string(source)
}

// openDetails unfolds what a page keeps folded.
func (b *tab) openDetails() {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll('details').forEach(d=>d.open=true)`))
}

// A way of looking at a page.
type way struct {
	scheme string
	width  int64
}

var ways = []way{{"light", 320}, {"dark", 1280}}

// Every page is walked to once in each language, and looked at there as on a
// phone by day and on a desktop by night, folded and unfolded.
func TestEveryPageIsLightRunsNoScriptFitsAndSatisfiesAxe(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		for _, s := range stops() {
			t.Run(lang+"/"+s.name, func(t *testing.T) {
				t.Parallel()
				b := reuse(t)
				b.language(lang)
				b.look("light", 320)
				s.reach(b)
				b.isLight()
				b.isClear(b.fits)
			})
		}
	}
}

func TestAxeFindsNothingOnTheOtherSites(t *testing.T) {
	for _, s := range neighbours() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			b := reuse(t)
			s.reach(b)
			b.isClear(func() {})
		})
	}
}

// isClear runs axe and one more check over the page shown, in both ways.
func (b *tab) isClear(more func()) {
	b.t.Helper()
	for _, w := range ways {
		b.look(w.scheme, w.width)
		more()
		b.axe()
	}
	if b.has("details") {
		b.openDetails()
		b.look("light", 320)
		more()
		b.axe()
	}
}

// The page of the decision is looked at in every way it can be shown.
func TestAxeFindsNothingOnTheConsentPageHoweverItIsShown(t *testing.T) {
	axeSource(t)
	b := open(t)
	toConsent(b, shared, "camille")
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{320, 360, 1280} {
			b.look(scheme, width)
			b.axe()
		}
	}
	b.openDetails()
	b.axe()
}
