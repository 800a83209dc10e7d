package citizen

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"accord/broker/failure"
	"accord/broker/store"
	"accord/ui"
)

// mostDeliveries bounds those a letter names: a mail program takes some 2,000
// characters of an address.
const mostDeliveries = 5

// showRequested is a request, how far it has come, and the letter that goes
// with it.
func (p *Pages) showRequested(c *gin.Context) error {
	s, err := p.session(c.Request)
	if err != nil {
		return failure.New(failure.TimedOut, err).WithRetry("/mes-accords")
	}
	all, err := p.Store.RequestsOf(c.Request.Context(), s.Citizen)
	if err != nil {
		return failure.New(failure.Busy, err)
	}
	at := slices.IndexFunc(all, func(r store.CitizenRequest) bool { return r.ID == c.Param("ref") })
	if at < 0 {
		return failure.Newf(failure.NotFound, "no such request of this citizen")
	}
	page, err := p.requestPage(c, all[at])
	if err != nil {
		return failure.New(failure.Busy, err)
	}
	p.UI.Render(c.Writer, c.Request, http.StatusOK, page)
	return nil
}

func (p *Pages) requestPage(c *gin.Context, r store.CitizenRequest) (ui.RequestPage, error) {
	g, err := p.Store.Grant(c.Request.Context(), r.Grant)
	if err != nil {
		return ui.RequestPage{}, err
	}
	page := ui.RequestPage{
		Kind: string(r.Kind), Reference: r.ID, State: string(r.State), Made: r.Made, Until: r.Until, Reason: r.Reason, Message: r.Message,
		Operator: ui.Operator{Name: p.Operator.Name, DPO: p.Operator.DPO},
		Letter:   ui.Letter{Grant: g.ID, Receipt: g.Receipt, Subject: g.Subject},
	}
	if page.Accord, err = p.accord(c, g); err != nil {
		return page, err
	}
	for _, a := range r.Answers {
		page.Answers = append(page.Answers, ui.RequestAnswer{At: a.Time, By: a.By, Text: a.Text, State: string(a.State)})
	}
	events, err := p.events(c.Request.Context(), g)
	if err != nil {
		return page, err
	}
	for _, e := range events {
		switch {
		case r.Event != nil && !e.Computed && e.Index == *r.Event:
			page.Event = &e
		case r.Event == nil && e.Kind == "release.completed":
			page.Letter.Deliveries = append(page.Letter.Deliveries, e)
			page.Letter.Data = union(page.Letter.Data, e.Data)
		}
	}
	if r.Event != nil {
		page.Letter.Data = page.Accord.Data
	}
	if more := len(page.Letter.Deliveries) - mostDeliveries; more > 0 {
		page.Letter.Deliveries, page.Letter.More = page.Letter.Deliveries[more:], more
	}
	page.Letter.Mail = p.mail(c, page)
	return page, nil
}

// union adds to some ids those of more that are missing: what was sent before a
// choice changed was sent too.
func union(some, more []string) []string {
	for _, id := range more {
		if !slices.Contains(some, id) {
			some = append(some, id)
		}
	}
	return some
}

// mail is the letter as a mailto address (RFC 6068), "" without a mail address
// to write to.
func (p *Pages) mail(c *gin.Context, page ui.RequestPage) string {
	to := page.Accord.Requester.DPO
	if !strings.Contains(to, "@") || strings.ContainsAny(to, " :/?&\"'<>%") {
		return ""
	}
	lang := p.UI.Lang(c.Request)
	body := strings.Join(p.UI.LetterLines(lang, page), "\r\n\r\n")
	return "mailto:" + to + "?subject=" + url.PathEscape(p.UI.LetterSubject(lang, page)) + "&body=" + escapeMail(body)
}

// escapeMail escapes what would end a header field of the address.
func escapeMail(s string) string { return strings.ReplaceAll(url.PathEscape(s), "&", "%26") }
