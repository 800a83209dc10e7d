package desk

import (
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"accord/broker/failure"
	"accord/broker/journey"
	"accord/oidc/proconnect"
	"accord/ui"
)

const (
	loginPurpose = "accord-agent-login-v1"
	loginTime    = 10 * time.Minute // at the provider
)

// signIn leads to the agents' provider. It needs no form token: the worst
// another site can do is to show the login page.
func (p *Pages) signIn(c *gin.Context) error {
	attempt, err := p.Provider.Begin(c.Request.Context())
	if err != nil {
		p.Log.WarnContext(c.Request.Context(), "agents' provider", "cause", err)
		return p.stop(c, http.StatusServiceUnavailable, ui.StopLogin)
	}
	secret := fresh()
	if err := p.keep(c.Request.Context(), secret, loginPurpose, attempt, p.Now().Add(loginTime)); err != nil {
		return failure.New(failure.Busy, err)
	}
	p.setCookie(c.Writer, loginCookie, secret)
	c.Redirect(http.StatusSeeOther, attempt.URL)
	return nil
}

// signedIn takes the agent back: each attempt is accepted once.
func (p *Pages) signedIn(c *gin.Context) error {
	var attempt proconnect.Attempt
	secret, err := p.secretOf(c.Request, loginCookie)
	if err == nil {
		err = p.kept(c.Request.Context(), secret, loginPurpose, &attempt)
	}
	if err != nil {
		return failure.New(failure.SessionLost, err).WithRetry("/guichet")
	}
	p.forget(c.Request.Context(), secret)
	p.setCookie(c.Writer, loginCookie, nil)
	who, err := p.Provider.Finish(c.Request.Context(), c.Request.URL.Query(), attempt)
	switch {
	case errors.Is(err, proconnect.ErrCancelled):
		c.Redirect(http.StatusSeeOther, "/guichet")
		return nil
	case err != nil:
		p.Log.WarnContext(c.Request.Context(), "agents' provider", "cause", err)
		return p.stop(c, http.StatusBadGateway, ui.StopLogin)
	}
	agent := journey.Agent{Issuer: who.Issuer, Subject: who.Subject, SIRET: who.SIRET, Name: who.Name, ACR: who.ACR, AuthTime: who.AuthTime}
	if err := p.begin(c, agent); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/guichet")
	return nil
}
