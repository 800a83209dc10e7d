package journey

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"accord/broker/clocks"
	"accord/broker/failure"
	"accord/ui"
)

// notMe drops what was fetched, the login and whatever session there is, and
// starts the request again: somebody else is at the screen.
func (j *Journey) notMe(c *gin.Context) error {
	in, t, err := j.interactionOf(c, c.Query("i"))
	if err != nil {
		return err
	}
	defer j.locks.lock(in.ID)()
	// Read again under the lock: a decision made meanwhile stays made.
	if in, err = j.load(c.Request.Context(), t.secret); err != nil {
		return failure.New(failure.SessionLost, err)
	}
	if in.Stage == decided {
		return j.alreadyAnswered(c, t)
	}
	token := ""
	if in.Login != nil {
		token = in.Login.IDToken
	}
	in.Stage, in.Login, in.Citizen, in.Subject, in.Chosen, in.Later = asked, nil, "", "", nil, false
	in.unlearn()
	in.until(j.Now(), clocks.ToFranceConnect)
	if err := j.save(c.Request.Context(), in, t.secret); err != nil {
		return j.failed(in, failure.Busy, err)
	}
	j.SignOut(c.Writer, c.Request)
	j.setTicket(c.Writer, t) // the back button no longer shows the values
	c.Redirect(http.StatusSeeOther, j.logoutThen(c, token, t.handle))
	return nil
}

// logoutThen ends FranceConnect's session when it can be reached; the request
// starts again in any case.
func (j *Journey) logoutThen(c *gin.Context, idToken, handle string) string {
	if idToken == "" {
		return j.path("/connexion", handle)
	}
	url, err := j.FranceConnect.LogoutURL(c.Request.Context(), idToken, handle)
	if err != nil {
		return j.path("/connexion", handle)
	}
	return url
}

// loggedOut is where FranceConnect sends the browser after its logout: back
// into the request the state names, to the service provider whose logout it
// was, or to the goodbye page.
func (j *Journey) loggedOut(c *gin.Context) error {
	state := c.Query("state")
	if _, err := j.ticketOf(c.Request, state); err == nil {
		c.Redirect(http.StatusSeeOther, j.path("/connexion", state))
		return nil
	}
	if back := j.LoggedOut(c.Request.Context(), state); back != "" {
		c.Redirect(http.StatusSeeOther, back)
		return nil
	}
	j.UI.Render(c.Writer, c.Request, http.StatusOK, ui.SignedOut{FranceConnect: true})
	return nil
}
