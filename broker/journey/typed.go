package journey

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"accord/broker/clocks"
	"accord/broker/failure"
	"accord/consent"
	"accord/ui"
)

// needsTyping tells whether data cannot be looked up before the citizen has
// typed something. What only helps makes no page of its own.
func needsTyping(data []consent.Datum) bool {
	return slices.ContainsFunc(consent.Inputs(data), func(name string) bool { return !consent.InputOptional(name) })
}

// showInputs serves /saisie, between the click on /connexion and FranceConnect.
func (j *Journey) showInputs(c *gin.Context) error {
	in, t, err := j.interactionOf(c, c.Query("i"))
	if err != nil {
		return err
	}
	cr, err := j.lookedUp(in)
	if err != nil {
		return j.failed(in, failure.Suspended, err)
	}
	if in.Stage != typing && in.Stage != sent || len(consent.Inputs(cr.Data())) == 0 {
		return j.elsewhere(c, in, t)
	}
	j.UI.Render(c.Writer, c.Request, http.StatusOK, j.inputsPage(c, t, cr, in.Inputs))
	return nil
}

// elsewhere leads to the page an interaction stands at.
func (j *Journey) elsewhere(c *gin.Context, in *interaction, t ticket) error {
	page := "/connexion"
	switch in.Stage {
	case decided:
		return j.alreadyAnswered(c, t)
	case back:
		page = "/accord"
	case choosing:
		page = "/enfant"
	case typing:
		page = "/saisie"
	case asked, sent:
	}
	c.Redirect(http.StatusSeeOther, j.path(page, t.handle))
	return nil
}

func (j *Journey) inputsPage(c *gin.Context, t ticket, cr consent.Request, values map[string]string) ui.Inputs {
	a := cr.Approval
	page := ui.Inputs{
		Requester: j.requester(j.lang(c), a), Purpose: text(a.Purpose.Text), OtherPath: text(a.Refusal.OtherPath),
		Form: ui.Form{Action: "/saisie", CSRF: formToken(t.secret), Interaction: t.handle},
	}
	for _, name := range consent.Inputs(cr.Data()) {
		f := ui.Field{Name: name, Value: values[name], Optional: consent.InputOptional(name)}
		for _, d := range cr.Data() {
			if slices.Contains(d.Inputs, name) {
				f.For = append(f.For, d.ID)
			}
		}
		if name == consent.InputSchoolYear {
			f.Options = consent.SchoolYears(j.Now())
		}
		page.Fields = append(page.Fields, f)
	}
	return page
}

// answerInputs takes what was typed, then leaves for FranceConnect.
func (j *Journey) answerInputs(c *gin.Context) error {
	in, t, unlock, err := j.formOf(c)
	if err != nil {
		return err
	}
	defer unlock()
	if in.Stage == decided {
		return j.alreadyAnswered(c, t)
	}
	if in.Stage != typing && in.Stage != sent {
		return failure.Newf(failure.SessionLost, "an answer to a page that is not shown").WithRetry(j.retry(in))
	}
	switch c.PostForm("choix") {
	case ui.ChoiceRefuse:
		return j.refuseUnknown(c, in, t, beforeLogin)
	case ui.ChoiceSee:
		return j.typedAll(c, in, t)
	case ui.ChoiceReread:
		return j.inputsAgain(c, in, t, func(p *ui.Inputs) { p.Again = true })
	}
	return failure.Newf(failure.InvalidForm, "choix is neither voir nor refuser").WithRetry(j.path("/saisie", t.handle))
}

// typedAll keeps what was typed in the sealed interaction, if all of it has its
// shape, and looks.
func (j *Journey) typedAll(c *gin.Context, in *interaction, t ticket) error {
	cr, err := j.lookedUp(in)
	if err != nil {
		return j.failed(in, failure.Suspended, err)
	}
	values, wrong := map[string]string{}, map[string]string{}
	for _, name := range consent.Inputs(cr.Data()) {
		value, problem := j.read(name, c.PostForm(name))
		switch {
		case problem != "":
			wrong[name] = problem
		case value != "":
			values[name] = value
		}
	}
	if len(wrong) > 0 {
		return j.inputsAgain(c, in, t, func(p *ui.Inputs) { mark(p, wrong) })
	}
	if err := in.try(values); err != nil {
		return j.failed(in, failure.TooMany, err).WithAt(in.Expires)
	}
	return j.look(c, in, t)
}

// read gives an input in its normal form, or what is wrong with it: missing or
// wrong.
func (j *Journey) read(name, typed string) (value, problem string) {
	value, ok := consent.NormalInput(name, typed)
	switch {
	case strings.TrimSpace(typed) == "" && consent.InputOptional(name):
		return "", ""
	case strings.TrimSpace(typed) == "":
		return "", "missing"
	case !ok, name == consent.InputSchoolYear && !slices.Contains(consent.SchoolYears(j.Now()), value):
		return "", "wrong"
	}
	return value, ""
}

// inputsAgain shows the page again with what was typed, of which nothing is
// kept.
func (j *Journey) inputsAgain(c *gin.Context, in *interaction, t ticket, amend func(*ui.Inputs)) error {
	cr, err := j.lookedUp(in)
	if err != nil {
		return j.failed(in, failure.Suspended, err)
	}
	typed := map[string]string{}
	for _, name := range consent.Inputs(cr.Data()) {
		typed[name] = c.PostForm(name)
	}
	page := j.inputsPage(c, t, cr, typed)
	amend(&page)
	findable(c, t)
	j.UI.Render(c.Writer, c.Request, http.StatusUnprocessableEntity, page)
	return nil
}

func mark(p *ui.Inputs, wrong map[string]string) {
	for i := range p.Fields {
		p.Fields[i].Problem = wrong[p.Fields[i].Name]
	}
}

// correct leads from the consent page back to what was typed; the values shown
// go, the choices stay. A new look-up and FranceConnect follow.
func (j *Journey) correct(c *gin.Context, in *interaction, t ticket) error {
	cr, err := j.lookedUp(in)
	if err != nil {
		return j.failed(in, failure.Suspended, err)
	}
	if len(consent.Inputs(cr.Data())) == 0 {
		return j.reread(c, in, t, nil)
	}
	in.Chosen = j.optional(in, c.PostFormArray("item"))
	in.Stage, in.Login, in.Answers, in.Held = typing, nil, nil, nil
	in.until(j.Now(), clocks.ToFranceConnect)
	if err := j.save(c.Request.Context(), in, t.secret); err != nil {
		return j.failed(in, failure.Busy, err)
	}
	return j.elsewhere(c, in, t)
}
