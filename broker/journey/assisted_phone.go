package journey

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"accord/broker/clocks"
	"accord/broker/failure"
	"accord/broker/store"
	"accord/providers"
	"accord/ui"
)

// The person's own phone: the QR code's address opens once and shows nothing of
// a person. What the agent wrote is confirmed by the birth date; then the
// citizen's pages follow, and the agent waits in a room.
//
//	GET  /rendez-vous/{token}   who asks; a button, so that a preview opens nothing
//	POST /rendez-vous/{token}   taken, once → cookie → /telephone
//	POST /telephone             birth date, three tries → lookup.requested → /accord
//	POST /accord                the decision → /telephone/fini; the room learns it

const birthdateTries = 3

// An Invitation is an address for one phone, and the key of the room where the
// agent waits.
type Invitation struct {
	Path  string
	Room  []byte
	Until time.Time
}

// Invite makes the address of a QR code.
func (j *Journey) Invite(ctx context.Context, a Assistance) (Invitation, error) {
	in, err := j.assist(a)
	if err != nil {
		return Invitation{}, err
	}
	in.Shown = "" // the person's own page is the one that counts
	in.Assisted.Room = randomBytes(32)
	in.until(j.Now(), clocks.Invitation)
	token := randomBytes(secretSize)
	if err := errors.Join(j.save(ctx, in, token), j.setRoom(ctx, in, Room{State: RoomWaiting})); err != nil {
		return Invitation{}, err
	}
	return Invitation{Path: "/rendez-vous/" + base64url(token), Room: in.Assisted.Room, Until: in.Expires}, nil
}

func tokenOf(c *gin.Context) ([]byte, error) {
	token, err := base64.RawURLEncoding.DecodeString(c.Param("token"))
	if err != nil || len(token) != secretSize {
		return nil, failure.Newf(failure.LinkExpired, "address of another shape")
	}
	return token, nil
}

// showInvitation is what the QR code opens.
func (j *Journey) showInvitation(c *gin.Context) error {
	token, err := tokenOf(c)
	if err != nil {
		return err
	}
	in, err := j.load(c.Request.Context(), token)
	if err != nil || in.For != forDesk {
		return failure.Newf(failure.LinkExpired, "the address was used, or its time is over")
	}
	j.UI.Render(c.Writer, c.Request, http.StatusOK, ui.Invitation{
		Requester: j.requester(j.lang(c), j.approval(in)), Form: ui.Form{Action: c.Request.URL.Path, CSRF: formToken(token)},
	})
	return nil
}

// takeInvitation uses the address up and gives this phone its cookie.
func (j *Journey) takeInvitation(c *gin.Context) error {
	if err := ReadForm(c); err != nil {
		return err
	}
	token, err := tokenOf(c)
	if err != nil {
		return err
	}
	in, err := j.load(c.Request.Context(), token)
	if err == nil {
		_, err = j.Store.TakeTemporary(c.Request.Context(), store.Interactions, hashOf(token))
	}
	if err != nil || in.For != forDesk {
		return failure.Newf(failure.LinkExpired, "the address was used, or its time is over")
	}
	id, err := uuid.Parse(in.ID)
	if err != nil {
		return failure.New(failure.Ours, err)
	}
	j.makeRoom(c.Writer, c.Request)
	t := newTicket(id)
	in.Handle = t.handle
	in.until(j.Now(), clocks.ToDecision)
	if err := j.save(c.Request.Context(), in, t.secret); err != nil {
		return failure.New(failure.Busy, err)
	}
	j.tellRoom(c.Request.Context(), in, Room{State: RoomOpened})
	j.setTicket(c.Writer, t)
	c.Redirect(http.StatusSeeOther, j.path("/telephone", t.handle))
	return nil
}

// showConfirm asks for the birth date, and says who asks, why and what would be
// looked up.
func (j *Journey) showConfirm(c *gin.Context) error {
	in, t, err := j.interactionOf(c, c.Query("i"))
	if err != nil {
		return err
	}
	if in.For != forDesk || in.Stage != asked {
		c.Redirect(http.StatusSeeOther, j.path("/accord", t.handle))
		return nil
	}
	return j.confirmPage(c, in, t, http.StatusOK, nil)
}

func (j *Journey) confirmPage(c *gin.Context, in *interaction, t ticket, status int, problems []ui.Problem) error {
	connexion, err := j.connexionPage(c, in, t)
	if err != nil {
		return err
	}
	connexion.Form.Action = "/telephone"
	findable(c, t)
	j.UI.Render(c.Writer, c.Request, status, ui.Confirm{Connexion: connexion, Problems: problems})
	return nil
}

// confirm takes the birth date, or the refusal.
func (j *Journey) confirm(c *gin.Context) error {
	in, t, unlock, err := j.formOf(c)
	if err != nil {
		return err
	}
	defer unlock()
	switch {
	case in.Stage == decided:
		return j.finished(c, in, t)
	case in.For != forDesk || in.Stage != asked:
		return failure.Newf(failure.SessionLost, "no birth date is asked here")
	case c.PostForm("choix") == "refuser":
		return j.refuse(c, in, t, beforeLogin)
	case c.PostForm("choix") != "voir":
		return j.confirmPage(c, in, t, http.StatusUnprocessableEntity, []ui.Problem{{Field: "refuse", Text: "choose"}})
	}
	entered := providers.EnteredBirthdate(c.PostForm("annee"), c.PostForm("mois"), c.PostForm("jour"))
	if providers.CompletedDate(entered) != in.Login.Identity.Birthdate {
		return j.mistaken(c, in, t)
	}
	if answered, err := j.requestLook(c, in, t); answered || err != nil {
		return err
	}
	return j.askSources(c, in, t)
}

// mistaken counts a birth date that is not the agent's; the third ends it.
func (j *Journey) mistaken(c *gin.Context, in *interaction, t ticket) error {
	in.Assisted.Tries++
	if in.Assisted.Tries >= birthdateTries {
		j.forget(c.Request.Context(), t.secret)
		j.dropTicket(c.Writer, t)
		j.tellRoom(c.Request.Context(), in, Room{State: RoomMistaken})
		j.UI.Render(c.Writer, c.Request, http.StatusForbidden, ui.DeskStop{Reason: ui.StopMistaken})
		return nil
	}
	if err := j.save(c.Request.Context(), in, t.secret); err != nil {
		return j.failed(in, failure.Busy, err)
	}
	return j.confirmPage(c, in, t, http.StatusUnprocessableEntity, []ui.Problem{{Field: "jour", Text: "birthdate"}})
}

// showFinished tells the person what was recorded; the receipt opens by the
// same cookie.
func (j *Journey) showFinished(c *gin.Context) error {
	in, t, err := j.interactionOf(c, c.Query("i"))
	if err != nil {
		return err
	}
	return j.finished(c, in, t)
}

func (j *Journey) finished(c *gin.Context, in *interaction, t ticket) error {
	if in.Stage != decided || in.For != forDesk {
		c.Redirect(http.StatusSeeOther, j.path("/accord", t.handle))
		return nil
	}
	findable(c, t)
	j.UI.Render(c.Writer, c.Request, http.StatusOK, ui.Finished{
		Requester: j.requester(j.lang(c), j.approval(in)), Accepted: in.Outcome == "accepted", Receipt: "/recu/" + in.Receipt,
	})
	return nil
}
