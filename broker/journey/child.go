package journey

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"accord/broker/clocks"
	"accord/broker/failure"
	"accord/consent"
	"accord/providers"
	"accord/ui"
)

// A pupil is one child as the file of CAF or MSA has it.
type pupil struct {
	Family string `json:"nom_naissance"`
	Given  string `json:"prenoms"`        // all of them, joined by spaces
	Birth  string `json:"date_naissance"` // YYYY-MM-DD, unknown parts 00
	Sex    string `json:"sexe"`           // F, M
}

// inputs are the child's as the school's source takes them.
func (p pupil) inputs() map[string]string {
	return map[string]string{
		"enfant_nom": p.Family, "enfant_prenoms": p.Given, "enfant_date_naissance": p.Birth, "enfant_sexe": p.Sex,
	}
}

func (p pupil) shown() ui.ChildShown {
	return ui.ChildShown{Name: p.Given + " " + p.Family, Birthdate: p.Birth, Sex: p.Sex}
}

// pupils reads the children of a family file. A file that cannot be read is
// unavailable, never empty.
func pupils(file providers.Answer) ([]pupil, providers.Outcome) {
	if file.Outcome != providers.Found {
		return nil, orUnavailable(file.Outcome)
	}
	var doc struct {
		Children []pupil `json:"enfants"`
	}
	if json.Unmarshal(file.Document, &doc) != nil {
		return nil, providers.Unavailable
	}
	if len(doc.Children) == 0 {
		return nil, providers.NoFile
	}
	return doc.Children, providers.Found
}

func orUnavailable(o providers.Outcome) providers.Outcome {
	if o == "" { // asked, and lost
		return providers.Unavailable
	}
	return o
}

// take keeps the answers of a round of questions. When a child is still to be
// chosen they are held, and the citizen is asked; with nobody to choose from,
// what waited for a child ends as the file did.
func (j *Journey) take(in *interaction, answers map[string]providers.Answer) {
	if in.FetchedAt.IsZero() || in.Held == nil { // held answers keep their own age
		in.FetchedAt = j.Now()
	}
	cr, err := j.lookedUp(in)
	in.Answers, in.Held = answers, nil
	if err != nil || in.Child != nil || !slices.ContainsFunc(cr.Data(), consent.NeedsChild) {
		return
	}
	children, outcome := pupils(answers[consent.ResourceQuotientFamilial])
	in.FileOperator = answers[consent.ResourceQuotientFamilial].Provenance.Operator
	if len(ofResource(cr.Data(), consent.ResourceQuotientFamilial)) == 0 {
		delete(answers, consent.ResourceQuotientFamilial) // it served to choose from, nothing else of it is wanted
	}
	if outcome == providers.Found {
		in.Stage, in.Children, in.Answers, in.Held = choosing, children, nil, answers
		return
	}
	for _, d := range cr.Data() {
		if consent.NeedsChild(d) {
			answers[d.Resource] = providers.Answer{Outcome: outcome}
		}
	}
}

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
