package citizen

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"accord/broker/clocks"
	"accord/broker/failure"
	"accord/broker/store"
	"accord/ui"
)

// mostMessage bounds a citizen's own words, in characters.
const mostMessage = 1000

// newReference draws what a citizen quotes: 60 random bits.
func newReference() string {
	r := rand.Text()
	return "R-" + r[:4] + "-" + r[4:8] + "-" + r[8:12]
}

var references = regexp.MustCompile(`^R(-[A-Z2-7]{4}){3}$`)

// A wish is a request as its form knows it.
type wish struct {
	kind  store.RequestKind
	path  string // last segment of the form's address
	grant store.Grant
	event *ui.Event // of a dispute
}

// wishOf reads what a form is about: the whole agreement, or one event of it.
func (p *Pages) wishOf(ctx context.Context, kind store.RequestKind, g store.Grant, event string) (wish, error) {
	if kind == store.RequestErasure {
		if len(g.Snapshots) == 0 { // nothing was sent
			return wish{}, failure.Newf(failure.NotFound, "nothing to erase")
		}
		return wish{kind: kind, path: "effacement", grant: g}, nil
	}
	w := wish{kind: kind, path: "signaler", grant: g}
	events, err := p.events(ctx, g)
	if err != nil {
		return w, failure.New(failure.Busy, err)
	}
	index, err := strconv.ParseInt(event, 10, 64)
	at := slices.IndexFunc(events, func(e ui.Event) bool { return e.Index == index && !e.Computed && disputable(e.Kind) })
	if err != nil || at < 0 {
		return w, failure.Newf(failure.NotFound, "no such access of this agreement")
	}
	w.event = &events[at]
	return w, nil
}

// disputable tells the events that are accesses: what others did with the data.
func disputable(kind string) bool {
	return slices.Contains([]string{"lookup.requested", "source.queried", "consent.granted", "release.completed", "release.failed", "consent.revoked"}, kind)
}

// showRequest is the form, with the reference its request will have.
func (p *Pages) showRequest(kind store.RequestKind) func(*gin.Context) error {
	return func(c *gin.Context) error {
		s, g, err := p.own(c)
		if err != nil {
			return err
		}
		w, err := p.wishOf(c.Request.Context(), kind, g, c.Query("evenement"))
		if err != nil {
			return err
		}
		return p.renderRequest(c, s, w, newReference(), nil)
	}
}

func (p *Pages) renderRequest(c *gin.Context, s session, w wish, reference string, problems []ui.Problem) error {
	a, err := p.accord(c, w.grant)
	if err != nil {
		return failure.New(failure.Busy, err)
	}
	page := ui.RequestForm{
		Kind: string(w.kind), Accord: a, Event: w.event, Problems: problems, Reason: c.PostForm("raison"), Message: c.PostForm("message"),
		Form: ui.Form{Action: a.URL + "/" + w.path, CSRF: s.formToken(), Text: reference},
	}
	status := http.StatusOK
	if len(problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	p.UI.Render(c.Writer, c.Request, status, page)
	return nil
}

// makeRequest keeps the request and leads to its page. The same form sent twice
// leads to the same one.
func (p *Pages) makeRequest(kind store.RequestKind) func(*gin.Context) error {
	return func(c *gin.Context) error {
		s, err := p.posted(c)
		if err != nil {
			return err
		}
		_, g, err := p.own(c)
		if err != nil {
			return err
		}
		w, err := p.wishOf(c.Request.Context(), kind, g, c.PostForm("evenement"))
		if err != nil {
			return err
		}
		if c.PostForm("choix") != ui.ChoiceAsk {
			c.Redirect(http.StatusSeeOther, "/mes-accords/"+g.ID)
			return nil
		}
		return p.keepRequest(c, s, w)
	}
}

func (p *Pages) keepRequest(c *gin.Context, s session, w wish) error {
	reference := c.PostForm("texte")
	if !references.MatchString(reference) {
		reference = newReference()
	}
	r, problems := w.read(c)
	if len(problems) > 0 {
		return p.renderRequest(c, s, w, reference, problems)
	}
	r.ID, r.Citizen = reference, s.Citizen
	made, err := p.Store.MakeRequest(c.Request.Context(), r, clocks.RequestKept())
	switch {
	case errors.Is(err, store.ErrCapped):
		return p.renderRequest(c, s, w, reference, []ui.Problem{{Field: "f-message", Text: "too_many_requests"}})
	case err != nil && !errors.Is(err, store.ErrConflict): // there already: its page
		return failure.New(failure.Busy, err).WithRetry("/mes-accords/" + w.grant.ID)
	}
	c.Redirect(http.StatusSeeOther, requestAddress(made.ID))
	return nil
}

func requestAddress(reference string) string { return "/mes-accords/demandes/" + reference }

// read takes the form's words. They are kept sealed and stand in no log.
func (w wish) read(c *gin.Context) (store.CitizenRequest, []ui.Problem) {
	r := store.CitizenRequest{
		Kind: w.kind, Grant: w.grant.ID, Message: strings.TrimSpace(strings.ReplaceAll(c.PostForm("message"), "\r\n", "\n")),
	}
	var problems []ui.Problem
	if w.event != nil {
		r.Event, r.Reason = &w.event.Index, c.PostForm("raison")
		if !slices.Contains(ui.Reasons(), r.Reason) {
			problems = append(problems, ui.Problem{Field: "f-raison", Text: "no_reason"})
		}
	}
	if utf8.RuneCountInString(r.Message) > mostMessage || len(r.Message) > store.MostMessage {
		problems = append(problems, ui.Problem{Field: "f-message", Text: "long_message"})
	}
	return r, problems
}

// requestLinks are the requests about one agreement, newest first.
func (p *Pages) requestLinks(c *gin.Context, s session, g store.Grant) ([]ui.RequestLink, error) {
	all, err := p.Store.RequestsOf(c.Request.Context(), s.Citizen)
	if err != nil {
		return nil, err
	}
	var links []ui.RequestLink
	for _, r := range all {
		if r.Grant == g.ID {
			links = append(links, ui.RequestLink{Kind: string(r.Kind), Reference: r.ID, State: string(r.State), At: r.Made, URL: requestAddress(r.ID)})
		}
	}
	return links, nil
}
