package journey

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"accord/broker/clocks"
	"accord/broker/failure"
	"accord/consent"
	"accord/ui"
)

// showChild serves /enfant: the children found, of whom one is chosen before
// the school is asked.
func (j *Journey) showChild(c *gin.Context) error {
	in, t, err := j.interactionOf(c, c.Query("i"))
	if err != nil {
		return err
	}
	if in.Stage != choosing {
		return j.elsewhere(c, in, t)
	}
	if j.stale(in) {
		return j.reloadPage(c, in, t)
	}
	return j.childPage(c, in, t, http.StatusOK, nil)
}

// stale tells that what was fetched is not to be shown any more.
func (j *Journey) stale(in *interaction) bool {
	return !j.Now().Before(in.FetchedAt.Add(clocks.ValuesShown))
}

func (j *Journey) childPage(c *gin.Context, in *interaction, t ticket, status int, amend func(*ui.Child)) error {
	page, err := j.childAsked(in, t, j.lang(c))
	if err != nil {
		return err
	}
	page.Operator, page.Session = in.FileOperator, in.Expires
	for i, p := range in.Children {
		page.Children = append(page.Children, p.shown())
		if in.Child != nil && *in.Child == p {
			page.Chosen = i + 1
		}
	}
	if amend != nil {
		amend(&page)
	}
	findable(c, t)
	j.UI.Render(c.Writer, c.Request, status, page)
	return nil
}

// childAsked is the page without what was found on the file, nor when.
func (j *Journey) childAsked(in *interaction, t ticket, lang string) (ui.Child, error) {
	cr, err := j.lookedUp(in)
	if err != nil {
		return ui.Child{}, j.failed(in, failure.Suspended, err)
	}
	page := ui.Child{
		Requester: j.requester(lang, cr.Approval), Purpose: text(cr.Approval.Purpose.Text),
		Sent: slices.Contains(consent.IDs(cr.Data()), consent.ChildrenID),
		Form: ui.Form{Action: "/enfant", CSRF: formToken(t.secret), Interaction: t.handle},
	}
	for _, d := range cr.Data() {
		if consent.NeedsChild(d) {
			page.For = append(page.For, d.ID)
		}
	}
	return page, nil
}

// answerChild takes the choice and has the school asked.
func (j *Journey) answerChild(c *gin.Context) error {
	in, t, unlock, err := j.formOf(c)
	if err != nil {
		return j.maybeRepeat(c, err)
	}
	defer unlock()
	switch {
	case in.Stage == decided:
		return j.repeat(c, t)
	case in.Stage == back: // chosen already, in another tab or by another click
		return j.elsewhere(c, in, t)
	case in.Stage != choosing:
		return failure.Newf(failure.SessionLost, "a child is chosen before there are any").WithRetry(j.retry(in))
	}
	in.Lang = j.lang(c)
	switch c.PostForm("choix") {
	case ui.ChoiceRefuse:
		return j.refuse(c, in, t, atDecision)
	case ui.ChoiceChoose:
		return j.chooseChild(c, in, t)
	case ui.ChoiceReread:
		return j.childPage(c, in, t, http.StatusUnprocessableEntity, func(p *ui.Child) { p.Again = true })
	}
	return failure.Newf(failure.InvalidForm, "choix is neither choisir nor refuser").WithRetry(j.path("/enfant", t.handle))
}

// chooseChild takes a number of the list that was shown, never a name.
func (j *Journey) chooseChild(c *gin.Context, in *interaction, t ticket) error {
	if j.stale(in) {
		return j.reloadPage(c, in, t)
	}
	n, err := strconv.Atoi(c.PostForm("enfant"))
	if err != nil || n < 1 || n > len(in.Children) {
		return j.childPage(c, in, t, http.StatusUnprocessableEntity, func(p *ui.Child) { p.Missing = true })
	}
	chosen := in.Children[n-1]
	in.Child, in.Stage = &chosen, back
	if err := j.save(c.Request.Context(), in, t.secret); err != nil {
		return j.failed(in, failure.Busy, err)
	}
	j.startLook(in, t)
	c.Redirect(http.StatusSeeOther, j.path("/accord", t.handle))
	return nil
}

// otherChild leads from the consent page back to the list; what was found about
// the first child goes.
func (j *Journey) otherChild(c *gin.Context, in *interaction, t ticket) error {
	cr, err := j.lookedUp(in)
	if err != nil {
		return j.failed(in, failure.Suspended, err)
	}
	if in.Answers == nil || in.Child == nil || len(in.Children) == 0 {
		return j.reread(c, in, t, nil)
	}
	in.Chosen = j.optional(in, c.PostFormArray("item"))
	for _, d := range cr.Data() {
		if consent.NeedsChild(d) {
			delete(in.Answers, d.Resource)
		}
	}
	in.Stage, in.Held, in.Answers = choosing, in.Answers, nil
	if err := j.save(c.Request.Context(), in, t.secret); err != nil {
		return j.failed(in, failure.Busy, err)
	}
	return j.elsewhere(c, in, t)
}
