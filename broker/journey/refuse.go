package journey

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"accord/broker/clocks"
	"accord/broker/failure"
	"accord/broker/store"
	"accord/consent"
	"accord/consent/audit"
)

// Stages of a refusal (design §4).
const (
	beforeLogin = "before_login"
	atLogin     = "login"
	atDecision  = "decision"
)

// refuseUnknown records the refusal of somebody not identified: on /connexion
// or by cancelling at FranceConnect. Its receipt names nobody. Whoever floods
// the log with such refusals still gets the answer, without the record.
func (j *Journey) refuseUnknown(c *gin.Context, in *interaction, t ticket, stage string) error {
	j.forgetLoginFor(c, in)
	if !j.refusals.Allow(in.Request.ClientID, c.ClientIP()) {
		j.Log.Warn("refusal not recorded: too many", "client", in.Request.ClientID, "stage", stage)
		return j.unrecordedRefusal(c, in, t)
	}
	return j.refuse(c, in, t, stage)
}

// refuse records a refusal and answers access_denied: an ordinary outcome.
func (j *Journey) refuse(c *gin.Context, in *interaction, t ticket, stage string) error {
	if !j.asShown(in) { // replaced, and restarted since: no receipt can say what was refused
		return j.unrecordedRefusal(c, in, t)
	}
	if err := j.consume(c, in); err != nil {
		return err
	}
	a := answer{
		URL: j.URLs.ErrorURL(&in.Request, "access_denied", "the citizen refused"), Back: Site(in.Request.RedirectURI),
		Name: in.resolved.Approval.ServiceProvider.Name, Outcome: "refused",
	}
	switch {
	case in.Wrong != nil:
		a.URL = j.path(wrongPath, t.handle)
	case in.For == forDesk:
		a.URL = j.path("/telephone/fini", t.handle)
	}
	err := j.record(c.Request.Context(), func() (store.DecideCmd, error) {
		return j.refusal(c, in, t, stage, &a)
	})
	if errors.Is(err, store.ErrConflict) {
		return j.repeat(c, t)
	}
	if err != nil {
		j.undecided(c, in, t)
		return j.failed(in, failure.Busy, err)
	}
	j.tellRoom(c.Request.Context(), in, Room{State: RoomRefused})
	return j.close(c, in, t, a)
}

// refusal builds the one transaction of a refusal.
func (j *Journey) refusal(c *gin.Context, in *interaction, t ticket, stage string, a *answer) (store.DecideCmd, error) {
	signed, err := j.sign(j.receiptInput(c, in, consent.Refused, stage))
	if err != nil {
		return store.DecideCmd{}, err
	}
	a.Receipt = signed.ID
	sealed, err := a.sealed(t.secret)
	if err != nil {
		return store.DecideCmd{}, err
	}
	approval := in.resolved.Approval
	event := audit.Event{
		Interaction: in.ID, Client: in.Request.ClientID, Recipient: approval.ServiceProvider.SIRET,
		Purpose: approval.Purpose.ID, Approval: in.Approval, ApprovalDigest: in.ApprovalDigest, Basis: string(approval.Legal.Act),
		Stage: stage, Receipt: signed.Digest,
	}
	if in.Assisted != nil {
		event.Mode, event.Agent = in.mode(), in.agent()
	}
	if in.Lookup != nil {
		event.Lookup = &in.Lookup.Index
	}
	if stage == atDecision {
		event.Citizen, event.Subject = in.Citizen, in.Subject
	}
	return store.DecideCmd{
		Interaction: in.ID, Kind: audit.ConsentRefused, Event: event, Receipt: signed,
		Answer: sealed, AnswerUntil: clocks.AnswerKept,
	}, nil
}

// record runs a decision, signing again when the key was retired meanwhile.
func (j *Journey) record(ctx context.Context, build func() (store.DecideCmd, error)) error {
	for range 3 {
		cmd, err := build()
		if err != nil {
			return fmt.Errorf("building the decision: %w", err)
		}
		if _, err = j.Store.Decide(ctx, cmd); !errors.Is(err, store.ErrStale) {
			return err
		}
	}
	return store.ErrStale
}

// close wipes the interaction and sends the citizen back.
func (j *Journey) close(c *gin.Context, in *interaction, t ticket, a answer) error {
	in.Receipt, in.Outcome = a.Receipt, a.Outcome
	in.wipe(j.Now())
	if err := j.save(c.Request.Context(), in, t.secret); err != nil {
		// The decision is durable; without this record only the receipt page
		// and the wiping wait for the interaction's expiry.
		j.Log.Error("closing an interaction", "cause", err)
	}
	// Browsers that keep a page for the back button, no-store or not, drop it
	// when its site sets a cookie: the values are gone once one has answered.
	j.setTicket(c.Writer, t)
	// 303: the browser must turn the POST into a GET and carry no form along.
	c.Redirect(http.StatusSeeOther, a.URL)
	return nil
}

func (j *Journey) unrecordedRefusal(c *gin.Context, in *interaction, t ticket) error {
	j.forget(c.Request.Context(), t.secret)
	j.dropTicket(c.Writer, t)
	c.Redirect(http.StatusSeeOther, j.URLs.ErrorURL(&in.Request, "access_denied", "the citizen refused"))
	return nil
}

// What unidentified visitors may write into the log, per client and address.
const (
	refusalBurst = 20
	refusalEvery = 6 * time.Second
)
