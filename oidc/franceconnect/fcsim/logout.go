package fcsim

import (
	"net/http"
	"net/url"
	"slices"
)

var logoutParameters = []string{"id_token_hint", "post_logout_redirect_uri", "state", "client_id", "logout_hint", "ui_locales"}

// logout ends the browser's session. FranceConnect does it over several pages;
// here it is one redirect. The hint is mandatory and may have expired.
func (s *Simulator) logout(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	for name := range q {
		if !slices.Contains(logoutParameters, name) {
			s.errorPage(w, r, http.StatusBadRequest, "Y620001")
			return
		}
	}
	claims, ok := s.keys.open(s.options.SigningAlg, q.Get("id_token_hint"))
	if !ok || claims["aud"] != s.options.ClientID {
		s.errorPage(w, r, http.StatusBadRequest, "Y620001")
		return
	}
	back := q.Get("post_logout_redirect_uri")
	if back != "" && !slices.Contains(s.options.PostLogoutRedirectURIs, back) {
		s.errorPage(w, r, http.StatusBadRequest, "Y04C013C")
		return
	}
	subject, _ := claims["sub"].(string)
	if !s.memory.logout(cookie(r), subject) {
		s.errorPage(w, r, http.StatusBadRequest, "Y100019")
		return
	}
	s.loggedOut(w, r, back, q.Get("state"))
}

func (s *Simulator) loggedOut(w http.ResponseWriter, r *http.Request, back, state string) {
	http.SetCookie(w, &http.Cookie{Name: CookieName, Path: "/", MaxAge: -1, HttpOnly: true, Secure: s.issuer.Scheme == "https", SameSite: http.SameSiteLaxMode})
	target, err := url.Parse(back)
	if back == "" || err != nil {
		s.pages.message(w, s.layout(r), http.StatusOK, message{LoggedOut: true})
		return
	}
	q := url.Values{}
	if state != "" {
		q.Set("state", state)
	}
	http.Redirect(w, r, appendQuery(target, q), http.StatusSeeOther)
}

// revoke ends an access token (RFC 7009). It takes three parameters and no
// other.
func (s *Simulator) revoke(w http.ResponseWriter, r *http.Request) {
	form, ok := readForm(r)
	if !ok || len(form) != 3 || len(form.Get("token")) < cookieLength || len(form.Get("client_secret")) < minSecret {
		jsonError(w, http.StatusBadRequest, "invalid_request", "invalid parameter", "undefined")
		return
	}
	if code, detail := s.authenticate(r, form); code != "" {
		refuseClient(w, code, detail)
		return
	}
	s.memory.revoke(form.Get("token"))
	w.WriteHeader(http.StatusOK)
}
