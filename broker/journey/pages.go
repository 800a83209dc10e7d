package journey

import (
	"cmp"
	"slices"

	"github.com/gin-gonic/gin"

	"accord/broker/clocks"
	"accord/broker/failure"
	"accord/consent"
	"accord/oidc/franceconnect"
	"accord/providers"
	"accord/ui"
)

// connexionPage is what a citizen reads before anybody is known.
func (j *Journey) connexionPage(c *gin.Context, in *interaction, t ticket) (ui.Connexion, error) {
	page, err := j.connexionIn(j.lang(c), in, t)
	page.Session = page.IdentityOnly && j.hasSession(c, in)
	return page, err
}

func (j *Journey) connexionIn(lang string, in *interaction, t ticket) (ui.Connexion, error) {
	cr, err := j.requestOf(in)
	if err != nil {
		return ui.Connexion{}, j.failed(in, failure.Suspended, err)
	}
	a, data := cr.Approval, cr.Data()
	page := ui.Connexion{
		Requester: j.requester(lang, a), Operator: j.operator(), Purpose: text(a.Purpose.Text), Basis: ui.Basis(a.Legal.Act),
		Groups: groups(cr.LookedUp(nil)), OtherPath: text(a.Refusal.OtherPath), Consequence: text(a.Refusal.Consequence),
		IdentityOnly: cr.IdentityOnly, Ticked: in.Ticked, Children: slices.ContainsFunc(data, consent.NeedsChild),
		ListOnly: !slices.Contains(consent.IDs(data), consent.ChildrenID),
		Form:     ui.Form{Action: "/connexion", CSRF: formToken(t.secret), Interaction: t.handle},
	}
	for _, d := range cr.Sensitive() {
		page.Sensitive = append(page.Sensitive, askedOf(cr, d))
	}
	if needsTyping(data) {
		page.Typed = consent.Inputs(data)
	}
	return page, nil
}

func (j *Journey) hasSession(c *gin.Context, in *interaction) bool {
	_, ok := j.sessionFor(c.Request, in)
	return ok
}

func (j *Journey) requester(lang string, a *consent.Approval) ui.Requester {
	r := ui.Requester{
		Name: a.ServiceProvider.Name, SIRET: a.ServiceProvider.SIRET, DPO: a.ServiceProvider.DPO,
		Service: a.Purpose.Service.In(lang),
	}
	if a.Editor != nil {
		r.Editor = a.Editor.Name
	}
	return r
}

func (j *Journey) operator() ui.Operator {
	return ui.Operator{Name: j.Operator.Name, DPO: j.Operator.DPO}
}

func text(t consent.Text) ui.Text { return ui.Text{FR: t.FR, EN: t.EN} }

// groups lists what would be looked up, by source in the catalogue's order.
func groups(cr consent.Request) []ui.Group {
	var all []ui.Group
	for _, d := range cr.Data() {
		at := slices.IndexFunc(all, func(g ui.Group) bool { return g.Source == d.Source })
		if at < 0 {
			all = append(all, ui.Group{Source: d.Source})
			at = len(all) - 1
		}
		all[at].Data = append(all[at].Data, askedOf(cr, d))
	}
	return all
}

func askedOf(cr consent.Request, d consent.Datum) ui.Asked {
	return ui.Asked{Datum: d.ID, Required: required(cr, d), Why: why(cr.Approval, d.ID), Period: cr.Period.Of(d), Answered: answeredOf(d)}
}

func required(cr consent.Request, d consent.Datum) bool {
	return slices.ContainsFunc(cr.Required, func(r consent.Datum) bool { return r.ID == d.ID })
}

// why is the approval's reason for one datum.
func why(a *consent.Approval, id string) ui.Text {
	for _, data := range [][]consent.ApprovedDatum{a.Data.Required, a.Data.Optional} {
		for _, d := range data {
			if d.ID == id {
				return text(d.Why)
			}
		}
	}
	return ui.Text{}
}

// consentPage is the page of the decision: the very values, from the same
// answers a decision would send.
func (j *Journey) consentPage(in *interaction, t ticket, lang string) (ui.Consent, error) {
	page, err := j.decisionPage(in, t, lang, shownItem)
	page.Form.CSRF = formToken(t.secret)
	return page, err
}

// judgedPage is the same page without its values and token, for an answer to be held to:
// neither the screen's digest nor the button depends on them.
func (j *Journey) judgedPage(in *interaction, t ticket, lang string) (ui.Consent, error) {
	return j.decisionPage(in, t, lang, askedItem)
}

// An itemOf makes the page's item of one datum, from its source's answer.
type itemOf func(cr consent.Request, in *interaction, d consent.Datum, a providers.Answer) (ui.Item, error)

func (j *Journey) decisionPage(in *interaction, t ticket, lang string, item itemOf) (ui.Consent, error) {
	all, err := j.requestOf(in)
	if err != nil {
		return ui.Consent{}, j.failed(in, failure.Suspended, err)
	}
	cr := all.LookedUp(in.Ticked)
	sources, err := shownSources(cr, in, item)
	if err != nil {
		return ui.Consent{}, j.failed(in, failure.Ours, err)
	}
	a := cr.Approval
	page := ui.Consent{
		Lang: lang, Requester: j.requester(lang, a), Operator: j.operator(), Person: person(in.Login.Identity),
		NotMe: j.path("/pas-moi", t.handle), Purpose: text(a.Purpose.Text), PurposeID: a.Purpose.ID, Basis: ui.Basis(a.Legal.Act),
		LegalTexts: legalTexts(a), Approval: ui.Link{Name: a.ID, URL: "/habilitations/" + a.ID}, Sources: sources, NotTicked: all.NotLookedUp(in.Ticked),
		Retention: a.Retention.Period, RetentionOf: text(a.Retention.Rule), Proof: clocks.ProofKept(),
		Recipients: texts(a.Recipients), Transfers: text(a.Transfers), Automated: a.AutomatedDecision,
		Consequence: text(a.Refusal.Consequence), OtherPath: text(a.Refusal.OtherPath),
		Rights: a.Legal.Act.Rights(), Contacts: j.contacts(cr),
		ValuesUntil: in.FetchedAt.Add(clocks.ValuesShown), SessionUntil: in.Expires, Reference: in.ID,
		Form: ui.Form{Action: "/accord", Interaction: t.handle},
	}
	// While something required is missing the citizen may come back later; the
	// service provider learns only temporarily_unavailable.
	if !page.CanAccept() {
		page.Requester.Return = j.backUndecided(in)
	}
	if in.Assisted != nil {
		page.NotMe = "" // there is no login to change
	}
	page.Later = laterOf(cr, in)
	if !in.Extended {
		page.Extend = j.path("/accord", t.handle) + "&prolonger=1"
	}
	page.Form.Text = screenDigest(page)
	in.screen = screen{lang: lang, digest: page.Form.Text}
	return page, nil
}

func (j *Journey) backUndecided(in *interaction) string {
	if in.For == forDesk {
		return ""
	}
	return j.URLs.ErrorURL(&in.Request, "temporarily_unavailable", "")
}

func legalTexts(a *consent.Approval) []string {
	texts := slices.Clone(a.Legal.Texts)
	for _, needed := range []string{a.Legal.TaxSecrecy, a.Legal.FullAddress} {
		if needed != "" {
			texts = append(texts, needed)
		}
	}
	return texts
}

func texts(all []consent.Text) []ui.Text {
	var out []ui.Text
	for _, t := range all {
		out = append(out, text(t))
	}
	return out
}

// contacts is where each source's mistakes are corrected.
func (j *Journey) contacts(cr consent.Request) []ui.Contact {
	var all []ui.Contact
	for _, id := range consent.Sources(cr.Data()) {
		all = append(all, ui.Contact{Source: id, URL: j.SourceParties[id].DPO})
	}
	return all
}

// shownSources groups the answers by resource, each with its own outcome, in
// the catalogue's order.
func shownSources(cr consent.Request, in *interaction, item itemOf) ([]ui.Source, error) {
	var all []ui.Source
	for _, d := range cr.Data() {
		a := in.Answers[d.Resource]
		at := slices.IndexFunc(all, func(s ui.Source) bool { return s.Resource == d.Resource })
		if at < 0 {
			all = append(all, shownSource(in, d, a))
			at = len(all) - 1
		}
		i, err := item(cr, in, d, a)
		if err != nil {
			return nil, err
		}
		all[at].Items = append(all[at].Items, i)
	}
	return all, nil
}

func shownSource(in *interaction, d consent.Datum, a providers.Answer) ui.Source {
	s := ui.Source{
		ID: d.Source, Resource: d.Resource, Operator: a.Provenance.Operator, Outcome: ui.Outcome(a.Outcome),
		Absence: a.Outcome != providers.Found && in.canSend(d), NoChild: in.withoutChild(d), Typed: in.typed(d),
	}
	if consent.NeedsChild(d) && in.Child != nil {
		shown := in.Child.shown()
		s.Child = &shown
	}
	failed := a.Outcome != providers.Found && a.Outcome != providers.Unavailable && a.Outcome != ""
	s.Correct = failed && !s.NoChild && len(consent.Inputs([]consent.Datum{d})) > 0
	if a.Outcome == "" { // asked, and lost
		s.Outcome = ui.Unavailable
	}
	return s
}

// shownItem is a datum with exactly the part of the document its paths open;
// where a grid answers for it, with the value the answer was worked out of.
func shownItem(cr consent.Request, in *interaction, d consent.Datum, a providers.Answer) (ui.Item, error) {
	item, err := askedItem(cr, in, d, a)
	if err != nil || a.Outcome != providers.Found {
		return item, err
	}
	paths := d.Paths
	if d.Answered != nil {
		paths = d.Answered.Shown
	}
	item.Tariffs = tariffs(cr.Approval.Tariffs(d.ID), in, a)
	item.Value, err = consent.Mask(a.Document, paths)
	return item, err
}

// askedItem is a datum without its value, and without what tables make of it.
func askedItem(cr consent.Request, in *interaction, d consent.Datum, a providers.Answer) (ui.Item, error) {
	asked := askedOf(cr, d)
	item := ui.Item{
		Datum: d.ID, Unit: d.Unit, Required: asked.Required, Why: asked.Why,
		Hidden: d.Preview == consent.PreviewHidden, Chosen: slices.Contains(in.Chosen, d.ID), Asked: asked.Period,
	}
	if d.Period == consent.PeriodMonth || d.Period == consent.PeriodIncomeYear { // others tell it in the value
		item.Period = a.Provenance.Period
	}
	if item.Period == "" {
		item.Period = asked.Period
	}
	item.Tariffs = tariffs(cr.Approval.Tariffs(d.ID), in, providers.Answer{})
	if item.Answered = asked.Answered; item.Answered != nil {
		if said, ok := d.AnswerIn(a.Document); ok {
			item.Answer = &ui.Answer{Code: said.Code, Label: text(said.Label)}
		}
	}
	return item, nil
}

// tariffs are what the requester's tables make of a source's answer.
func tariffs(grids []consent.Grid, in *interaction, a providers.Answer) []ui.Tariff {
	var all []ui.Tariff
	for _, g := range grids {
		t := ui.Tariff{Grid: g.ID, YesNo: g.YesNo()}
		if a.Outcome == providers.Found {
			if said, ok := g.Answer(a.Document, consent.FrenchDay(in.FetchedAt)); ok {
				t.Answer = &ui.Answer{Code: said.Code, Label: text(said.Label)}
			}
		}
		all = append(all, t)
	}
	return all
}

// answeredOf is what a page says of the grid that answers for a datum.
func answeredOf(d consent.Datum) *ui.Answered {
	if d.Answered == nil {
		return nil
	}
	g := d.Answered.Grid
	return &ui.Answered{Grid: g.ID, YesNo: g.YesNo(), Choices: len(g.Answers()), Reads: d.Answered.Reads[1:]}
}

func person(id franceconnect.Identity) ui.Person {
	return ui.Person{Name: shownName(id), Birthdate: born(id), Gender: id.Gender}
}

// born is the date of birth as the identity provider has it, unknown parts 00.
func born(id franceconnect.Identity) string { return cmp.Or(id.IDPBirthdate, id.Birthdate) }

// shownName is the first name and the name in use.
func shownName(id franceconnect.Identity) string {
	first := id.GivenName
	if len(id.GivenNames) > 0 {
		first = id.GivenNames[0]
	}
	if id.PreferredUsername != "" {
		return first + " " + id.PreferredUsername
	}
	return first + " " + id.FamilyName
}
