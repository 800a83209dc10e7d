package fcsim

import (
	"net/http"
	"net/url"
	"slices"
)

// CookieName is the browser session's cookie. Browsers share cookies between
// the ports of a host, so its name is no other program's.
const CookieName = "fcsim_session"

// begin keeps the request and sends the browser to choose who to be.
func (s *Simulator) begin(w http.ResponseWriter, r *http.Request, req request) {
	i := interaction{uid: random(16), session: cookie(r), request: req}
	if len(i.session) != cookieLength {
		i.session = random(32)
	}
	i.persona = s.signedOn(i.session, req)
	if !s.memory.begin(i) {
		s.errorPage(w, r, http.StatusServiceUnavailable, "Y000000")
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: CookieName, Value: i.session, Path: "/", MaxAge: int(s.options.sessionLife().Seconds()),
		HttpOnly: true, Secure: s.issuer.Scheme == "https", SameSite: http.SameSiteLaxMode,
	})
	next := "/interaction/" + i.uid
	if i.persona != nil {
		next += "/consent"
	}
	http.Redirect(w, r, s.url(next), http.StatusSeeOther)
}

// signedOn gives who the browser is already when single sign-on applies:
// eidas3 always asks again.
func (s *Simulator) signedOn(session string, req request) *Persona {
	if !s.options.SSO || req.acr == "eidas3" {
		return nil
	}
	return s.memory.signedOn(session, req.acr, s.options.Plus == nil)
}

// cookieLength is 32 bytes in base64url.
const cookieLength = 43

func cookie(r *http.Request) string {
	c, err := r.Cookie(CookieName)
	if err != nil {
		return ""
	}
	return c.Value
}

// step is a handler within a living interaction of this browser.
type step func(w http.ResponseWriter, r *http.Request, i interaction)

// interaction finds the interaction, or answers FranceConnect's page for a
// lost session.
func (s *Simulator) interaction(next step) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		i, ok := s.memory.interaction(r.PathValue("uid"), cookie(r))
		if !ok {
			s.errorPage(w, r, http.StatusUnauthorized, "Y190001")
			return
		}
		next(w, r, i)
	}
}

// choose takes persona=<id>, and fault=<name> where Options.Faults allows it.
// An empty persona is a login cancelled at the identity provider: FranceConnect
// shows its list again and the client learns nothing.
func (s *Simulator) choose(w http.ResponseWriter, r *http.Request, i interaction) {
	id := r.PostFormValue("persona")
	if id == "" {
		http.Redirect(w, r, s.url("/interaction/"+i.uid)+langQuery(r), http.StatusSeeOther)
		return
	}
	n := slices.IndexFunc(s.options.Personas, func(p Persona) bool { return p.ID == id })
	if n < 0 {
		s.errorPage(w, r, http.StatusBadRequest, "Y100010")
		return
	}
	persona, fault := &s.options.Personas[n], Fault(r.PostFormValue("fault"))
	if code := persona.refused(); code != "" {
		s.personPage(w, r, i, code)
		return
	}
	if _, ok := named(fault); fault != "" && (!ok || !s.options.Faults) {
		s.errorPage(w, r, http.StatusBadRequest, "Y620001")
		return
	}
	s.memory.choose(i.uid, persona, fault)
	i.persona, i.fault = persona, fault
	if s.options.AllowedPrompts && i.request.loginOnly {
		s.login(w, r, i)
		return
	}
	http.Redirect(w, r, s.url("/interaction/"+i.uid+"/consent")+langQuery(r), http.StatusSeeOther)
}

// cancel is the link "Revenir sur …".
func (s *Simulator) cancel(w http.ResponseWriter, r *http.Request, i interaction) {
	s.memory.end(i.uid)
	q := url.Values{"redirect_uri": {i.request.redirectURI}, "state": {i.request.state}}
	s.redirectError(w, r, q, refusal{code: "access_denied", description: "User auth aborted"})
}

// login is the button "Continuer sur …": the grant and its code begin here.
func (s *Simulator) login(w http.ResponseWriter, r *http.Request, i interaction) {
	if i.persona == nil {
		s.errorPage(w, r, http.StatusBadRequest, "Y420001")
		return
	}
	if !s.memory.end(i.uid) { // a second click of the same form
		s.errorPage(w, r, http.StatusUnauthorized, "Y190001")
		return
	}
	back := url.Values{"code": {s.memory.grant(i)}, "state": {i.request.state}, "iss": {s.options.Issuer}}
	if change := s.lie(i.fault).callback; change != nil {
		change(s, back)
	}
	target, err := url.Parse(i.request.redirectURI)
	if err != nil {
		s.errorPage(w, r, http.StatusBadRequest, "Y04C013C")
		return
	}
	http.Redirect(w, r, appendQuery(target, back), http.StatusSeeOther)
}

func appendQuery(u *url.URL, q url.Values) string {
	out := *u
	if out.RawQuery != "" {
		out.RawQuery += "&"
	}
	out.RawQuery += q.Encode()
	return out.String()
}
