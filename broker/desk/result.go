package desk

import (
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"accord/broker/failure"
	"accord/broker/journey"
	"accord/consent"
	"accord/providers"
	"accord/ui"
)

// deliver shows what was agreed: the delivery is durable before a byte of it
// is on the page.
func (p *Pages) deliver(c *gin.Context, d dossier) error {
	a := p.approval(d)
	if a == nil {
		return p.stop(c, http.StatusForbidden, ui.StopNoDesk)
	}
	shown, err := p.Deliveries.Show(c.Request.Context(), d.Token)
	if err != nil {
		return p.refused(c, err)
	}
	page := ui.DeskResult{
		Requester: p.requester(c, a), Purpose: text(a.Purpose.Text), Basis: ui.Basis(a.Legal.Act), FileNumber: d.FileNumber,
		Release: shown.Release, Position: shown.Position, Print: "/guichet/recu?d=" + url.QueryEscape(c.Query("d")), Until: d.Until,
	}
	if page.Sources, err = p.sources(shown.Snapshot, a); err != nil {
		return failure.New(failure.Ours, err)
	}
	p.UI.Render(c.Writer, c.Request, http.StatusOK, page)
	return nil
}

// sources are the parts of a delivery in the catalogue's order, each datum as
// the approval has it: its value, or the answer of its grid.
func (p *Pages) sources(s journey.Snapshot, a *consent.Approval) ([]ui.Source, error) {
	var all []ui.Source
	for _, d := range p.Catalogue.Data() {
		d = a.As(d, p.Catalogue)
		part, ok := s.Parts[d.Resource]
		if !ok || !part.Holds(d.ID) {
			continue
		}
		if n := len(all); n == 0 || all[n-1].Resource != d.Resource {
			all = append(all, ui.Source{
				ID: d.Source, Resource: d.Resource, Outcome: ui.Outcome(providers.Found), Absence: part.Absent != "",
			})
			if part.Absent != "" {
				all[n].Outcome = ui.Outcome(part.Absent)
			}
		}
		item, err := itemOf(d, part)
		if err != nil {
			return nil, err
		}
		all[len(all)-1].Items = append(all[len(all)-1].Items, item)
	}
	return all, nil
}

func itemOf(d consent.Datum, part journey.Part) (ui.Item, error) {
	item := ui.Item{Datum: d.ID, Unit: d.Unit}
	if d.Answered != nil {
		item.Unit = "record" // code and label
	}
	if d.Period != consent.PeriodNone {
		item.Period = part.Period
	}
	if part.Absent != "" {
		return item, nil
	}
	value, err := consent.Mask(part.Document, d.Paths)
	item.Value = json.RawMessage(value)
	return item, err
}
