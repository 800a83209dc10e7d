package citizen

import (
	"net/http"
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
	accords, err := p.accords(c, s)
	if err != nil {
		return failure.New(failure.Busy, err)
	}
	shown, newer, older := pageOf(accords, perPage, "/mes-accords", nil, c.Query("page"))
	page := ui.MyAccords{
		Accords: shown, Newer: newer, Older: older, Until: s.Until,
		Logout: ui.Form{Action: "/deconnexion", CSRF: s.formToken()},
	}
	if len(accords) > 0 {
		page.Export = "/mes-accords/export"
	}
	p.UI.Render(c.Writer, c.Request, http.StatusOK, page)
	return nil
}

// signIn leads to FranceConnect. It needs no form token: the worst another
// site can do is to show the login page.
func (p *Pages) signIn(c *gin.Context) error {
	return p.Begin(c.Writer, c.Request, "/mes-accords")
}

func (p *Pages) accords(c *gin.Context, s session) ([]ui.Accord, error) {
	grants, err := p.Store.GrantsOf(c.Request.Context(), s.Citizen)
	if err != nil {
		return nil, err
	}
	var all []ui.Accord
	for _, g := range grants {
		a, err := p.accord(c, g)
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	refused, err := p.refusals(c, s)
	if err != nil {
		return nil, err
	}
	return newestFirst(append(all, refused...)), nil
}

// accord is one grant as the list and its own page show it.
func (p *Pages) accord(c *gin.Context, g store.Grant) (ui.Accord, error) {
	last, err := p.lastDelivery(c, g)
	if err != nil {
		return ui.Accord{}, err
	}
	a := ui.Accord{
		URL: "/mes-accords/" + g.ID, Basis: ui.Basis(g.Basis), Data: g.Data, State: p.state(g, last),
		At: g.ValidFrom, Until: g.ValidUntil, Delivered: last,
	}
	if g.FetchMode == consent.ModeRepeated {
		a.Fetches = &ui.Fetches{Done: len(g.Snapshots), Most: g.MaxFetches}
	}
	if len(g.Data) == 0 {
		a.Data = []string{consent.IdentifierID}
	}
	ch, err := p.choiceOf(c, g)
	if err != nil {
		return ui.Accord{}, err
	}
	a.Answers = answersOf(ch.given)
	p.name(&a, g.Approval, g.Recipient)
	if g.State == store.Given {
		a.Withdraw = a.URL + "/retirer"
	}
	if ch.changeable() {
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
	return ui.Requester{Name: a.ServiceProvider.Name, SIRET: a.ServiceProvider.SIRET}
}

// Text is an approval's text, in the page's terms.
func Text(t consent.Text) ui.Text { return ui.Text{FR: t.FR, EN: t.EN} }
