package journey

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"accord/broker/clocks"
	"accord/broker/failure"
	"accord/broker/store"
	"accord/oidc/franceconnect"
	"accord/ui"
)

// showConnexion serves the page that says who asks, why, and what would be
// looked up and where, before any login.
func (j *Journey) showConnexion(c *gin.Context) error {
	in, t, err := j.interactionOf(c, c.Query("i"))
	if err != nil {
		return err
	}
	switch in.Stage {
	case back:
		c.Redirect(http.StatusSeeOther, j.path("/accord", t.handle))
		return nil
	case decided:
		return j.alreadyAnswered(c, t)
	}
	page, err := j.connexionPage(c, in, t)
	if err != nil {
		return err
	}
	j.UI.Render(c.Writer, c.Request, http.StatusOK, page)
	return nil
}

// answerConnexion takes one of its two buttons.
func (j *Journey) answerConnexion(c *gin.Context) error {
	in, t, unlock, err := j.formOf(c)
	if err != nil {
		return err
	}
	defer unlock()
	if in.Stage == decided {
		return j.alreadyAnswered(c, t)
	}
	switch c.PostForm("choix") {
	case "refuser":
		return j.refuseUnknown(c, in, t, beforeLogin)
	case "voir":
		j.keepShown(c, in)
		return j.look(c, in, t)
	case "session":
		return j.lookFromSession(c, in, t)
	}
	return failure.Newf(failure.InvalidForm, "choix is no button of the page").WithRetry(j.path("/connexion", t.handle))
}

// look records the citizen's request to see their data, then sends them to
// FranceConnect with a nonce that binds its signature to that record.
func (j *Journey) look(c *gin.Context, in *interaction, t ticket) error {
	if answered, err := j.requestLook(c, in, t); answered || err != nil {
		return err
	}
	if in.For == forDesk {
		return j.askSources(c, in, t)
	}
	return j.toFranceConnect(c.Writer, c.Request, in, t, in.Lookup)
}

// requestLook makes the request durable. answered tells that the interaction
// was decided before and its answer sent again.
func (j *Journey) requestLook(c *gin.Context, in *interaction, t ticket) (answered bool, err error) {
	asked, err := j.Store.RequestLookup(c.Request.Context(), j.lookupOf(in))
	switch {
	case errors.Is(err, store.ErrCapped): // the agent's, whose QR code this is
		j.tellRoom(c.Request.Context(), in, Room{State: RoomCapped})
		j.UI.Render(c.Writer, c.Request, http.StatusTooManyRequests, ui.DeskStop{Reason: ui.StopCap})
		return true, nil
	case errors.Is(err, store.ErrNotCovered):
		return false, j.failed(in, failure.Suspended, err)
	case errors.Is(err, store.ErrConflict): // asked too often, or decided
		if j.repeat(c, t) == nil {
			return true, nil
		}
		return false, j.failed(in, failure.TooMany, err)
	case err != nil:
		return false, j.failed(in, failure.Busy, err)
	}
	in.Lookup = keep(asked)
	return false, nil
}

// toFranceConnect leaves for the login. The state names the interaction by its
// handle, so that two tabs never meet.
func (j *Journey) toFranceConnect(w http.ResponseWriter, r *http.Request, in *interaction, t ticket, look *logged) error {
	in.State = t.handle + randomHex(secretSize)
	in.R = make([]byte, secretSize)
	rand.Read(in.R)
	in.Nonce = nonce(look, in.R)
	in.Stage = sent
	in.until(j.Now(), clocks.AtFranceConnect)
	address, err := j.FranceConnect.AuthorizationURL(r.Context(), franceconnect.AuthorizationRequest{
		State: in.State, Nonce: in.Nonce, Scopes: j.franceConnectScopes(in),
	})
	if err != nil {
		return j.failed(in, failure.FranceConnectDown, err).WithRetry(j.retry(in))
	}
	if err := j.save(r.Context(), in, t.secret); err != nil {
		return j.failed(in, failure.Busy, err)
	}
	j.setTicket(w, t)
	http.Redirect(w, r, address, http.StatusSeeOther)
	return nil
}

// nonce is hex SHA-256(SHA-256(event bytes of lookup.requested) ‖ r)
// (design §6). Without a look-up there is nothing to bind but r.
func nonce(look *logged, r []byte) string {
	h := sha256.New()
	if look != nil {
		h.Write(look.Digest)
	}
	h.Write(r)
	return hex.EncodeToString(h.Sum(nil))
}

func randomHex(n int) string {
	raw := make([]byte, n)
	rand.Read(raw)
	return hex.EncodeToString(raw)
}

// franceConnectScopes are the identity of every login, and exactly the
// data-provider scopes of the requested data.
func (j *Journey) franceConnectScopes(in *interaction) []string {
	if in.For == forHistory {
		return []string{"openid", "identite_pivot", "idp_birthdate"}
	}
	cr, err := j.requestOf(in)
	if err != nil {
		return nil
	}
	return cr.FranceConnectScopes(j.Entitled)
}
