package verification

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"accord/consent/audit"
	"accord/ui"
)

// sheet prints a genuine delivery, made from the text just posted; anything
// else gets the verdict that says why not.
func (p *Pages) sheet(c *gin.Context) error {
	v, problem, err := p.judged(c)
	switch {
	case err != nil:
		return err
	case problem != "":
		p.UI.Render(c.Writer, c.Request, http.StatusUnprocessableEntity, ui.Verifier{Problem: problem})
		return nil
	case v.Document == "":
		p.UI.Render(c.Writer, c.Request, http.StatusOK, ui.Verifier{Verdict: &v})
		return nil
	}
	p.UI.Render(c.Writer, c.Request, http.StatusOK, ui.Attestation{
		Delivery: *v.Delivery, Logged: v.Checks[len(v.Checks)-1].Result == audit.Passed, Checked: p.Now(),
		Code: codeOf(v.Document), Bytes: len(v.Document), Most: MaxCode, Where: p.IssuerURL + Path,
	})
	return nil
}
