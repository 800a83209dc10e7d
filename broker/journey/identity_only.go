package journey

import (
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"accord/broker/clocks"
	"accord/broker/failure"
	"accord/consent"
	"accord/consent/audit"
	"accord/oidc/franceconnect"
)

// Scope openid alone: /connexion says that an identifier of the service
// provider's own is all it would get. There is no values page; the button of
// /connexion is the agreement, recorded once the login says who pressed it.
//
//	/connexion ─ lookup.requested, of no data ─→ FranceConnect ─ /callback ─┐
//	    └ with a web session: the same, at once, without evidence ──────────┤
//	                         receipt, grant, code in one transaction, 303 ←─┘

func (j *Journey) identityOnly(in *interaction) bool {
	cr, err := j.requestOf(in)
	return err == nil && cr.IdentityOnly
}

// mode is how the interaction's agreement came about.
func (in *interaction) mode() string {
	if in.Assisted != nil {
		return audit.ModeDesk
	}
	if in.resolved != nil && in.resolved.IdentityOnly {
		return audit.ModeIdentity
	}
	return audit.ModeJourney
}

// keepShown notes which page the button was pressed on: the decision is
// recorded when another one is due.
func (j *Journey) keepShown(c *gin.Context, in *interaction) {
	if j.identityOnly(in) {
		in.Lang, in.Shown = j.lang(c), j.connexionDigest(c, in)
	}
}

// lookFromSession serves the same citizen from the web session of
// /mes-accords. FranceConnect vouches for nothing here, and the receipt says
// so by its lack of evidence.
func (j *Journey) lookFromSession(c *gin.Context, in *interaction, t ticket) error {
	who, ok := j.sessionFor(c.Request, in)
	if !ok || !j.identityOnly(in) {
		return failure.Newf(failure.TimedOut, "no web session serves this request").WithRetry(j.retry(in))
	}
	j.keepShown(c, in)
	if answered, err := j.requestLook(c, in, t); answered || err != nil {
		return err
	}
	in.Login = &franceconnect.Login{Issuer: who.Issuer, Subject: who.Subject, ACR: who.ACR, AMR: who.AMR, AuthTime: who.AuthTime}
	in.Citizen, in.Subject = who.Citizen, j.Keys.Subject(j.approval(in).ServiceProvider.SIRET, who.Citizen)
	return j.giveIdentifier(c, in, t)
}

// sessionFor is the browser's web session if the request may be served from
// it: the service provider asked neither for a fresh login nor for another
// citizen.
func (j *Journey) sessionFor(r *http.Request, in *interaction) (SignedIn, bool) {
	who, ok := j.Session(r)
	if !ok || in.Request.Prompt != "" && in.Request.Prompt != "consent" {
		return who, false
	}
	if age := in.Request.MaxAge; age != nil && j.Now().Sub(who.AuthTime) > time.Duration(*age)*time.Second {
		return who, false
	}
	subject := j.Keys.Subject(j.approval(in).ServiceProvider.SIRET, who.Citizen)
	return who, in.Request.HintSubject == "" || in.Request.HintSubject == subject
}

// giveIdentifier records the agreement to the identifier alone, under a new
// secret: what a page planted before the login opens nothing after it.
func (j *Journey) giveIdentifier(c *gin.Context, in *interaction, t ticket) error {
	if in.Shown == "" || in.Lang == "" {
		return j.failed(in, failure.SessionLost, errors.New("an identifier that nobody was shown to ask for"))
	}
	fresh := t.renewed()
	in.Stage = asked // where a failure leaves it: /connexion again
	in.until(j.Now(), clocks.ToDecision)
	if err := j.save(c.Request.Context(), in, fresh.secret); err != nil {
		return j.failed(in, failure.Busy, err)
	}
	j.forget(c.Request.Context(), t.secret)
	j.setTicket(c.Writer, fresh)
	return j.conclude(c, in, fresh, consent.Agreed{})
}
