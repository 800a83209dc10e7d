// Package agencies holds three further service providers of the demonstration:
// a région's transport card, a ministry's grant and a commune's help for the
// new school year. They are made with the client
// that Accord ships, oidc/serviceprovider, and look like other sites on purpose.
//
//	/{agency}/demande ─ "Récupérer mes justificatifs" ─→ Accord
//	/{agency}/retour ─ code → token → each resource, signed → Decide → /{agency}/decision
//	                 ├ the signed deliveries → the agents' file → /{agency}/agent ─ "Vérifier"
//	                 └ access_denied, temporarily_unavailable → the other path
package agencies

import (
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"path/filepath"
	"sync"

	"accord/oidc/serviceprovider"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed static/agence.css
var stylesheet []byte

// Config is where Accord is, and the agencies' registrations there.
type Config struct {
	Accord   string // issuer
	Address  string // of this site, no trailing slash
	Releases string // folder for the lists of release ids
	Agencies []Agency
	HTTP     *http.Client // optional
}

// An Agency is one service provider and what it decides.
type Agency struct {
	Slug         string // in addresses
	Name         string
	Service      string // what is asked for, in words
	Intro        string // one sentence
	Papers       string // the other path: what to bring
	ClientID     string
	ClientSecret string
	SIRET        string
	Purpose      string // purpose id of its approval
	Scopes       []string
	Resources    []string // read in this order
	Decide       func(Answers) Decision
}

// Answers are what Accord delivered, by resource.
type Answers map[string]serviceprovider.Answer

// A Decision is what an agency tells after it received the data.
type Decision struct {
	Outcome string   // one sentence
	Facts   []string // what it rests on
}

// Sites serves the agencies.
type Sites struct {
	config  Config
	pages   *template.Template
	clients map[string]*serviceprovider.Client // by slug
	mu      sync.Mutex                         // guards what follows
	visits  map[string]*visit                  // by cookie
	files   map[string][]dossier               // by slug, oldest first
	entered int                                // dossiers ever, of all agencies
}

// New makes the sites; it contacts nobody.
func New(c Config) (*Sites, error) {
	pages, err := template.ParseFS(templateFiles, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("agencies: %w", err)
	}
	s := &Sites{
		config: c, pages: pages,
		clients: map[string]*serviceprovider.Client{}, visits: map[string]*visit{}, files: map[string][]dossier{},
	}
	for _, a := range c.Agencies {
		s.clients[a.Slug], err = serviceprovider.New(serviceprovider.Config{
			Issuer: c.Accord, ClientID: a.ClientID, Secret: a.ClientSecret, RedirectURI: c.Address + "/" + a.Slug + "/retour",
			Recipient: a.SIRET, Releases: filepath.Join(c.Releases, a.Slug+".txt"), HTTP: c.HTTP,
		})
		if err != nil {
			return nil, fmt.Errorf("agencies: %s: %w", a.Slug, err)
		}
	}
	return s, nil
}

// Slugs are the agencies', in their order: each form is at /{slug}/demande.
func (s *Sites) Slugs() []string {
	var all []string
	for _, a := range s.config.Agencies {
		all = append(all, a.Slug)
	}
	return all
}

// Routes adds the agencies' addresses to a site.
func (s *Sites) Routes(m *http.ServeMux) {
	for _, a := range s.config.Agencies {
		m.HandleFunc("GET /"+a.Slug+"/demande", func(w http.ResponseWriter, _ *http.Request) { s.render(w, "form", page{Agency: a}) })
		m.HandleFunc("POST /"+a.Slug+"/demander", func(w http.ResponseWriter, r *http.Request) { s.ask(w, r, a) })
		m.HandleFunc("GET /"+a.Slug+"/retour", func(w http.ResponseWriter, r *http.Request) { s.back(w, r, a) })
		m.HandleFunc("GET /"+a.Slug+"/decision", func(w http.ResponseWriter, r *http.Request) { s.decision(w, r, a) })
		m.HandleFunc("GET /"+a.Slug+"/agent", func(w http.ResponseWriter, _ *http.Request) { s.agent(w, a) })
		m.HandleFunc("POST /"+a.Slug+"/agent/verifier", func(w http.ResponseWriter, r *http.Request) { s.check(w, r, a) })
		m.HandleFunc("GET /"+a.Slug+"/agent/{number}/{document}", func(w http.ResponseWriter, r *http.Request) { s.download(w, r, a) })
	}
	m.HandleFunc("GET /agence.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write(stylesheet) // a reader that has gone is no error of ours
	})
}
