package journey

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
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
	case in.Stage == decided && in.For == forDesk:
		return j.finished(c, in, t)
	case in.Stage != back && in.For == forDesk:
		c.Redirect(http.StatusSeeOther, j.retry(in))
		return nil
	case in.Stage != back:
		return j.elsewhere(c, in, t)
	case in.Answers == nil:
		return j.waiting(c, in, t)
	case j.stale(in):
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
	if t, err := j.ticketOf(c.Request, c.Query("i")); err == nil {
		j.hold(c.Request.Context(), t)
	}
	return j.interactionOf(c, c.Query("i"))
}

// hold waits for the running look-up of an interaction, if there is one.
func (j *Journey) hold(ctx context.Context, t ticket) {
	running, ok := j.looks.Load(t.id.String())
	if !ok {
		return
	}
	hold := time.NewTimer(clocks.HeldGET)
	defer hold.Stop()
	select {
	case <-running.(*look).done:
	case <-hold.C:
	case <-ctx.Done():
	}
}

// waiting reloads itself by a header. A look-up that nobody runs any more (the
// process restarted) would never end: it is offered again.
func (j *Journey) waiting(c *gin.Context, in *interaction, t ticket) error {
	if _, running := j.looks.Load(in.ID); !running {
		again, err := j.load(c.Request.Context(), t.secret)
		switch {
		case err == nil && again.Stage == choosing:
			return j.elsewhere(c, again, t)
		case err == nil && again.Answers != nil:
			return j.render(c, again, t, http.StatusOK, nil)
		}
		return j.failed(in, failure.TimedOut, nil).WithRetry(j.retry(in))
	}
	cr, err := j.lookedUp(in)
	if err != nil {
		return j.failed(in, failure.Suspended, err)
	}
	page := ui.Waiting{Requester: j.requester(j.lang(c), cr.Approval), Seconds: 3, Again: j.path("/accord", t.handle)}
	for _, l := range j.round(in, cr) {
		if _, asked := j.Sources[l.source]; asked && !slices.Contains(page.Pending, l.source) {
			page.Pending = append(page.Pending, l.source)
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
	findable(c, t)
	j.UI.Render(c.Writer, c.Request, status, page)
	return nil
}

// findable names the interaction in the address of a page that answers a POST:
// its own links, to the other language, begin from there.
func findable(c *gin.Context, t ticket) {
	if c.Request.Method == http.MethodPost {
		c.Request.URL.RawQuery = url.Values{"i": {t.handle}}.Encode()
	}
}

func (j *Journey) reloadPage(c *gin.Context, in *interaction, t ticket) error {
	a := j.approval(in)
	if a.ID == "" {
		return j.failed(in, failure.Suspended, nil)
	}
	findable(c, t)
	j.UI.Render(c.Writer, c.Request, http.StatusOK, ui.Reload{
		Requester: j.requester(j.lang(c), a), Purpose: text(a.Purpose.Text),
		Wiped: in.FetchedAt.Add(clocks.ValuesShown), Chosen: in.Chosen, Suite: in.Later,
		Form: ui.Form{Action: "/accord", CSRF: formToken(t.secret), Interaction: t.handle},
	})
	return nil
}

// extend gives the citizen more time, once (WCAG 2.2.1).
func (j *Journey) extend(c *gin.Context, in *interaction, t ticket) error {
	if c.Query("prolonger") != "1" || in.Extended {
		return nil
	}
	defer j.locks.lock(in.ID)()
	// Read again under the lock: a decision made meanwhile stays made.
	now, err := j.load(c.Request.Context(), t.secret)
	if err != nil || now.Stage != back || now.Extended {
		return nil
	}
	now.Extended = true
	now.Expires = earliest(now.Expires.Add(clocks.Extension), now.Created.Add(clocks.InteractionAtMost))
	if err := j.save(c.Request.Context(), now, t.secret); err != nil {
		return j.failed(in, failure.Busy, err)
	}
	in.Extended, in.Expires = now.Extended, now.Expires
	return nil
}

// screenDigest names the page as shown, every value, name and token replaced
// by its catalogue id, so that the digest tells nobody a value.
func screenDigest(p ui.Consent) string {
	sum := sha256.Sum256(p.ScreenModel())
	return "sha-256:" + base64.RawURLEncoding.EncodeToString(sum[:])
}
