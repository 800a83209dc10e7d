package ui

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
)

// A leaver is a page whose form's answer may redirect to another site.
// Browsers enforce form-action along the whole chain of redirects, so these
// pages cannot say 'self' only (broker/design/0000-overview.md §4).
type leaver interface{ leaves() }

// A refresher is a page that asks to be loaded again, by the Refresh header:
// a meta element would be an accessibility fault.
type refresher interface{ refresh() int }

// A weighty page is sent compressed. It must hold no secret: a length that
// depends on one beside what a stranger may write tells it (BREACH).
type weighty interface{ weighs() }

// squeezed compresses a page for a browser that reads gzip.
func squeezed(w http.ResponseWriter, r *http.Request, body *bytes.Buffer) *bytes.Buffer {
	w.Header().Add("Vary", "Accept-Encoding")
	if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		return body
	}
	w.Header().Set("Content-Encoding", "gzip")
	small := new(bytes.Buffer)
	z := gzip.NewWriter(small)
	_, _ = z.Write(body.Bytes()) // into memory: cannot fail
	_ = z.Close()
	return small
}

// setHeaders sets what every page carries: nothing runs, nothing is cached,
// nothing frames it, no address leaks.
func (u *UI) setHeaders(h http.Header, p Page) {
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", u.policy(p))
	h.Set("X-Frame-Options", "DENY") // for what does not read frame-ancestors
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Cookie, Accept-Language")
	if r, ok := p.(refresher); ok && r.refresh() > 0 {
		h.Set("Refresh", strconv.Itoa(r.refresh()))
	}
}

func (u *UI) policy(p Page) string {
	const fixed = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
	_, leaves := p.(leaver)
	switch {
	case leaves && u.options.Loopback:
		return fixed + " https: http:"
	case leaves:
		return fixed + " https:"
	}
	return fixed
}
