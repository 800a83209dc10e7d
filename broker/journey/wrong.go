package journey

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"accord/broker/failure"
	"accord/consent"
	"accord/ui"
)

const wrongPath = "/donnees-fausses"

// dispute ends a request whose data the citizen calls wrong: a refusal like any
// other, to the log and to the service provider. Only the citizen's next page
// differs, which says where to have them corrected (GDPR 16).
func (j *Journey) dispute(c *gin.Context, in *interaction, t ticket) error {
	cr, err := j.lookedUp(in)
	if err != nil {
		return j.failed(in, failure.Suspended, err)
	}
	in.Wrong = consent.Sources(cr.Data())
	return j.refuse(c, in, t, atDecision)
}

// showWrong serves that page for as long as the receipt's opens with the same
// cookie.
func (j *Journey) showWrong(c *gin.Context) error {
	in, t, err := j.interactionOf(c, c.Query("i"))
	switch {
	case err != nil && t.secret != nil:
		return j.alreadyAnswered(c, t)
	case err != nil:
		return err
	case in.Stage != decided || in.Wrong == nil:
		return j.elsewhere(c, in, t)
	}
	j.UI.Render(c.Writer, c.Request, http.StatusOK, j.wrongPage(c, in))
	return nil
}

func (j *Journey) wrongPage(c *gin.Context, in *interaction) ui.WrongData {
	page := ui.WrongData{Receipt: "/recu/" + in.Receipt, Reference: in.ID}
	if j.asShown(in) {
		a := in.resolved.Approval
		page.Requester, page.OtherPath = j.requester(j.lang(c), a), text(a.Refusal.OtherPath)
	}
	if in.For == forRequest {
		page.Requester.Return = j.URLs.ErrorURL(&in.Request, "access_denied", "the citizen refused")
	}
	for _, id := range in.Wrong {
		p := j.SourceParties[id]
		page.Holders = append(page.Holders, ui.Holder{Source: id, Name: p.Name, Address: p.Address, DPO: p.DPO})
	}
	return page
}
