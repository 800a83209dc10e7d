package citizen

import (
	"net/http"

	"accord/ui"
)

// EndSession answers a service provider's logout request (OpenID Connect
// RP-Initiated Logout). Service providers hold no session at Accord; the
// citizen's own session of « Mes accords » is theirs to end, on a page that
// asks.
func (p *Pages) EndSession(w http.ResponseWriter, r *http.Request, back string) error {
	s, err := p.session(r)
	if err == nil {
		p.UI.Render(w, r, http.StatusOK, ui.LogoutConfirm{Form: ui.Form{Action: "/deconnexion", CSRF: s.formToken()}})
		return nil
	}
	if back != "" {
		http.Redirect(w, r, back, http.StatusSeeOther)
		return nil
	}
	p.UI.Render(w, r, http.StatusOK, ui.SignedOut{})
	return nil
}
