package citizen

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"accord/broker/failure"
	"accord/broker/store"
	"accord/consent/audit"
	"accord/consent/receipt"
	"accord/ui"
)

// detail shows one agreement: every event of it, each access included, in the
// order of the log.
func (p *Pages) detail(c *gin.Context) error {
	s, g, err := p.own(c)
	if err != nil {
		return err
	}
	events, err := p.events(c.Request.Context(), g)
	if err != nil {
		return failure.New(failure.Busy, err)
	}
	a, err := p.accord(c, g)
	if err != nil {
		return failure.New(failure.Busy, err)
	}
	page := ui.AccordDetail{Accord: a}
	page.Events, page.Newer, page.Older = eventsOn(events, a.URL, c.Query("page"))
	for i, e := range page.Events {
		if !e.Computed && disputable(e.Kind) {
			page.Events[i].Dispute = a.URL + "/signaler?evenement=" + strconv.FormatInt(e.Index, 10)
		}
	}
	if page.Requests, err = p.requestLinks(c, s, g); err != nil {
		return failure.New(failure.Busy, err)
	}
	if !a.Delivered.IsZero() {
		page.Erasure = a.URL + "/effacement"
	}
	if page.Receipts, err = p.receipts(c, s, g); err != nil {
		return failure.New(failure.Busy, err)
	}
	p.UI.Render(c.Writer, c.Request, http.StatusOK, page)
	return nil
}

// own is the session and one grant of its citizen; another's grant does not
// exist for them.
func (p *Pages) own(c *gin.Context) (session, store.Grant, error) {
	s, err := p.session(c.Request)
	if err != nil {
		return s, store.Grant{}, failure.New(failure.TimedOut, err).WithRetry("/mes-accords")
	}
	g, err := p.Store.Grant(c.Request.Context(), c.Param("id"))
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return s, g, failure.New(failure.Busy, err) // a failure is never shown as absence
	}
	if err != nil || g.Citizen != s.Citizen {
		return s, g, failure.Newf(failure.NotFound, "no such agreement of this citizen")
	}
	return s, g, nil
}

// receipts offers the receipts of one grant, oldest first.
func (p *Pages) receipts(c *gin.Context, s session, g store.Grant) ([]ui.ReceiptLink, error) {
	all, err := p.Store.ReceiptsOf(c.Request.Context(), s.Citizen)
	if err != nil {
		return nil, err
	}
	var links []ui.ReceiptLink
	for _, r := range slices.Backward(all) {
		if r.Grant != g.ID {
			continue
		}
		link, err := linkTo(r)
		if err != nil {
			return nil, err
		}
		links = append(links, link)
	}
	return links, nil
}

func linkTo(r store.StoredReceipt) (ui.ReceiptLink, error) {
	parsed, _, err := receipt.Parse(r.JWS)
	if err != nil {
		return ui.ReceiptLink{}, fmt.Errorf("reading receipt %s: %w", r.ID, err)
	}
	return ui.ReceiptLink{
		Act: ui.Act(parsed.Event.Type), At: parsed.Event.Time.Time(),
		HTML: "/recu/" + r.ID, JWS: "/recu/" + r.ID + ".jws", Bundle: "/recu/" + r.ID + ".accord",
	}, nil
}

// refusals are the refusals in sight of the values: earlier ones name nobody.
func (p *Pages) refusals(c *gin.Context, s session) ([]ui.Accord, error) {
	all, err := p.Store.RefusalsOf(c.Request.Context(), s.Citizen)
	if err != nil {
		return nil, err
	}
	var refused []ui.Accord
	for _, r := range all {
		parsed, _, err := receipt.Parse(r.JWS)
		if err != nil {
			return nil, fmt.Errorf("reading receipt %s: %w", r.ID, err)
		}
		refused = append(refused, p.refusal(r, parsed))
	}
	return refused, nil
}

func (p *Pages) refusal(r store.StoredReceipt, parsed receipt.Receipt) ui.Accord {
	a := ui.Accord{URL: "/recu/" + r.ID, Basis: ui.Basis(parsed.Event.BasisAct), State: ui.Rejected, At: parsed.Event.Time.Time()}
	for _, d := range parsed.Purposes[0].Data {
		a.Data = append(a.Data, d.ID)
	}
	a.Answers = answersOf(parsed)
	p.name(&a, parsed.Approval.ID, parsed.Parties[0].ID)
	return a
}

// lastDelivery is when the grant's data last left, zero when they never did.
func (p *Pages) lastDelivery(c *gin.Context, g store.Grant) (time.Time, error) {
	if len(g.Snapshots) == 0 {
		return time.Time{}, nil
	}
	entries, err := p.Store.EventsOf(c.Request.Context(), g.ID)
	if err != nil {
		return time.Time{}, err
	}
	for _, e := range slices.Backward(entries) {
		if e.Kind != audit.ReleaseCompleted {
			continue
		}
		var event audit.Event
		if err := json.Unmarshal(e.Event, &event); err != nil {
			return time.Time{}, fmt.Errorf("reading event %d: %w", e.Index, err)
		}
		return time.Parse(time.RFC3339, event.Time)
	}
	return time.Time{}, nil
}
