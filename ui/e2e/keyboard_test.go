package e2e

import (
	"fmt"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A focus is where the keyboard stands.
type focus struct {
	Hit     bool   // it is the element looked for
	Name    string // for a person
	Outline bool   // a focus outline is drawn
	Whole   bool   // inside the window, under nothing
}

const focusScript = `(s=>{const e=document.activeElement,r=e.getBoundingClientRect(),c=getComputedStyle(e);
const x=r.left+Math.min(r.width,innerWidth)/2,y=r.top+Math.min(r.height,innerHeight)/2,o=document.elementFromPoint(x,y);
return{Hit:e.matches(s),Name:e.tagName+'#'+e.id+' '+(e.innerText||e.name||'').slice(0,40),
Outline:c.outlineStyle!=='none'&&parseFloat(c.outlineWidth)>0,
Whole:r.width>0&&r.top>=-1&&r.bottom<=innerHeight+1&&r.left>=-1&&r.right<=innerWidth+1&&o!==null&&(e.contains(o)||o.contains(e))}})(%q)`

// tabTo presses Tab until the element a selector finds has the focus; on the
// way every stop must be seen (WCAG 2.4.7, 2.4.11).
func (b *tab) tabTo(selector string) *tab {
	b.t.Helper()
	for range 80 {
		b.do(chromedp.KeyEvent(kb.Tab))
		f := eval[focus](b, fmt.Sprintf(focusScript, selector))
		if !f.Hit && f.Name[:4] == "BODY" {
			continue
		}
		if !f.Outline || !f.Whole {
			b.t.Errorf("focus not to be seen (%+v) on %s", f, b.where())
		}
		if f.Hit {
			return b
		}
	}
	b.t.Fatalf("Tab never reaches %q on %s", selector, b.where())
	return b
}

// enter follows what has the focus.
func (b *tab) enter() *tab {
	b.t.Helper()
	b.load(chromedp.KeyEvent(kb.Enter))
	return b
}

// space presses the button that has the focus.
func (b *tab) space() *tab {
	b.t.Helper()
	b.load(chromedp.KeyEvent(" "))
	return b
}
