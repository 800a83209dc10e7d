package citizen

import (
	"errors"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"accord/broker/failure"
	"accord/broker/journey"
	"accord/broker/store"
	"accord/consent"
	"accord/consent/audit"
	"accord/consent/receipt"
	"accord/ui"
)

// A choice is what a citizen agreed to, as the last receipt of the grant says,
// and what of it can be taken back.
type choice struct {
	grant    store.Grant
	given    receipt.Receipt
	jws      []byte
	optional []string // agreed catalogue ids that may be left out
	declined []string
}

// choiceOf is the choice of a live grant; none is left where nothing can pass
// any more, or passes for now.
func (p *Pages) choiceOf(c *gin.Context, g store.Grant) (choice, error) {
	stored, given, err := p.lastReceipt(c, g)
	if errors.Is(err, store.ErrNotFound) {
		return choice{grant: g}, nil // erased
	}
	if err != nil {
		return choice{}, err
	}
	ch := choice{grant: g, given: given, jws: stored.JWS}
	if g.State == store.Given && p.Now().Before(g.ValidUntil) && p.InForce(g.Approval) {
		ch.optional, ch.declined = consent.Changeable(given)
	}
	return ch, nil
}

// changeable tells whether something can be left out and something is kept;
// with one optional datum alone there is nothing to choose, but all.
func (ch choice) changeable() bool { return len(ch.optional) > 0 && len(ch.grant.Data) > 1 }

// telling tells whether the page has anything to say: what can be left out, or
// how to add what was declined.
func (ch choice) telling() bool { return ch.changeable() || len(ch.declined) > 0 }

// showChange is the choice as it stands.
func (p *Pages) showChange(c *gin.Context) error {
	s, g, err := p.own(c)
	if err != nil {
		return err
	}
	ch, err := p.choiceOf(c, g)
	if err != nil {
		return failure.New(failure.Busy, err)
	}
	if !ch.telling() {
		c.Redirect(http.StatusSeeOther, "/mes-accords/"+g.ID)
		return nil
	}
	return p.renderChange(c, s, ch, ch.optional, "")
}

func (p *Pages) renderChange(c *gin.Context, s session, ch choice, ticked []string, problem string) error {
	page, err := p.changePage(c, ch)
	if err != nil {
		return failure.New(failure.Busy, err)
	}
	for i := range page.Optional {
		page.Optional[i].Kept = slices.Contains(ticked, page.Optional[i].Datum)
	}
	status := http.StatusOK
	if problem != "" {
		status, page.Problems = http.StatusUnprocessableEntity, []ui.Problem{{Field: "choix", Text: problem}}
	}
	page.Form = ui.Form{Action: "/mes-accords/" + ch.grant.ID + "/modifier", CSRF: s.formToken(), Text: ch.grant.Receipt}
	p.UI.Render(c.Writer, c.Request, status, page)
	return nil
}

// changePage is the page without what a visit adds: its screen is what the
// receipt binds.
func (p *Pages) changePage(c *gin.Context, ch choice) (ui.Change, error) {
	a, err := p.accord(c, ch.grant)
	a.Requester.Return = p.Site(ch.grant.Client)
	page := ui.Change{Accord: a, Declined: ch.declined, Lang: p.UI.Lang(c.Request)}
	for _, id := range ch.grant.Data {
		if ch.changeable() && slices.Contains(ch.optional, id) {
			page.Optional = append(page.Optional, ui.ChangeItem{Datum: id})
		} else {
			page.Required = append(page.Required, id)
		}
	}
	return page, err
}

// change takes the new choice. The same form sent twice finds its choice made,
// and leads to the same page.
func (p *Pages) change(c *gin.Context) error {
	s, err := p.posted(c)
	if err != nil {
		return err
	}
	_, g, err := p.own(c)
	if err != nil {
		return err
	}
	switch c.PostForm("choix") {
	case ui.ChoiceKeep:
		c.Redirect(http.StatusSeeOther, "/mes-accords/"+g.ID)
		return nil
	case ui.ChoiceChange:
	default: // Enter in a box decides nothing
		return p.reaskChange(c, s, g, "bad_choice")
	}
	for range 3 {
		next, err := p.tryChange(c, s, g)
		switch {
		case errors.Is(err, store.ErrConflict), errors.Is(err, store.ErrStale): // changed or signed with an old key meanwhile: look again
			if g, err = p.Store.Grant(c.Request.Context(), g.ID); err != nil {
				return failure.New(failure.Busy, err)
			}
			continue
		case errors.Is(err, store.ErrRevoked), errors.Is(err, store.ErrNotCovered): // ended or frozen meanwhile: its page says so
			next = step{to: "/mes-accords/" + g.ID}
		case err != nil:
			return failure.New(failure.Busy, err).WithRetry("/mes-accords/" + g.ID + "/modifier")
		case next.problem != "":
			return p.reaskChange(c, s, g, next.problem)
		}
		c.Redirect(http.StatusSeeOther, next.to)
		return nil
	}
	return failure.Newf(failure.Busy, "a choice kept changing").WithRetry("/mes-accords/" + g.ID + "/modifier")
}

func (p *Pages) reaskChange(c *gin.Context, s session, g store.Grant, problem string) error {
	ch, err := p.choiceOf(c, g)
	if err != nil {
		return failure.New(failure.Busy, err)
	}
	if !ch.telling() {
		c.Redirect(http.StatusSeeOther, "/mes-accords/"+g.ID)
		return nil
	}
	return p.renderChange(c, s, ch, c.PostFormArray("item"), problem)
}

// A step is what comes after a form: a page to go to, or the same one again.
type step struct{ to, problem string }

// tryChange holds the form against the choice as it stands, and changes it.
func (p *Pages) tryChange(c *gin.Context, s session, g store.Grant) (step, error) {
	ch, err := p.choiceOf(c, g)
	if err != nil {
		return step{}, err
	}
	kept, stale := ch.keptBy(c.PostFormArray("item")), c.PostForm("texte") != g.Receipt
	same := len(kept) == len(g.Data)
	made := step{to: "/mes-accords/" + g.ID + "/modifie"}
	switch {
	case same && stale && ch.given.Event.Type == receipt.Renewed: // this very form, before
		return made, nil
	case !ch.changeable():
		return step{to: "/mes-accords/" + g.ID}, nil
	case stale:
		return step{problem: "choice_changed"}, nil
	case same:
		return step{problem: "nothing_unticked"}, nil
	case len(kept) == 0:
		return step{problem: "nothing_kept"}, nil
	}
	return made, p.renew(c, s, ch, kept)
}

// keptBy is what a form keeps: all but the optional data it does not tick.
func (ch choice) keptBy(ticked []string) []string {
	optional, _ := consent.Changeable(ch.given)
	return slices.DeleteFunc(slices.Clone(ch.grant.Data), func(id string) bool {
		return slices.Contains(optional, id) && !slices.Contains(ticked, id)
	})
}

// renew signs the changed choice and makes it durable: one transaction.
func (p *Pages) renew(c *gin.Context, s session, ch choice, kept []string) error {
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	page, err := p.changePage(c, ch)
	if err != nil {
		return err
	}
	now, previous := p.Now(), receipt.Digest(ch.jws)
	renewed, err := consent.RenewReceipt(ch.given, consent.Renewal{
		ReceiptID: id.String(), Previous: previous, At: now, Language: page.Lang, Kept: kept,
		ScreenDigest: audit.Digest(page.ScreenModel()), Auth: receipt.Auth{
			IDP: s.Issuer, ACR: s.ACR, AuthTime: s.AuthTime.Unix(), FCSubHash: p.Keys.FCSubHash(id.String(), s.Subject),
		},
	})
	if err != nil {
		return err
	}
	signed, err := p.signReceipt(renewed, previous, now)
	if err != nil {
		return err
	}
	fields := slices.DeleteFunc(consent.AgreedFields(renewed, p.Catalogue), func(f string) bool { return !slices.Contains(ch.grant.Fields, f) })
	left := ch.grant
	left.Data = kept
	details, err := journey.DetailsLeft(ch.grant.Details, left)
	if err != nil {
		return err
	}
	_, err = p.Store.Change(c.Request.Context(), store.ChangeCmd{
		Grant: ch.grant.ID, Citizen: s.Citizen, Receipt: signed, Data: kept, Fields: fields, Details: details,
	})
	return err
}

// changed tells what the last change left: it can be read again.
func (p *Pages) changed(c *gin.Context) error {
	_, g, err := p.own(c)
	if err != nil {
		return err
	}
	stored, r, err := p.lastReceipt(c, g)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return failure.New(failure.Busy, err)
	}
	if err != nil || r.Event.Type != receipt.Renewed {
		c.Redirect(http.StatusSeeOther, "/mes-accords/"+g.ID)
		return nil
	}
	a, err := p.accord(c, g)
	if err != nil {
		return failure.New(failure.Busy, err)
	}
	link, err := linkTo(stored)
	if err != nil {
		return failure.New(failure.Ours, err)
	}
	_, left := consent.Changeable(r)
	p.UI.Render(c.Writer, c.Request, http.StatusOK, ui.Changed{Accord: a, Left: left, At: link.At, Receipt: link})
	return nil
}
