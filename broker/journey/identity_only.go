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
//	    └ with a session or a remembered login: at once, no evidence ───────┤
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
// /mes-accords, or from the login remembered for this service provider.
// FranceConnect vouches for nothing here, and the receipt says
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
	in.known, in.Citizen, in.Subject = who.Until, who.Citizen, j.Keys.Subject(j.approval(in).ServiceProvider.SIRET, who.Citizen)
	return j.giveIdentifier(c, in, t)
}

// sessionFor is whom the browser is known to be, if the request may be served
// from it: by the login remembered for its client, or by the web session.
func (j *Journey) sessionFor(r *http.Request, in *interaction) (SignedIn, bool) {
	if in.Request.Prompt != "" && in.Request.Prompt != "consent" {
		return SignedIn{}, false
	}
	if l, ok := j.remembered(r, in); ok && j.serves(l.SignedIn, in) {
		return l.SignedIn, true
	}
	who, ok := j.Session(r)
	return who, ok && j.serves(who, in)
}

// serves tells whether the service provider asked neither for a younger login,
// nor for a level where this one has none, nor for another citizen. A minor logs
// in each time: what an approval's minimum age is held against is FranceConnect's
// date of birth, which no session keeps.
func (j *Journey) serves(who SignedIn, in *interaction) bool {
	if who.Minor || len(in.Request.ACRValues) > 0 && who.ACR == franceconnect.NoLevel {
		return false
	}
	age := in.Request.MaxAge
	if age != nil && (*age == 0 || j.Now().Sub(who.AuthTime) > time.Duration(*age)*time.Second) {
		return false
	}
	subject := j.Keys.Subject(j.approval(in).ServiceProvider.SIRET, who.Citizen)
	return in.Request.HintSubject == "" || in.Request.HintSubject == subject
}

// notTheKnown has whoever presses the other button log in anew.
func (j *Journey) notTheKnown(c *gin.Context, in *interaction) {
	if _, ok := j.sessionFor(c.Request, in); ok && j.identityOnly(in) {
		in.Other = true
		j.forgetLoginFor(c, in)
	}
}

// forgetLoginFor ends what the browser remembers for this request's client: who
// refuses, or is somebody else, is not to be recognised there in silence.
func (j *Journey) forgetLoginFor(c *gin.Context, in *interaction) {
	if j.identityOnly(in) {
		j.ForgetLogins(c.Writer, c.Request, in.Request.ClientID, "")
	}
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
