package pcsim

import (
	"crypto/rand"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"time"
)

var page = template.Must(template.New("agents").Parse(`<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Simulateur de ProConnect – agents inventés</title></head>
<body><main><h1>Simulateur de ProConnect</h1>
<p>Ce n'est pas ProConnect : ces agents sont inventés. <span lang="en">This is not ProConnect: these agents are invented.</span></p>
<form method="post">{{range $k, $v := .Query}}{{range $v}}<input type="hidden" name="{{$k}}" value="{{.}}">{{end}}{{end}}
{{range .Agents}}<p><button type="submit" id="agent-{{.ID}}" name="agent" value="{{.ID}}">{{.GivenName}} {{.FamilyName}}, {{.Body}}</button></p>
{{end}}<p><button type="submit" id="cancel" name="agent" value="">Annuler / Cancel</button></p></form></main></body></html>
`))

// choose shows who one may be, for a request that is in order.
func (s *Simulator) choose(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if !s.inOrder(w, q) {
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'")
	_ = page.Execute(w, map[string]any{"Query": q, "Agents": s.Agents}) // a reader that has gone is no error of ours
}

func (s *Simulator) inOrder(w http.ResponseWriter, q url.Values) bool {
	known := q.Get("client_id") == s.ClientID && slices.Contains(s.RedirectURIs, q.Get("redirect_uri"))
	if !known || q.Get("response_type") != "code" || q.Get("state") == "" || q.Get("nonce") == "" {
		http.Error(w, "invalid_request", http.StatusBadRequest)
		return false
	}
	if q.Get("code_challenge") != "" && (s.NoPKCE || q.Get("code_challenge_method") != "S256") {
		http.Error(w, "invalid_request: PKCE", http.StatusBadRequest)
		return false
	}
	return true
}

// chosen sends the browser back with a code, or with access_denied.
func (s *Simulator) chosen(w http.ResponseWriter, r *http.Request) {
	if r.ParseForm() != nil || !s.inOrder(w, r.PostForm) {
		return
	}
	back := url.Values{"state": {r.PostForm.Get("state")}, "iss": {s.Issuer}}
	i := slices.IndexFunc(s.Agents, func(a Agent) bool { return a.ID == r.PostForm.Get("agent") })
	if i < 0 {
		back.Set("error", "access_denied")
	} else {
		back.Set("code", s.newCode(s.Agents[i], r.PostForm))
	}
	http.Redirect(w, r, r.PostForm.Get("redirect_uri")+"?"+back.Encode(), http.StatusSeeOther)
}

func (s *Simulator) newCode(a Agent, q url.Values) string {
	code, now := rand.Text(), time.Now()
	acr := q.Get("acr_values")
	if acr == "" {
		acr = "eidas1"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.codes[code] = login{
		agent: a, nonce: q.Get("nonce"), redirect: q.Get("redirect_uri"), challenge: q.Get("code_challenge"),
		acr: acr, at: now, until: now.Add(codeLife),
	}
	return code
}
