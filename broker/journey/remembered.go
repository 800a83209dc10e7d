package journey

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"accord/broker/store"
	"accord/consent/audit"
)

// After an agreement to the identifier alone the browser remembers the login,
// for that service provider and for as long as the agreement (design note
// 0031). The record rests sealed under a cookie of its own, and opens nothing
// else: neither « Mes accords » nor a receipt.
//
//	agreement ─→ cookie + sealed record ─┬ prompt=none ─→ a code under the same grant
//	                                     └ else ─→ /connexion, whose button needs no login

// A login is what a browser remembers.
type login struct {
	SignedIn
	Client         string
	Approval       string
	ApprovalDigest string
	Grant          string
	Receipt        string
	At             string // the citizen's subject identifier at the recipient
}

// remember keeps the login an agreement to the identifier alone came from, to
// the end of both. Without the record the citizen is asked again, no more.
func (j *Journey) remember(c *gin.Context, in *interaction, g *store.Grant) {
	if in.mode() != audit.ModeIdentity {
		return
	}
	who := SignedIn{
		Citizen: in.Citizen, Issuer: in.Login.Issuer, Subject: in.Login.Subject,
		ACR: in.Login.ACR, AMR: in.Login.AMR, AuthTime: in.Login.AuthTime, Until: g.ValidUntil,
	}
	// An agreement given from a remembered login never lengthens it: who left
	// the screen would stay known there from click to click.
	if !in.known.IsZero() {
		who.Until = earliest(who.Until, in.known)
	}
	l := login{
		SignedIn: who, Client: g.Client, Approval: g.Approval, ApprovalDigest: in.ApprovalDigest,
		Grant: g.ID, Receipt: g.Receipt, At: in.Subject,
	}
	if err := j.putLogin(c, l); err != nil {
		j.Log.Error("remembering a login", "cause", err)
	}
}

// remembered is the login the browser remembers for the request's client and
// approval, while its agreement lives. Somebody else's session of « Mes accords »
// in the same browser means that somebody else sits there now.
func (j *Journey) remembered(r *http.Request, in *interaction) (login, bool) {
	secret, ok := loginSecret(r, j.loginCookieName(in.Request.ClientID, in.Approval))
	if !ok {
		return login{}, false
	}
	l, ok := j.openLogin(r.Context(), secret)
	if !ok || l.Client != in.Request.ClientID || l.Approval != in.Approval || l.ApprovalDigest != in.ApprovalDigest {
		return login{}, false
	}
	if now, ok := j.Session(r); ok && now.Citizen != l.Citizen {
		return login{}, false
	}
	g, err := j.Store.Grant(r.Context(), l.Grant)
	return l, err == nil && g.State == store.Given && j.Now().Before(g.ValidUntil)
}

// ForgetLogins ends what the browser remembers: at one client, of the citizen it
// knows by that subject identifier. An empty one stands for any.
func (j *Journey) ForgetLogins(w http.ResponseWriter, r *http.Request, client, subject string) {
	j.forgetLogins(w, r, func(l login) bool {
		return (client == "" || l.Client == client) && (subject == "" || l.At == subject)
	})
}

// forgetOthers ends the web session, and what the browser remembers, of anybody
// but the citizen who has just logged in: that is who sits there now.
func (j *Journey) forgetOthers(c *gin.Context, citizen string) {
	if now, ok := j.Session(c.Request); ok && now.Citizen != citizen {
		j.SignOut(c.Writer, c.Request)
		return
	}
	j.forgetLogins(c.Writer, c.Request, func(l login) bool { return l.Citizen != citizen })
}

// forgetLogins ends the remembered logins that are over, and drops the cookies
// that lead to none.
func (j *Journey) forgetLogins(w http.ResponseWriter, r *http.Request, over func(login) bool) {
	for _, c := range r.Cookies() {
		if !strings.HasPrefix(c.Name, j.loginPrefix()) {
			continue
		}
		secret, ok := loginSecret(r, c.Name)
		if l, opens := j.openLogin(r.Context(), secret); ok && opens {
			if !over(l) {
				continue
			}
			j.takeLogin(r.Context(), secret)
		}
		j.setLoginCookie(w, c.Name, "", -1)
	}
}
