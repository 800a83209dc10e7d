package e2e

import (
	"strings"

	"github.com/chromedp/cdproto/network"
)

// Budgets of one page, nothing cached (broker/design/0000-overview.md §10).
const (
	mostRequests = 4
	mostBytes    = 20 << 10
)

// isLight holds the page to its budget and to its own host. The console is
// read when the tab closes: a breach of the policy fails there.
func (b *tab) isLight() {
	b.t.Helper()
	bytes, all := 0, b.seen.page()
	for _, r := range all {
		bytes += r.bytes
		if r.kind == network.ResourceTypeScript {
			b.t.Errorf("a script is loaded: %s", r.url)
		}
		if !strings.HasPrefix(r.url, "http://localhost:") {
			b.t.Errorf("the page loads from another host: %s", r.url)
		}
	}
	if len(all) < 2 || len(all) > mostRequests || bytes < 1000 || bytes > mostBytes {
		b.t.Errorf("%d requests, %d bytes; allowed are %d and %d: %+v", len(all), bytes, mostRequests, mostBytes, all)
	}
	if n := eval[int](b, `document.querySelectorAll('script,[onclick],[onload],[onsubmit],style,[style]').length`); n != 0 {
		b.t.Errorf("%d elements carry code or style of their own", n)
	}
}

// fits tells that nothing has to be scrolled sideways (WCAG 1.4.10) and that
// no text is cut off.
func (b *tab) fits() {
	b.t.Helper()
	if over := eval[[]string](b, `(()=>{const w=document.documentElement.clientWidth;
return [...document.querySelectorAll('body *')].filter(e=>{const r=e.getBoundingClientRect();return r.width>0&&r.left>-900&&(r.right>w+.5||r.left<-.5)})
.map(e=>e.tagName+'.'+e.className+' '+Math.round(e.getBoundingClientRect().right)+': '+(e.innerText||'').slice(0,40))})()`); len(over) > 0 {
		b.t.Errorf("wider than the window: %s", strings.Join(over, "\n\t"))
	}
	if w := eval[int](b, `document.scrollingElement.scrollWidth-document.documentElement.clientWidth`); w > 0 {
		b.t.Errorf("the page scrolls sideways by %d px", w)
	}
	if small := eval[[]string](b, `[...document.querySelectorAll('button,summary,input[type=checkbox],.ac-btn,nav a')].filter(e=>{
const r=e.getBoundingClientRect();return r.width>0&&(r.width<24||r.height<24)}).map(e=>e.tagName+' '+e.innerText)`); len(small) > 0 {
		b.t.Errorf("smaller than 24 px: %v", small)
	}
}
