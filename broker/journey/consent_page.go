package journey

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"accord/broker/clocks"
	"accord/broker/failure"
	"accord/ui"
)

// showConsent serves the values, or a form-less waiting page while sources are
// still asked: the decision form exists once all is settled.
func (j *Journey) showConsent(c *gin.Context) error {
	in, t, err := j.settled(c)
	if err != nil {
		return err
	}
	switch {
	case in.Stage == decided:
		return j.alreadyAnswered(c, t)
	case in.Stage != back:
		c.Redirect(http.StatusSeeOther, j.path("/connexion", t.handle))
		return nil
	case in.Answers == nil:
		return j.waiting(c, in, t)
	case !j.Now().Before(in.FetchedAt.Add(clocks.ValuesShown)):
		return j.reloadPage(c, in, t)
	}
	if err := j.extend(c, in, t); err != nil {
		return err
	}
	return j.render(c, in, t, http.StatusOK, nil)
}

// settled opens the interaction, holding the request a little while sources
// are still asked.
func (j *Journey) settled(c *gin.Context) (*interaction, ticket, error) {
	in, t, err := j.interactionOf(c, c.Query("i"))
	if err != nil || in.Stage != back || in.Answers != nil {
		return in, t, err
	}
	running, ok := j.looks.Load(in.ID)
	if !ok {
		return in, t, nil
	}
	hold := time.NewTimer(clocks.HeldGET)
	defer hold.Stop()
	select {
	case <-running.(*look).done:
		return j.interactionOf(c, c.Query("i"))
	case <-hold.C:
	case <-c.Request.Context().Done():
	}
	return in, t, nil
}

// waiting reloads itself by a header. A look-up that nobody runs any more (the
// process restarted) would never end: it is offered again.
func (j *Journey) waiting(c *gin.Context, in *interaction, t ticket) error {
	if _, running := j.looks.Load(in.ID); !running {
		if again, err := j.load(c.Request.Context(), t.secret); err == nil && again.Answers != nil {
			return j.render(c, again, t, http.StatusOK, nil)
		}
		return j.failed(in, failure.TimedOut, nil).WithRetry(j.retry(in))
	}
	cr, err := j.requestOf(in)
	if err != nil {
		return j.failed(in, failure.Suspended, err)
	}
	page := ui.Waiting{Requester: j.requester(in, cr.Approval), Seconds: 3, Again: j.path("/accord", t.handle)}
	for _, g := range groups(cr) {
		if _, asked := j.Sources[g.Source]; asked {
			page.Pending = append(page.Pending, g.Source)
		}
	}
	j.UI.Render(c.Writer, c.Request, http.StatusOK, page)
	return nil
}

// render shows the decision page, again set when it came back without a clear
// answer.
func (j *Journey) render(c *gin.Context, in *interaction, t ticket, status int, amend func(*ui.Consent)) error {
	page, err := j.consentPage(in, t, j.lang(c))
	if err != nil {
		return err
	}
	if amend != nil {
		amend(&page)
	}
	j.UI.Render(c.Writer, c.Request, status, page)
	return nil
}

func (j *Journey) reloadPage(c *gin.Context, in *interaction, t ticket) error {
	a := j.approval(in)
	j.UI.Render(c.Writer, c.Request, http.StatusOK, ui.Reload{Requester: j.requester(in, a), Purpose: text(a.Purpose.Text),
		Wiped: in.FetchedAt.Add(clocks.ValuesShown), Chosen: in.Chosen,
		Form: ui.Form{Action: "/accord", CSRF: formToken(t.secret), Interaction: t.handle}})
	return nil
}

// extend gives the citizen more time, once (WCAG 2.2.1).
func (j *Journey) extend(c *gin.Context, in *interaction, t ticket) error {
	if c.Query("prolonger") != "1" || in.Extended {
		return nil
	}
	defer j.locks.lock(in.ID)()
	in.Extended = true
	in.Expires = earliest(in.Expires.Add(clocks.Extension), in.Created.Add(clocks.InteractionAtMost))
	if err := j.save(c.Request.Context(), in, t.secret); err != nil {
		return j.failed(in, failure.Busy, err)
	}
	return nil
}

// screenDigest names the page as shown, every value, name and token replaced
// by its catalogue id, so that the digest tells nobody a value.
func screenDigest(p ui.Consent) string {
	sum := sha256.Sum256(p.ScreenModel())
	return "sha-256:" + base64.RawURLEncoding.EncodeToString(sum[:])
}
