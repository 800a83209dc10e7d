package broker

import (
	"cmp"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

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
		failure.Stopped:           {"A07", http.StatusOK, slog.LevelDebug},
		failure.FranceConnectDown: {"A08", http.StatusServiceUnavailable, slog.LevelWarn},
		failure.SessionLost:       {"A09", http.StatusBadRequest, slog.LevelInfo},
		failure.LevelTooLow:       {"A10", http.StatusForbidden, slog.LevelInfo},
		failure.TimedOut:          {"A15", http.StatusUnauthorized, slog.LevelInfo},
		failure.CrossSite:         {"A16", http.StatusForbidden, slog.LevelWarn},
		failure.InvalidForm:       {"A17", http.StatusUnprocessableEntity, slog.LevelInfo},
		failure.TooYoung:          {"A18", http.StatusForbidden, slog.LevelInfo},
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
	page.Sent = b.sent(r, f.Kind)
	if f.Kind == failure.OverAsking || f.Kind == failure.Ours { // to be told to somebody
		page.Contact = b.config.Operator.DPO
	}
	b.countShed(f.Kind)
	b.config.Log.Log(r.Context(), o.level, "page failed", "kind", f.Kind, "path", b.routeOf(r), "reference", page.Reference, "cause", f.Cause)
	if o.status == http.StatusServiceUnavailable || o.status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", strconv.Itoa(b.retryAfter(f.At)))
	}
	b.ui.Render(w, r, o.status, page)
}

// retryAfter is in seconds; 5 when nothing better is known.
func (b *Broker) retryAfter(at time.Time) int {
	if at.IsZero() {
		return 5
	}
	return max(1, int(math.Ceil(at.Sub(b.config.Now()).Seconds())))
}

// sent is what an error page says of a delivery: what the log proves of the
// request the page belongs to, or, where it belongs to none that can be told,
// the code's own sentence. A page that does not exist concerns no request, and
// what was answered before stands as it was answered.
func (b *Broker) sent(r *http.Request, kind failure.Kind) ui.Sent {
	if b.journey == nil || kind == failure.NotFound || kind == failure.AlreadyAnswered {
		return ""
	}
	return b.journey.Sent(r)
}

func errorPage(o outcome, f *failure.Error) ui.ErrorPage {
	p := ui.ErrorPage{Code: o.page, Requester: f.Name, At: f.At}
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
		"unknown_request": failure.UnknownRequest,
		"unavailable":     failure.Busy,
	}
	f := failure.New(failure.BadRequest, e)
	if k, ok := kinds[e.Page]; ok {
		f.Kind = k
	}
	if e.Back != "" && e.Who != "" {
		f = f.WithBack(e.Back, e.Who)
	}
	return f
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
