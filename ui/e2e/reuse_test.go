package e2e

import (
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// used are the tabs of tests that are over: opening a window costs the browser
// as much as a page and axe on it.
var used = make(chan *tab, 8)

// reuse gives a tab as open does, one used before if there is any. It serves
// tests that look at a page and change nothing of the browser but its cookies,
// look and language.
func reuse(t *testing.T) *tab {
	t.Helper()
	need(t, browser != nil, noBrowser)
	var b *tab
	select {
	case b = <-used:
		b.t = t
		b.look("light", 1280)
	default:
		ctx, _ := chromedp.NewContext(browser, chromedp.WithNewBrowserContext()) // ends with the browser
		b = &tab{t, ctx, &record{}}
		b.begin()
	}
	t.Cleanup(func() {
		b.complain()
		if !t.Failed() { // what went wrong may go on
			b.forget()
			used <- b
		}
	})
	return b
}

// forget leaves a tab as a citizen's who comes for the first time.
func (b *tab) forget() {
	b.language("")
	b.do(chromedp.Navigate("about:blank"))
	call(b, network.ClearBrowserCookies, cdp.Empty{})
	b.seen.forget()
}
