package desk

import (
	"errors"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"accord/broker/failure"
	"accord/broker/journey"
	"accord/broker/store"
	"accord/consent"
	"accord/consent/audit"
	"accord/ui"
)

// showForm asks who the person is and how they agreed.
func (p *Pages) showForm(c *gin.Context) error {
	s, err := p.working(c)
	if err != nil {
		return err
	}
	a, err := p.Journey.DeskApproval(s.Agent, c.Query("h"))
	if err != nil {
		return p.refused(c, err)
	}
	p.UI.Render(c.Writer, c.Request, http.StatusOK, p.form(c, s, a, ui.DeskEntry{}, nil))
	return nil
}

func (p *Pages) form(c *gin.Context, s session, a *consent.Approval, e ui.DeskEntry, problems []ui.Problem) ui.DeskForm {
	page := ui.DeskForm{
		Requester: p.requester(c, a), Purpose: text(a.Purpose.Text), Basis: ui.Basis(a.Legal.Act), Cap: a.Desk.DailyCap,
		Entry: e, Problems: problems, Form: ui.Form{Action: FormPath + "?h=" + a.ID, CSRF: s.formToken()},
	}
	required, optional := a.DeskData(p.Catalogue)
	page.Required, page.Optional = asked(a.Data.Required, required, true), asked(a.Data.Optional, optional, false)
	for _, way := range a.Desk.Agreements {
		page.Agreements = append(page.Agreements, string(way))
	}
	return page
}

// asked are the approved data a desk may ask for, with the approval's reasons.
func asked(approved []consent.ApprovedDatum, data []consent.Datum, required bool) []ui.Asked {
	var all []ui.Asked
	for _, d := range approved {
		if slices.Contains(consent.IDs(data), d.ID) {
			all = append(all, ui.Asked{Datum: d.ID, Required: required, Why: text(d.Why)})
		}
	}
	return all
}

// ask records what the agent stated, and goes to the case's page.
func (p *Pages) ask(c *gin.Context) error {
	s, err := p.working(c)
	if err != nil {
		return err
	}
	read, err := readEntry(c)
	if err != nil {
		return err
	}
	if err := s.own(read.csrf); err != nil {
		return err
	}
	a, err := p.Journey.DeskApproval(s.Agent, c.Query("h"))
	if err != nil {
		return p.refused(c, err)
	}
	person, problems := read.check(a, p.Now())
	if problems != nil {
		p.UI.Render(c.Writer, c.Request, http.StatusUnprocessableEntity, p.form(c, s, a, read.DeskEntry, problems))
		return nil
	}
	return p.open(c, s, journey.Assistance{
		Agent: s.Agent, Approval: a.ID, Agreement: consent.Agreement(read.Agreement), Person: person,
		FileNumber: read.FileNumber, Paper: read.paper, Optional: read.Optional,
		Lang: p.UI.Lang(c.Request), Screen: p.screen(c, a),
	})
}

// screen names the form as shown: the page without the person, the agent and
// the session.
func (p *Pages) screen(c *gin.Context, a *consent.Approval) string {
	page := p.form(c, session{}, a, ui.DeskEntry{}, nil)
	page.Form = ui.Form{}
	return audit.Digest(encoded(page))
}

// refused turns journey's no into the agent's page.
func (p *Pages) refused(c *gin.Context, err error) error {
	switch {
	case errors.Is(err, journey.ErrDeskCap):
		return p.stop(c, http.StatusTooManyRequests, ui.StopCap)
	case errors.Is(err, journey.ErrOtherBody):
		return p.stop(c, http.StatusForbidden, ui.StopBody)
	case errors.Is(err, journey.ErrNoDesk):
		return p.stop(c, http.StatusForbidden, ui.StopNoDesk)
	case errors.Is(err, journey.ErrNotObtained):
		return p.stop(c, http.StatusServiceUnavailable, ui.StopNotObtained)
	case errors.Is(err, store.ErrExpired), errors.Is(err, store.ErrRevoked), errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrUsed):
		return p.stop(c, http.StatusGone, ui.StopClosed)
	}
	return failure.New(failure.Busy, err)
}
