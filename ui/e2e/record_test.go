package e2e

import (
	"strings"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A record is what a tab's browser reported: the requests of the page shown,
// and every complaint since the tab opened.
type record struct {
	mu       sync.Mutex
	requests []request
	said     []string
}

// A request of the page shown.
type request struct {
	id    network.RequestID
	url   string
	kind  network.ResourceType
	bytes int // headers and body as received
}

// see takes one event; a new document begins a new page.
func (r *record) see(event any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if e.Type == network.ResourceTypeDocument {
			r.requests = nil
		}
		r.requests = append(r.requests, request{id: e.RequestID, url: e.Request.URL, kind: e.Type})
	case *network.EventLoadingFinished:
		for n := range r.requests {
			if r.requests[n].id == e.RequestID {
				r.requests[n].bytes = int(e.EncodedDataLength)
			}
		}
	case *log.EventEntryAdded:
		if complaint(e.Entry) {
			r.said = append(r.said, e.Entry.Text)
		}
	case *runtime.EventConsoleAPICalled:
		r.said = append(r.said, "a script of the page wrote to the console")
	case *runtime.EventExceptionThrown:
		r.said = append(r.said, e.ExceptionDetails.Text)
	}
}

// complaint tells what a page is to blame for. A status above 399 is the
// browser's remark on an error page that is meant to be one.
func complaint(e *log.Entry) bool {
	return e.Source == log.EntrySourceSecurity || strings.Contains(e.Text, "Content Security Policy") ||
		(e.Source != log.EntrySourceNetwork && e.Level == log.EntryLevelError)
}

func (r *record) complaints() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.said
}

// forget begins anew.
func (r *record) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests, r.said = nil, nil
}

// page is the requests of the page shown.
func (r *record) page() []request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]request(nil), r.requests...)
}

// call sends one command of the browser's protocol.
func call[P, R any](b *tab, command cdp.Command[P, R], params P) R {
	b.t.Helper()
	answer, err := chromedp.Call(b.ctx, command, params)
	if err != nil {
		b.t.Fatalf("%s: %v", command.Method, err)
	}
	return answer
}
