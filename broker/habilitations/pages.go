// Package habilitations shows to anybody who may ask what, since when and
// under which text: the approvals as they stand, each with its last place in
// the log.
//
//	/habilitations       every approval       /habilitations.json   the same, for a program
//	/habilitations/{id}  one of them: where the consent page's link leads
package habilitations

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"accord/broker/failure"
	"accord/consent"
	"accord/ui"
)

// Config is what the pages need; all members are required.
type Config struct {
	Standings func() []Standing // sorted by id
	UI        *ui.UI
	Now       func() time.Time
}

// Pages serves the addresses of the package comment.
type Pages struct{ Config }

// New makes them.
func New(c Config) *Pages { return &Pages{c} }

// Path is where an approval is shown.
func Path(id string) string { return "/habilitations/" + id }

// Mount adds the pages.
func (p *Pages) Mount(r gin.IRoutes, page func(func(*gin.Context) error) gin.HandlerFunc) {
	r.GET("/habilitations", page(p.list))
	r.GET("/habilitations.json", page(p.json))
	r.GET("/habilitations/:id", page(p.one))
}

func (p *Pages) list(c *gin.Context) error {
	var all ui.Habilitations
	for _, s := range p.Standings() {
		all.All = append(all.All, p.shown(s, p.UI.Lang(c.Request)))
	}
	p.UI.Render(c.Writer, c.Request, http.StatusOK, all)
	return nil
}

func (p *Pages) one(c *gin.Context) error {
	for _, s := range p.Standings() {
		if s.Approval.ID == c.Param("id") {
			p.UI.Render(c.Writer, c.Request, http.StatusOK, ui.HabilitationPage{Habilitation: p.shown(s, p.UI.Lang(c.Request))})
			return nil
		}
	}
	return failure.Newf(failure.NotFound, "no such approval")
}

// shown is an approval in the page's terms.
func (p *Pages) shown(s Standing, lang string) ui.Habilitation {
	a, now := s.Approval, p.Now()
	h := ui.Habilitation{
		ID: a.ID, Digest: a.Digest, URL: Path(a.ID), Requester: requester(a, lang),
		Label: text(a.Purpose.Label), Purpose: text(a.Purpose.Text), Simplification: text(a.Simplification),
		Basis: ui.Basis(a.Legal.Act), LegalTexts: legalTexts(a), Required: asked(a.Data.Required, true), Optional: asked(a.Data.Optional, false),
		Retention: a.Retention.Period, RetentionOf: text(a.Retention.Rule), Fetches: a.Ceilings.Fetches, Duration: a.Ceilings.Duration,
		Consequence: text(a.Refusal.Consequence), OtherPath: text(a.Refusal.OtherPath), Charter: a.Charter,
		State: string(s.State(now)), Changed: s.Published.Time, Position: s.Published.Position, NoticeURL: consent.NoticePath(a, lang),
	}
	for _, r := range a.Recipients {
		h.Recipients = append(h.Recipients, text(r))
	}
	h.Reason, h.Since = s.Suspension()
	h.From, h.LastDay = s.days()
	if a.EndNotice(now) > 0 {
		h.DaysLeft = a.DaysLeft(now)
	}
	return h
}

func requester(a *consent.Approval, lang string) ui.Requester {
	r := ui.Requester{
		Name: a.ServiceProvider.Name, SIRET: a.ServiceProvider.SIRET, DPO: a.ServiceProvider.DPO, Service: a.Purpose.Service.In(lang),
	}
	if a.Editor != nil {
		r.Editor = a.Editor.Name
	}
	return r
}

func asked(data []consent.ApprovedDatum, required bool) (all []ui.Asked) {
	for _, d := range data {
		all = append(all, ui.Asked{Datum: d.ID, Required: required, Why: text(d.Why)})
	}
	return all
}

func text(t consent.Text) ui.Text { return ui.Text{FR: t.FR, EN: t.EN} }

func legalTexts(a *consent.Approval) []string {
	all := append([]string{}, a.Legal.Texts...)
	if a.Legal.TaxSecrecy != "" {
		all = append(all, a.Legal.TaxSecrecy)
	}
	return all
}
