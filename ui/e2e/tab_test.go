package e2e

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// patience is the longest one step may take: the server holds a page 3 s, a
// source is given 12.
const patience = 20 * time.Second

// A tab is one page of one citizen's browser. Whatever its console complains
// of fails the test that opened it.
type tab struct {
	t    *testing.T
	ctx  context.Context
	seen *record
}

// open gives a browser without cookies, as wide as a desktop.
func open(t *testing.T) *tab {
	t.Helper()
	need(t, browser != nil, noBrowser)
	return newTab(t, browser, chromedp.WithNewBrowserContext())
}

// another opens a second tab beside b, with the same cookies.
func (b *tab) another() *tab { return newTab(b.t, b.ctx) }

func newTab(t *testing.T, parent context.Context, options ...chromedp.ContextOption) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(parent, options...)
	t.Cleanup(cancel)
	b := &tab{t, ctx, &record{}}
	b.begin()
	t.Cleanup(b.complain)
	return b
}

// begin makes the browser's target of a tab.
func (b *tab) begin() {
	b.t.Helper()
	if err := chromedp.Listen(b.ctx, b.seen.see); err != nil {
		b.t.Fatal(err)
	}
	// The first Do binds the tab's life to its context: no time limit there.
	if err := chromedp.Do(b.ctx); err != nil {
		b.t.Fatal(err)
	}
	call(b, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
	b.look("light", 1280)
}

func (b *tab) complain() {
	for _, complaint := range b.seen.complaints() {
		b.t.Errorf("the console says: %s", complaint)
	}
}

// look sets what the citizen's device prefers and its width in CSS pixels.
func (b *tab) look(scheme string, width int64) {
	b.t.Helper()
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
	b.do(chromedp.EmulateViewport(width, 800))
}

// language is what the browser asks for; "" is its own, French.
func (b *tab) language(lang string) {
	b.t.Helper()
	headers := network.Headers{}
	if lang != "" {
		headers["Accept-Language"] = lang
	}
	call(b, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: headers})
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("%v, on %s", err, b.where())
	}
}

// load does something that leads to another page, and waits for that.
func (b *tab) load(trigger chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.WaitEvent(page.LoadEventFired, nil, trigger)); err != nil {
		b.t.Fatalf("no page followed: %v, on %s", err, b.where())
	}
}

// back presses the browser's back button. The page before may come from the
// server or, without any load, from the browser's memory.
func (b *tab) back() *tab {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	history := call(b, page.GetNavigationHistory, cdp.Empty{})
	before := page.NavigateToHistoryEntryParams{EntryID: history.Entries[history.CurrentIndex-1].ID}
	_, err := chromedp.Run(ctx, chromedp.WaitEvent(page.FrameNavigated, nil, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, page.NavigateToHistoryEntry, before)
		return err
	})))
	if err != nil {
		b.t.Fatalf("going back: %v, on %s", err, b.where())
	}
	return b.expect("main")
}

func (b *tab) goTo(address string) *tab {
	b.t.Helper()
	b.do(chromedp.Navigate(address))
	return b
}

// click presses the first element a CSS selector finds, and follows it.
func (b *tab) click(selector string) *tab {
	b.t.Helper()
	b.expect(selector)
	b.load(chromedp.Click(chromedp.CSS(selector)))
	return b
}

// expect waits until the page holds an element, across reloads.
func (b *tab) expect(selector string) *tab {
	b.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if there, err := try[bool](b, fmt.Sprintf(`document.querySelector(%q)!==null`, selector)); err == nil && there {
			return b
		}
	}
	b.t.Fatalf("no %q on %s", selector, b.where())
	return b
}

func (b *tab) has(selector string) bool {
	b.t.Helper()
	return eval[bool](b, fmt.Sprintf(`document.querySelector(%q)!==null`, selector))
}

// text is what an element says, spaces joined.
func (b *tab) text(selector string) string {
	b.t.Helper()
	return eval[string](b, fmt.Sprintf(`document.querySelector(%q).innerText.replace(/\s+/g,' ')`, selector))
}

// where says where the tab stands, for a person who reads a failure.
func (b *tab) where() string {
	where, err := try[string](b, `location.pathname+': '+document.body.innerText.slice(0,300)`)
	return errors.Join(errors.New(where), err).Error()
}

func eval[T any](b *tab, script string) T {
	b.t.Helper()
	v, err := try[T](b, script)
	if err != nil {
		b.t.Fatalf("%v, on %s", err, b.where())
	}
	return v
}

func try[T any](b *tab, script string) (T, error) {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}
