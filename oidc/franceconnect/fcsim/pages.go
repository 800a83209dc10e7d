package fcsim

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"slices"
)

//go:embed pages
var files embed.FS

// pages renders what the browser sees. No page needs JavaScript.
type pages struct{ templates *template.Template }

func newPages() pages {
	return pages{templates: template.Must(template.ParseFS(files, "pages/*.html"))}
}

// layout is what every page holds.
type layout struct {
	Lang   string // fr or en
	CSS    string
	Words  words
	Title  string // the page's heading
	Switch bool   // the other language can be had at the same address
}

// Layout lets a page hand its layout to the head template.
func (l layout) Layout() layout { return l }

func (s *Simulator) layout(r *http.Request) layout {
	l := lang(r)
	return layout{Lang: l, CSS: s.issuer.Path + "/fcsim.css", Words: wordsIn(l)}
}

// lang is English when asked by ?lang=en, else French.
func lang(r *http.Request) string {
	if r.URL.Query().Get("lang") == "en" {
		return "en"
	}
	return "fr"
}

// langQuery carries the language to the next page.
func langQuery(r *http.Request) string {
	if lang(r) == "en" {
		return "?lang=en"
	}
	return ""
}

// message is a page without a form: an error with its code, the end of a
// session, or neither: the presentation.
type message struct {
	layout
	Code, ID       string
	Leave, Service string // way back to the service, if there is one
	LoggedOut      bool
}

func (p pages) message(w http.ResponseWriter, l layout, status int, m message) {
	m.layout, m.Title = l, l.Words.NotFC
	switch {
	case m.Code != "":
		m.Title = l.Words.ErrorTitle
	case m.LoggedOut:
		m.Title = l.Words.LoggedOut
	default:
		m.Switch = true
	}
	p.render(w, status, "message", "'none'", m)
}

// render writes a page. formAction is what its forms may lead to, over the
// whole chain of redirects that follows (CSP3 §6.4.1).
func (p pages) render(w http.ResponseWriter, status int, name, formAction string, data any) {
	var b bytes.Buffer
	if err := p.templates.ExecuteTemplate(&b, name, data); err != nil {
		http.Error(w, "template", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action "+formAction)
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the reader is gone: nothing to do
}

func (p pages) stylesheet(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "public, max-age=600")
	http.ServeFileFS(w, r, files, "pages/fcsim.css")
}

// picker asks who to be.
type picker struct {
	layout
	Service, Cancel  string
	Featured, Others []card
}

type card struct{ ID, Name, Story, Action, Be string }

func (s *Simulator) showPicker(w http.ResponseWriter, r *http.Request, i interaction) {
	here := s.issuer.Path + "/interaction/" + i.uid
	l := s.layout(r)
	l.Title, l.Switch = l.Words.PickTitle, true
	p := picker{layout: l, Service: s.options.ServiceName, Cancel: here + "/cancel"}
	for _, persona := range s.options.Personas {
		c := card{persona.ID, persona.Identity.called(), persona.Story.in(p.Lang), here + langQuery(r), p.Words.Be}
		if persona.Featured {
			p.Featured = append(p.Featured, c)
		} else {
			p.Others = append(p.Others, c)
		}
	}
	s.pages.render(w, http.StatusOK, "picker", "'self'", p)
}

// consent is FranceConnect's page before the return to the service: it informs
// and has one button, no refusal.
type consent struct {
	layout
	Service, Name, Action string
	Anonymous             bool // openid alone: nothing is sent
	Groups                []group
}

func (s *Simulator) showConsent(w http.ResponseWriter, r *http.Request, i interaction) {
	here := s.issuer.Path + "/interaction/" + i.uid
	if i.persona == nil {
		http.Redirect(w, r, here+langQuery(r), http.StatusSeeOther)
		return
	}
	l := s.layout(r)
	l.Title, l.Switch = l.Words.ConsentTitle, true
	s.pages.render(w, http.StatusOK, "consent", s.formAction(), consent{
		layout: l, Service: s.options.ServiceName, Name: i.persona.Identity.called(), Action: here + "/login",
		Anonymous: slices.Equal(i.request.scopes, []string{"openid"}), Groups: s.groups(i.request.scopes, l.Lang),
	})
}

// formAction lets the last form lead back to the client and wherever it
// redirects on.
func (s *Simulator) formAction() string {
	if s.issuer.Scheme == "http" {
		return "'self' http: https:"
	}
	return "'self' https:"
}

// called is how a person is named on a page: first first name, usage name.
func (i Identity) called() string {
	first, last := i.GivenName, i.FamilyName
	if len(i.GivenNames) > 0 {
		first = i.GivenNames[0]
	}
	if i.PreferredUsername != "" {
		last = i.PreferredUsername
	}
	return first + " " + last
}
