package journey

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"accord/broker/clocks"
	"accord/broker/failure"
	"accord/broker/keyring"
	"accord/broker/store"
	"accord/consent"
	"accord/oidc/franceconnect"
)

// callback takes the citizen back from FranceConnect: state once, code to
// verified identity, a new cookie secret, and the sources are asked.
func (j *Journey) callback(c *gin.Context) error {
	query := c.Request.URL.Query()
	state := query.Get("state")
	if len(state) < 8 {
		return failure.Newf(failure.SessionLost, "callback without a state of ours")
	}
	t, err := j.ticketOf(c.Request, state[:8])
	if err != nil {
		return failure.New(failure.SessionLost, err)
	}
	defer j.locks.lock(t.id.String())()
	in, err := j.load(c.Request.Context(), t.secret)
	if err != nil || in.Stage != sent {
		return failure.Newf(failure.SessionLost, "callback for an interaction that expects none")
	}
	code, err := j.FranceConnect.Callback(query, in.State)
	if stop := j.stateOnce(c, in, err); stop != nil {
		return stop
	}
	if err != nil {
		return j.notIdentified(c, in, t, err)
	}
	return j.identify(c, in, t, code)
}

// stateOnce accepts the interaction's state a single time. A callback whose
// state is not the interaction's burns nothing.
func (j *Journey) stateOnce(c *gin.Context, in *interaction, callback error) error {
	var e *franceconnect.Error
	if errors.As(callback, &e) && e.Kind == franceconnect.StateMismatch {
		return nil
	}
	fresh, err := j.Store.Once(c.Request.Context(), store.States, hashOf([]byte(in.State)), in.Created.Add(clocks.InteractionAtMost))
	if err != nil {
		return j.failed(in, failure.Busy, err)
	}
	if !fresh {
		return failure.Newf(failure.SessionLost, "FranceConnect state replayed")
	}
	return nil
}

// identify exchanges the code, within FranceConnect's 30 s, and goes on.
func (j *Journey) identify(c *gin.Context, in *interaction, t ticket, code string) error {
	login, err := j.FranceConnect.Exchange(c.Request.Context(), code, in.Nonce, "")
	j.sawFranceConnect(err)
	if err != nil {
		return j.notIdentified(c, in, t, err)
	}
	j.announceKeys(c.Request.Context())
	citizen := j.Keys.Citizen(pivot(login))
	j.forgetOthers(c, citizen)
	if in.For == forHistory {
		return j.signIn(c, in, t, login, citizen)
	}
	if j.approval(in).TooYoung(login.Identity.Birthdate, consent.FrenchDay(j.Now())) {
		return j.tooYoung(c, in, t)
	}
	subject := j.Keys.Subject(j.approval(in).ServiceProvider.SIRET, citizen)
	// A reload must be the same person: values of another one are never shown
	// under this request.
	if in.Citizen != "" && in.Citizen != citizen {
		return j.failed(in, failure.SessionLost, errors.New("another citizen came back from FranceConnect")).WithRetry(j.retry(in))
	}
	if why := in.unfit(login, subject); why != nil {
		return j.turnedBack(c, in, t, why)
	}
	if in.stale(login, j.Now()) {
		return j.failed(in, failure.FranceConnectSaid, errors.New("the login is older than max_age")).WithRetry(j.retry(in))
	}
	in.Login, in.Citizen, in.Subject = login, citizen, subject
	if j.identityOnly(in) {
		return j.giveIdentifier(c, in, t)
	}
	return j.askSources(c, in, t)
}

// sawFranceConnect tells whether FranceConnect could be reached. What it
// refuses is an answer too: anybody can come back with a code of his own making.
func (j *Journey) sawFranceConnect(err error) {
	var e *franceconnect.Error
	if j.FranceConnectAnswered != nil {
		j.FranceConnectAnswered(!errors.As(err, &e) || e.Kind != franceconnect.Unavailable)
	}
}

// askSources moves the interaction under a new secret and starts the look-up.
func (j *Journey) askSources(c *gin.Context, in *interaction, t ticket) error {
	now := j.Now()
	in.Stage, in.Answers, in.Held = back, nil, nil
	in.until(now, clocks.ToDecision)
	fresh := t.renewed()
	if err := j.save(c.Request.Context(), in, fresh.secret); err != nil {
		return j.failed(in, failure.Busy, err)
	}
	j.forget(c.Request.Context(), t.secret)
	j.setTicket(c.Writer, fresh)
	j.startLook(in, fresh)
	c.Redirect(http.StatusSeeOther, j.path("/accord", t.handle))
	return nil
}

// tooYoung ends the way of somebody for whom a legal representative must ask:
// nothing of the login is kept, and no source is called.
func (j *Journey) tooYoung(c *gin.Context, in *interaction, t ticket) error {
	j.forget(c.Request.Context(), t.secret)
	j.dropTicket(c.Writer, t)
	return j.failed(in, failure.TooYoung, errors.New("younger than the approval's minimum age"))
}

// signIn hands a citizen who came to look back to the pages of that name.
func (j *Journey) signIn(c *gin.Context, in *interaction, t ticket, login *franceconnect.Login, citizen string) error {
	j.forget(c.Request.Context(), t.secret)
	j.dropTicket(c.Writer, t)
	who := SignedIn{
		Citizen: citizen, IDToken: login.IDToken, Issuer: login.Issuer, Subject: login.Subject,
		ACR: login.ACR, AMR: login.AMR, AuthTime: login.AuthTime, Minor: consent.Minor(login.Identity.Birthdate, consent.FrenchDay(j.Now())),
	}
	if err := j.SignIn(c.Writer, c.Request, who); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, in.Return)
	return nil
}

// notIdentified turns FranceConnect's no into a page, or a cancelled login
// into a refusal: nobody is known yet.
func (j *Journey) notIdentified(c *gin.Context, in *interaction, t ticket, err error) error {
	var e *franceconnect.Error
	if !errors.As(err, &e) {
		return j.failed(in, failure.Ours, err)
	}
	if e.Kind == franceconnect.StateMismatch {
		return failure.New(failure.SessionLost, err)
	}
	if e.Kind == franceconnect.Cancelled {
		return j.cancelled(c, in, t)
	}
	in.Stage = asked
	if err := j.save(c.Request.Context(), in, t.secret); err != nil {
		return j.failed(in, failure.Busy, err)
	}
	return j.failed(in, failureOf(e.Kind), err).WithRetry(j.retry(in))
}

func (j *Journey) cancelled(c *gin.Context, in *interaction, t ticket) error {
	if in.For == forHistory {
		j.forget(c.Request.Context(), t.secret)
		j.dropTicket(c.Writer, t)
		return failure.Newf(failure.Stopped, "cancelled at FranceConnect").WithRetry(in.Return)
	}
	return j.refuseUnknown(c, in, t, atLogin)
}

func failureOf(k franceconnect.Kind) failure.Kind {
	switch k {
	case franceconnect.Unavailable:
		return failure.FranceConnectDown
	case franceconnect.LevelTooLow:
		return failure.LevelTooLow
	}
	return failure.FranceConnectSaid
}

// pivot is the canonical identity's input (design §6).
func pivot(l *franceconnect.Login) keyring.Pivot {
	id := l.Identity
	return keyring.Pivot{
		FamilyName: id.FamilyName, GivenName: id.GivenName, Birthdate: id.Birthdate, Gender: id.Gender,
		Birthplace: id.Birthplace, Birthcountry: id.Birthcountry, Issuer: l.Issuer, Sub: l.Subject,
	}
}
