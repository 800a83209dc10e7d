package broker

import (
	"cmp"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"accord/broker/failure"
	"accord/oidc/issuer"
	"accord/ui"
)

// An outcome is how one kind of failure is told: to the citizen (page), to
// machines (status), to the log (level). The service provider is told one thing
// only: behind a page's way back stands temporarily_unavailable, whatever
// happened (promise 9).
type outcome struct {
	page   string // A01 to A22, key of the page's texts
	status int
	level  slog.Level
}

// outcomes is THE table: every kind a handler may return. /v3's own table is
// broker/resource/errors.go, in API Particulier's codes.
func outcomes() map[failure.Kind]outcome {
	return map[failure.Kind]outcome{
		failure.LinkExpired:       {"A01", http.StatusGone, slog.LevelInfo},
		failure.UnknownRequest:    {"A02", http.StatusNotFound, slog.LevelInfo},
		failure.AlreadyAnswered:   {"A03", http.StatusConflict, slog.LevelInfo},
		failure.Suspended:         {"A04", http.StatusForbidden, slog.LevelWarn},
		failure.RedirectURI:       {"A05", http.StatusBadRequest, slog.LevelWarn},
		failure.OverAsking:        {"A06", http.StatusForbidden, slog.LevelWarn},
		failure.FranceConnectDown: {"A08", http.StatusServiceUnavailable, slog.LevelWarn},
		failure.SessionLost:       {"A09", http.StatusBadRequest, slog.LevelInfo},
		failure.LevelTooLow:       {"A10", http.StatusForbidden, slog.LevelInfo},
		failure.TimedOut:          {"A15", http.StatusUnauthorized, slog.LevelInfo},
		failure.CrossSite:         {"A16", http.StatusForbidden, slog.LevelWarn},
		failure.InvalidForm:       {"A17", http.StatusUnprocessableEntity, slog.LevelInfo},
		failure.TooMany:           {"A19", http.StatusTooManyRequests, slog.LevelWarn},
		failure.Busy:              {"A20", http.StatusServiceUnavailable, slog.LevelError},
		failure.Ours:              {"A21", http.StatusInternalServerError, slog.LevelError},
		failure.NotFound:          {"A22", http.StatusNotFound, slog.LevelDebug},
		failure.BadRequest:        {"A02", http.StatusBadRequest, slog.LevelInfo},
		failure.FranceConnectSaid: {"A08", http.StatusBadGateway, slog.LevelWarn},
	}
}

// pageErrors is the table as developers read it: each page once for each of
// its statuses.
func pageErrors() []ui.PageError {
	var all []ui.PageError
	for _, o := range outcomes() {
		all = append(all, ui.PageError{Code: o.page, Status: o.status})
	}
	slices.SortFunc(all, func(a, b ui.PageError) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Status, b.Status))
	})
	return slices.Compact(all)
}

// page turns a handler that returns a failure into one gin can mount.
func (b *Broker) page(serve func(*gin.Context) error) gin.HandlerFunc {
	return func(c *gin.Context) {
		if err := serve(c); err != nil {
			b.answerError(c.Writer, c.Request, err)
		}
	}
}

// answerError writes the page of a failure and logs its cause, joined by a
// reference a citizen can tell: the one place where an error becomes an answer.
func (b *Broker) answerError(w http.ResponseWriter, r *http.Request, err error) {
	var f *failure.Error
	if !errors.As(err, &f) {
		f = failure.New(failure.Ours, err)
	}
	o, ok := outcomes()[f.Kind]
	if !ok {
		o = outcomes()[failure.Ours]
	}
	page := errorPage(o, f)
	page.Reference = referenceOf(r.Context())
	b.countShed(f.Kind)
	b.config.Log.Log(r.Context(), o.level, "page failed", "kind", f.Kind, "path", b.routeOf(r), "reference", page.Reference, "cause", f.Cause)
	if o.status == http.StatusServiceUnavailable || o.status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "5")
	}
	b.ui.Render(w, r, o.status, page)
}

func errorPage(o outcome, f *failure.Error) ui.ErrorPage {
	p := ui.ErrorPage{Code: o.page, Requester: f.Name}
	if f.Back != "" {
		p.Return = &ui.Link{Name: f.Name, URL: f.Back}
	}
	if f.Retry != "" {
		p.Restart = &ui.Link{URL: f.Retry}
	}
	return p
}

// issuerFailure is the local page of a protocol error that may not be sent to
// a redirect URI.
func issuerFailure(e *issuer.Error) *failure.Error {
	kinds := map[string]failure.Kind{
		"redirect_uri":    failure.RedirectURI,
		"request_expired": failure.LinkExpired,
		"over_asking":     failure.OverAsking,
		"unknown_client":  failure.BadRequest,
		"unavailable":     failure.Busy,
	}
	if k, ok := kinds[e.Page]; ok {
		return failure.New(k, e)
	}
	return failure.New(failure.BadRequest, e)
}

// routeOf names the route by the first segment of a mounted path: the rest of
// an address is a visitor's to write.
func (b *Broker) routeOf(r *http.Request) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if !b.segments[first] {
		return "(unknown)"
	}
	return "/" + first
}
