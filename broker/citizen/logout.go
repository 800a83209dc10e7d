package citizen

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"accord/broker/seal"
	"accord/broker/store"
	"accord/ui"
)

// An Ending is a service provider's logout request, checked (OpenID Connect
// RP-Initiated Logout §2).
type Ending struct {
	Back    string                // registered address to go to afterwards, with state; empty: none
	Client  string                // its name, for the page that asks; may be empty
	Named   func(who string) bool // the id_token_hint is about this citizen
	Refused error                 // the request is wrong
}

// EndSession answers a logout request. Service providers hold no session at
// Accord; the citizen's own session of « Mes accords » ends at once when the
// request names its citizen, and else on a page that asks. An image or a link
// elsewhere can name nobody.
//
//	no session ───────────────────────────→ back, or "you are logged out"
//	session ─ hint names its citizen ─────→ ended ─ FranceConnect's end ─→ back
//	        └ no hint, another's, wrong ──→ page that asks ─ yes ─→ the same
func (p *Pages) EndSession(w http.ResponseWriter, r *http.Request, e Ending) error {
	s, err := p.session(r)
	switch {
	case err == nil && e.Refused == nil && e.Named(s.Citizen):
		return p.leave(w, r, s, e.Back)
	case err == nil:
		p.UI.Render(w, r, http.StatusOK, ui.LogoutConfirm{
			Client: e.Client, Then: s.sealBack(e.Back), Form: ui.Form{Action: "/deconnexion", CSRF: s.formToken()},
		})
		return nil
	case e.Refused != nil:
		return e.Refused
	}
	return p.gone(w, r, e.Back)
}

// gone is where somebody without a session goes on.
func (p *Pages) gone(w http.ResponseWriter, r *http.Request, back string) error {
	if back != "" {
		http.Redirect(w, r, back, http.StatusSeeOther)
		return nil
	}
	p.ForgetLogins(w, r) // the page says that nobody is logged in here
	p.UI.Render(w, r, http.StatusOK, ui.SignedOut{})
	return nil
}

// signOut takes the answer of the page that asks, or of the button of « Mes
// accords ». Who stays goes back to the service provider too: it ended its own
// session before it asked.
func (p *Pages) signOut(c *gin.Context) error {
	s, err := p.posted(c)
	if err != nil {
		return err
	}
	back := s.openBack(c.PostForm("suite"))
	if c.PostForm("choix") != ui.ChoiceRefuse {
		return p.leave(c.Writer, c.Request, s, back)
	}
	if back == "" {
		back = "/mes-accords"
	}
	c.Redirect(http.StatusSeeOther, back)
	return nil
}

// leave ends the session, and FranceConnect's when it can be reached: the
// local end always succeeds.
func (p *Pages) leave(w http.ResponseWriter, r *http.Request, s session, back string) error {
	p.end(w, r, s)
	state := uuid.NewString()
	if s.IDToken == "" || !p.keepBack(r.Context(), state, back) {
		return p.gone(w, r, back)
	}
	url, err := p.FranceConnect.LogoutURL(r.Context(), s.IDToken, state)
	if err != nil {
		return p.gone(w, r, back)
	}
	http.Redirect(w, r, url, http.StatusSeeOther)
	return nil
}

const (
	backPurpose  = "accord-logout-v1"
	atTheirGates = 10 * time.Minute // for FranceConnect's logout and the identity provider's
)

// keepBack keeps where the browser goes on once FranceConnect sends it back
// with this state.
func (p *Pages) keepBack(ctx context.Context, state, back string) bool {
	if back == "" {
		return true
	}
	sealed := seal.Seal([]byte(state), backPurpose, []byte(back))
	return p.Store.PutTemporary(ctx, store.WebSessions, sha256.Sum256([]byte(state)), sealed, p.Now().Add(atTheirGates)) == nil
}

// TakeBack is where a logout at FranceConnect goes on, once; "" when nothing was
// kept under its state.
func (p *Pages) TakeBack(ctx context.Context, state string) string {
	sealed, err := p.Store.TakeTemporary(ctx, store.WebSessions, sha256.Sum256([]byte(state)))
	if err != nil {
		return ""
	}
	back, err := seal.Open([]byte(state), backPurpose, sealed)
	if err != nil {
		return ""
	}
	return string(back)
}

// sealBack lets the page that asks carry the way back: only what was checked
// opens again.
func (s session) sealBack(back string) string {
	if back == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(seal.Seal(s.secret, backPurpose, []byte(back)))
}

func (s session) openBack(carried string) string {
	sealed, err := base64.RawURLEncoding.DecodeString(carried)
	if err != nil {
		return ""
	}
	back, err := seal.Open(s.secret, backPurpose, sealed)
	if err != nil {
		return ""
	}
	return string(back)
}
