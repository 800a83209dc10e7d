package journey

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"accord/broker/clocks"
	"accord/broker/failure"
	"accord/broker/visitors"
	"accord/consent"
	"accord/oidc/issuer"
	"accord/ui"
)

// Begin starts the interaction of a reviewed authorization request: its
// cookie, its sealed record, and the way to /connexion (issuer.Hooks).
func (j *Journey) Begin(w http.ResponseWriter, r *http.Request, client *issuer.Client, req *issuer.AuthorizationRequest) error {
	cr, err := j.request(client, req)
	if err != nil {
		return failure.New(failure.OverAsking, err)
	}
	in := &interaction{
		For: forRequest, Request: *req, Approval: cr.Approval.ID,
		ApprovalDigest: cr.Approval.Digest,
	}
	return j.start(w, r, in, req.UILocales)
}

// BeginHistory starts a login for /mes-accords: no data are asked, so no
// look-up is logged and no source is called.
func (j *Journey) BeginHistory(w http.ResponseWriter, r *http.Request, path string) error {
	in := &interaction{For: forHistory, Return: path}
	t, err := j.open(w, r, in)
	if err != nil {
		return err
	}
	return j.toFranceConnect(w, r, in, t, nil)
}

func (j *Journey) start(w http.ResponseWriter, r *http.Request, in *interaction, locales string) error {
	t, err := j.open(w, r, in)
	if err != nil {
		return err
	}
	j.setTicket(w, t)
	http.Redirect(w, r, j.path("/connexion", t.handle)+language(locales), http.StatusSeeOther)
	return nil
}

// What one address may begin, for all clients together. The store has 100,000
// places: kept for the hour an interaction lives at most, one address holds a
// fifth of them. It is much, for a school, a town hall or a mobile network is one
// address.
const (
	begunBurst = 3000
	begunEvery = 200 * time.Millisecond
)

// open gives the interaction its id, clock and cookie, and stores it.
func (j *Journey) open(w http.ResponseWriter, r *http.Request, in *interaction) (ticket, error) {
	if !j.begun.Allow("", visitors.Address(r.Context())) {
		return ticket{}, j.failed(in, failure.TooMany, errors.New("an address begins too many interactions"))
	}
	id, err := uuid.NewV7()
	if err != nil {
		return ticket{}, failure.New(failure.Ours, err)
	}
	j.makeRoom(w, r)
	t := newTicket(id)
	now := j.Now()
	in.ID, in.Handle, in.Stage, in.Created = id.String(), t.handle, asked, now
	in.until(now, clocks.ToFranceConnect)
	if err := j.save(r.Context(), in, t.secret); err != nil {
		return ticket{}, failure.New(failure.Busy, err)
	}
	return t, nil
}

func (j *Journey) path(page, handle string) string {
	return page + "?i=" + url.QueryEscape(handle)
}

// language turns the first of ui_locales into the page's parameter.
func language(locales string) string {
	first, _, _ := strings.Cut(locales, " ")
	if base, _, _ := strings.Cut(strings.ToLower(first), "-"); slices.Contains(ui.Languages(), base) {
		return "&lang=" + base
	}
	return ""
}

// Review checks a request against its approval before the citizen sees
// anything (issuer.Hooks): over-asking, an unknown recipient or purpose, a
// period no source tells never reach a page. A month is completed in the
// request, so that it stays the one asked.
func (j *Journey) Review(_ context.Context, client *issuer.Client, req *issuer.AuthorizationRequest) error {
	cr, err := j.request(client, req)
	if err == nil {
		req.Year, req.Month = cr.Period.Year, cr.Period.Month
	}
	return err
}

// request resolves an authorization request into what is asked of the citizen.
func (j *Journey) request(client *issuer.Client, req *issuer.AuthorizationRequest) (consent.Request, error) {
	a, err := consent.Choose(j.Approvals(client.ID), req.Recipient, req.Purpose)
	if err != nil {
		return consent.Request{}, err
	}
	return j.asks(a, req, j.Now())
}

// asks is what a request asks under an approval: data, their period and, where
// it says so, access after today, counted from at.
func (j *Journey) asks(a *consent.Approval, req *issuer.AuthorizationRequest, at time.Time) (consent.Request, error) {
	r, err := consent.NewRequest(a, j.Catalogue, req.Scopes)
	if err != nil {
		return consent.Request{}, err
	}
	if r, err = r.During(periodOf(req), at); err != nil {
		return consent.Request{}, err
	}
	if r, err = r.WithLater(req.Until, req.Fetches, at); err != nil || req.Details == nil {
		return r, err
	}
	return r, r.Stated(req.Details.Required, req.Details.Optional, req.Details.Answers)
}

func periodOf(req *issuer.AuthorizationRequest) consent.Period {
	return consent.Period{Year: req.Year, Month: req.Month, Campaign: req.Campaign}
}
