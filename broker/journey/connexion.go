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
	"accord/consent"
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
	if in.Stage == back || in.Stage == choosing || in.Stage == decided {
		return j.elsewhere(c, in, t)
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
	case ui.ChoiceRefuse:
		return j.refuseUnknown(c, in, t, beforeLogin)
	case ui.ChoiceSee:
		return j.wish(c, in, t)
	case "session":
		return j.lookFromSession(c, in, t)
	case ui.ChoiceReread:
		return j.connexionAgain(c, in, t, c.PostFormArray("item"), func(p *ui.Connexion) { p.Again = true })
	}
	return failure.Newf(failure.InvalidForm, "choix is no button of the page").WithRetry(j.path("/connexion", t.handle))
}

// wish takes what the citizen wants to see: sensitive data only if ticked. What
// the approval requires must be ticked, or refused as a whole.
func (j *Journey) wish(c *gin.Context, in *interaction, t ticket) error {
	cr, err := j.requestOf(in)
	if err != nil {
		return j.failed(in, failure.Suspended, err)
	}
	j.keepShown(c, in)
	j.notTheKnown(c, in)
	ticked := cr.Ticks(c.PostFormArray("item"))
	if untold := cr.Unticked(ticked); len(untold) > 0 {
		return j.connexionAgain(c, in, t, ticked, func(p *ui.Connexion) { p.Untold = consent.IDs(untold) })
	}
	in.Ticked = ticked
	if !needsTyping(cr.LookedUp(ticked).Data()) {
		return j.look(c, in, t)
	}
	in.Stage = typing
	in.until(j.Now(), clocks.ToFranceConnect)
	if err := j.save(c.Request.Context(), in, t.secret); err != nil {
		return j.failed(in, failure.Busy, err)
	}
	return j.elsewhere(c, in, t)
}

// connexionAgain shows the page again: nothing was decided, nothing kept.
func (j *Journey) connexionAgain(c *gin.Context, in *interaction, t ticket, ticked []string, amend func(*ui.Connexion)) error {
	page, err := j.connexionPage(c, in, t)
	if err != nil {
		return err
	}
	page.Ticked = ticked
	amend(&page)
	findable(c, t)
	j.UI.Render(c.Writer, c.Request, http.StatusUnprocessableEntity, page)
	return nil
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
	cr, err := j.lookedUp(in)
	if err != nil {
		return false, j.failed(in, failure.Suspended, err)
	}
	asked, err := j.Store.RequestLookup(c.Request.Context(), j.lookupOf(in, cr))
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
		return false, j.failed(in, failure.TooMany, err).WithAt(in.Expires)
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
		State: in.State, Nonce: in.Nonce, Scopes: j.franceConnectScopes(in), Fresh: in.fresh(),
	})
	if err != nil {
		j.sawFranceConnect(err)
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
// data-provider scopes of the data to be looked up.
func (j *Journey) franceConnectScopes(in *interaction) []string {
	if in.For == forHistory {
		return []string{"openid", "identite_pivot", "idp_birthdate"}
	}
	cr, err := j.lookedUp(in)
	if err != nil {
		return nil
	}
	return cr.FranceConnectScopes(j.Entitled)
}
