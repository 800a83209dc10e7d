package fcsim

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// A request is an authorization request that was accepted.
type request struct {
	clientID, redirectURI, state, nonce string
	scopes                              []string
	amr                                 bool // asked as an ID token claim
	acr                                 string
	loginOnly                           bool // prompt=login alone
}

// authorizeParameters are all FranceConnect takes. Anything else, PKCE's
// parameters included, is refused.
var authorizeParameters = []string{
	"client_id", "acr_values", "claims", "response_type", "nonce", "state",
	"redirect_uri", "scope", "prompt", "idp_hint", "ui_locales",
}

// authorize judges the request in FranceConnect's order: form (a page of its
// own, no way back), client and redirect URI (a page too), then what is
// answered by a redirect.
func (s *Simulator) authorize(w http.ResponseWriter, r *http.Request) {
	if r.Host != s.issuer.Host { // cookies belong to one host name
		http.Redirect(w, r, s.url("/authorize")+"?"+r.URL.RawQuery, http.StatusFound)
		return
	}
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || !wellFormed(q) {
		s.errorPage(w, r, http.StatusBadRequest, "Y030007")
		return
	}
	if status, code := s.checkClient(q); code != "" {
		s.errorPage(w, r, status, code)
		return
	}
	req, refused := s.request(q, cookie(r))
	if refused != nil {
		s.redirectError(w, r, q, *refused)
		return
	}
	s.begin(w, r, req)
}

// wellFormed is FranceConnect's whitelist: known parameters, once each, those
// it needs there.
func wellFormed(q url.Values) bool {
	for name, values := range q {
		if !slices.Contains(authorizeParameters, name) || len(values) != 1 {
			return false
		}
	}
	for _, name := range []string{"client_id", "response_type", "redirect_uri", "scope", "acr_values", "state"} {
		if q.Get(name) == "" {
			return false
		}
	}
	redirect, err := url.Parse(q.Get("redirect_uri"))
	return err == nil && redirect.Host != "" && len(q.Get("nonce")) >= minNonce && knownPrompt(q)
}

const minNonce = 22

func knownPrompt(q url.Values) bool {
	if !q.Has("prompt") {
		return true
	}
	for _, p := range strings.Split(q.Get("prompt"), " ") {
		if p != "login" && p != "consent" {
			return false
		}
	}
	return true
}

// checkClient gives the page for a request whose answer must not be redirected.
func (s *Simulator) checkClient(q url.Values) (status int, code string) {
	registered := slices.Contains(s.options.RedirectURIs, q.Get("redirect_uri"))
	_, forbidden := s.grantScopes(strings.Fields(q.Get("scope")))
	amr, ok := asksAMR(q.Get("claims"))
	switch {
	case q.Get("client_id") != s.options.ClientID:
		return http.StatusBadRequest, "Y04EA6EF"
	case !registered && forbidden != "":
		return http.StatusBadRequest, "Y040001"
	case !registered:
		return http.StatusBadRequest, "Y04C013C"
	case s.severalHosts(): // needs a sector_identifier_uri, which no client has here
		return http.StatusBadRequest, "Y04A8220"
	case !ok:
		return http.StatusInternalServerError, "Y030028"
	case amr && !s.options.AMR:
		return http.StatusBadRequest, "Y100009"
	}
	return 0, ""
}

// severalHosts tells whether the client's redirect URIs are not of one host
// (OpenID Connect Core §8.1).
func (s *Simulator) severalHosts() bool {
	hosts := map[string]bool{}
	for _, uri := range s.options.RedirectURIs {
		if u, err := url.Parse(uri); err == nil {
			hosts[u.Hostname()] = true
		}
	}
	return len(hosts) > 1
}

// asksAMR reads the claims parameter (OpenID Connect Core §5.5).
func asksAMR(claims string) (asked, ok bool) {
	if claims == "" {
		return false, true
	}
	var c struct {
		IDToken map[string]any `json:"id_token"`
	}
	err := json.Unmarshal([]byte(claims), &c)
	_, asked = c.IDToken["amr"]
	return asked, err == nil
}

// A refusal is an OAuth error sent to the client through the browser.
type refusal struct{ code, description, scope string }

// request judges what is answered by a redirect. session is the browser's.
func (s *Simulator) request(q url.Values, session string) (request, *refusal) {
	asked := strings.Fields(q.Get("scope"))
	granted, forbidden := s.grantScopes(asked)
	amr, _ := asksAMR(q.Get("claims")) // judged by checkClient
	switch {
	case q.Get("response_type") != "code":
		return request{}, &refusal{"unsupported_response_type", "unsupported response_type requested", ""}
	case q.Has("idp_hint") && q.Get("idp_hint") != idpID && s.signedOn(session, request{acr: s.level(q)}) == nil:
		return request{}, &refusal{"invalid_idp_hint", "An idp_hint was provided but is not allowed", ""}
	case !slices.Contains(s.levels(), s.level(q)):
		return request{}, &refusal{"invalid_acr", "acr_value is not valid, should be equal one of these values, expected " + strings.Join(s.levels(), ","), ""}
	case !slices.Contains(asked, "openid"):
		return request{}, &refusal{"invalid_request", "openid scope must be requested when using the acr_values parameter", ""}
	case forbidden != "":
		return request{}, &refusal{"invalid_scope", "requested scope is not allowed", forbidden}
	}
	return request{
		clientID: q.Get("client_id"), redirectURI: q.Get("redirect_uri"), state: q.Get("state"),
		nonce: q.Get("nonce"), scopes: granted, amr: amr, acr: s.level(q), loginOnly: q.Get("prompt") == "login",
	}, nil
}

// levels are those of the platform, its default last.
func (s *Simulator) levels() []string {
	if s.options.Plus != nil {
		return []string{"eidas2", "eidas3"}
	}
	return []string{"eidas1"}
}

// level gives the lowest known level asked; unknown ones alone fall to the
// platform's default.
func (s *Simulator) level(q url.Values) string {
	asked := strings.Fields(q.Get("acr_values"))
	for _, level := range []string{"eidas1", "eidas2", "eidas3"} {
		if slices.Contains(asked, level) {
			return level
		}
	}
	return s.levels()[len(s.levels())-1]
}
