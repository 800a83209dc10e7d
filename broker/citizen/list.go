package citizen

import (
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"accord/broker/failure"
	"accord/broker/store"
	"accord/consent"
	"accord/consent/receipt"
	"accord/ui"
)

// list shows every agreement and refusal of the citizen, newest first.
func (p *Pages) list(c *gin.Context) error {
	s, err := p.session(c.Request)
	if err != nil {
		_, had := c.Request.Cookie(p.cookieName())
		p.UI.Render(c.Writer, c.Request, http.StatusOK, ui.SignIn{Form: ui.Form{Action: "/mes-accords/connexion"}, Ended: had == nil})
		return nil
	}
	lines, err := p.lines(c, s)
	if err != nil {
		return failure.New(failure.Busy, err)
	}
	f, problems := p.filterOf(c.Request.URL.Query())
	kept := lines
	if len(problems) == 0 {
		kept = f.of(p, p.UI.Lang(c.Request), lines)
	}
	shown, newer, older := pageOf(kept, perPage, "/mes-accords", f.query(), c.Query("page"))
	page := ui.MyAccords{
		Filter: f.shown(lines), Found: len(kept), Problems: problems, Newer: newer, Older: older, Until: s.Until,
		Logout: ui.Form{Action: "/deconnexion", CSRF: s.formToken()},
	}
	if page.Accords, err = p.whole(c, shown); err != nil {
		return failure.New(failure.Busy, err)
	}
	status := http.StatusOK
	if len(lines) > 0 {
		page.Export = "/mes-accords/export"
	}
	if len(problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	p.UI.Render(c.Writer, c.Request, status, page)
	return nil
}

// signIn leads to FranceConnect. It needs no form token: the worst another
// site can do is to show the login page.
func (p *Pages) signIn(c *gin.Context) error {
	return p.Begin(c.Writer, c.Request, "/mes-accords")
}

// A line is one agreement or refusal, with as much of it as the list is sorted
// and filtered by: what takes more reading is read for the lines shown alone.
type line struct {
	ui.Accord
	grant *store.Grant // nil for a refusal, which is whole
}

// lines are all agreements and refusals of a citizen, newest first.
func (p *Pages) lines(c *gin.Context, s session) ([]line, error) {
	grants, err := p.Store.GrantsOf(c.Request.Context(), s.Citizen)
	if err != nil {
		return nil, err
	}
	var all []line
	for _, g := range grants {
		a := p.head(g)
		if a.State, err = p.stateOf(c, g); err != nil {
			return nil, err
		}
		all = append(all, line{a, &g})
	}
	refused, err := p.refusals(c, s)
	if err != nil {
		return nil, err
	}
	for _, a := range refused {
		all = append(all, line{Accord: a})
	}
	slices.SortStableFunc(all, func(a, b line) int { return b.At.Compare(a.At) })
	return all, nil
}

// whole reads what the lines of one page lack.
func (p *Pages) whole(c *gin.Context, lines []line) ([]ui.Accord, error) {
	var all []ui.Accord
	for _, l := range lines {
		a := l.Accord
		if l.grant != nil {
			var err error
			if a, err = p.accord(c, *l.grant); err != nil {
				return nil, err
			}
		}
		all = append(all, a)
	}
	return all, nil
}

// head is what a grant's own row tells.
func (p *Pages) head(g store.Grant) ui.Accord {
	a := ui.Accord{
		URL: "/mes-accords/" + g.ID, Basis: ui.Basis(g.Basis), Data: g.Data, At: g.ValidFrom, Until: g.ValidUntil,
	}
	if g.FetchMode == consent.ModeRepeated {
		a.Fetches = &ui.Fetches{Done: len(g.Snapshots), Most: g.MaxFetches}
	}
	if len(g.Data) == 0 {
		a.Data = []string{consent.IdentifierID}
	}
	p.name(&a, g.Approval, g.Recipient)
	return a
}

// stateOf needs the time of the last delivery for its being one: of a grant for
// once its row tells that too.
func (p *Pages) stateOf(c *gin.Context, g store.Grant) (ui.State, error) {
	delivered := time.Time{}
	switch {
	case len(g.Snapshots) == 0:
	case g.FetchMode != consent.ModeRepeated:
		delivered = g.ValidFrom
	case g.State == store.Given && !p.recurs(g):
		var err error
		if delivered, err = p.lastDelivery(c, g); err != nil {
			return "", err
		}
	}
	return p.state(g, delivered), nil
}

// accord is one grant as the list and its own page show it.
func (p *Pages) accord(c *gin.Context, g store.Grant) (ui.Accord, error) {
	last, err := p.lastDelivery(c, g)
	if err != nil {
		return ui.Accord{}, err
	}
	a := p.head(g)
	a.State, a.Delivered = p.state(g, last), last
	ch, err := p.choiceOf(c, g)
	if err != nil {
		return ui.Accord{}, err
	}
	a.Answers = answersOf(ch.given)
	if g.State == store.Given {
		a.Withdraw = a.URL + "/retirer"
	}
	if ch.telling() {
		a.Change = a.URL + "/modifier"
	}
	return a, nil
}

// answersOf are the data of which only an answer is sent, as the receipt says:
// approvals change. An erased receipt names none.
func answersOf(r receipt.Receipt) (ids []string) {
	for _, purpose := range r.Purposes {
		for _, d := range purpose.Data {
			if consent.IsAnswer(d.Attributes) {
				ids = append(ids, d.ID)
			}
		}
	}
	return ids
}

// name fills in who and why from the approval; one removed since leaves the
// SIRET, which the receipt explains.
func (p *Pages) name(a *ui.Accord, approval, siret string) {
	a.Requester = ui.Requester{Name: siret, SIRET: siret}
	if known, ok := p.Approval(approval); ok {
		a.Requester = Requester(known)
		a.Purpose = Text(known.Purpose.Text)
	}
}

func (p *Pages) state(g store.Grant, delivered time.Time) ui.State {
	switch {
	case g.State == store.Withdrawn:
		return ui.Ended
	case g.State == store.Revoked:
		return ui.Revoked
	case p.Now().Before(g.ValidUntil) && g.Approval != "" && !p.InForce(g.Approval):
		return ui.Frozen
	case !delivered.IsZero() && !p.recurs(g):
		return ui.Used
	case p.Now().Before(g.ValidUntil):
		return ui.Active
	}
	return ui.Expired
}

// recurs tells whether data can still be fetched under a grant.
func (p *Pages) recurs(g store.Grant) bool {
	return g.FetchMode == consent.ModeRepeated && p.Now().Before(g.ValidUntil) && len(g.Snapshots) < g.MaxFetches
}

// Requester is who asks, in the page's terms.
func Requester(a *consent.Approval) ui.Requester {
	r := ui.Requester{Name: a.ServiceProvider.Name, SIRET: a.ServiceProvider.SIRET, DPO: a.ServiceProvider.DPO}
	if a.Editor != nil {
		r.Editor = a.Editor.Name
	}
	return r
}

// Text is an approval's text, in the page's terms.
func Text(t consent.Text) ui.Text { return ui.Text{FR: t.FR, EN: t.EN} }
