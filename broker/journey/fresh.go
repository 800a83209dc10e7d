package journey

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"accord/oidc/franceconnect"
	"accord/oidc/issuer"
)

// loginSkew is how far FranceConnect's clock may be from ours.
const loginSkew = 5 * time.Second

// fresh tells that the citizen must log in for this request, whatever session
// FranceConnect holds: the service provider bounded the login's age, or wants
// the account to be chosen; or who sits there is not who is known.
func (in *interaction) fresh() bool {
	return in.Other || in.Request.MaxAge != nil || slices.Contains(strings.Fields(in.Request.Prompt), "select_account")
}

// stale tells of a login older than the service provider takes (max_age;
// prompt=login is 0): neither made for this request nor young enough. Without
// an auth_time it was made for this request, as that was asked.
func (in *interaction) stale(l *franceconnect.Login, now time.Time) bool {
	age := in.Request.MaxAge
	if age == nil || l.AuthTime.IsZero() {
		return false
	}
	oldest := earliest(in.Created, now.Add(-time.Duration(*age)*time.Second))
	return l.AuthTime.Before(oldest.Add(-loginSkew))
}

// unfit is why the login is not the one the service provider asked for, as the
// error it is told: somebody else came than id_token_hint names (OpenID Connect
// Core §3.1.2.1; that, and not who), or a plain provider gave no level where
// acr_values names one (Unmet Authentication Requirements 1.0). Nil if it is.
func (in *interaction) unfit(l *franceconnect.Login, subject string) *issuer.Error {
	switch {
	case in.Request.HintSubject != "" && in.Request.HintSubject != subject:
		return issuer.NewError("login_required", "another person than id_token_hint names logged in")
	case len(in.Request.ACRValues) > 0 && l.ACR == franceconnect.NoLevel:
		return issuer.NewError("unmet_authentication_requirements", "the login has no level")
	}
	return nil
}

// turnedBack ends a request whose login is unfit: nothing of it is kept.
func (j *Journey) turnedBack(c *gin.Context, in *interaction, t ticket, why *issuer.Error) error {
	j.forget(c.Request.Context(), t.secret)
	j.dropTicket(c.Writer, t)
	c.Redirect(http.StatusSeeOther, j.URLs.ErrorURL(&in.Request, why.Code, why.Description))
	return nil
}
