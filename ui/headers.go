package ui

import (
	"net/http"
	"strconv"
)

// A leaver is a page whose form's answer may redirect to another site.
// Browsers enforce form-action along the whole chain of redirects, so these
// pages cannot say 'self' only (broker/design/0000-overview.md §4).
type leaver interface{ leaves() }

// A refresher is a page that asks to be loaded again, by the Refresh header:
// a meta element would be an accessibility fault.
type refresher interface{ refresh() int }

// setHeaders sets what every page carries: nothing runs, nothing is cached,
// nothing frames it, no address leaks.
func (u *UI) setHeaders(h http.Header, p Page) {
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", u.policy(p))
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
