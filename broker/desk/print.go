package desk

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"accord/broker/failure"
	"accord/ui"
)

// printed is the receipt on one sheet, for the person: it holds no value.
func (p *Pages) printed(c *gin.Context) error {
	d, err := p.caseOf(c)
	if err != nil {
		return err
	}
	if d.Receipt == "" {
		return failure.Newf(failure.NotFound, "nothing was recorded in this case")
	}
	page, err := p.Journey.DeskReceipt(c.Request.Context(), d.Receipt)
	if err != nil {
		return failure.New(failure.Busy, err)
	}
	p.UI.Render(c.Writer, c.Request, http.StatusOK, ui.DeskReceipt{Receipt: page, Look: p.IssuerURL + "/mes-accords"})
	return nil
}
