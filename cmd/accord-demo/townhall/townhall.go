// Package townhall is the demonstration's service provider: the canteen form
// of invented communes, served by one software editor. It is an ordinary
// OpenID Connect client on go-oidc and oauth2, and looks like another site on
// purpose. Of Accord's code it uses one thing: the check of a signed delivery.
//
//	/{commune}/cantine ─ "Récupérer mon quotient familial" ─→ Accord's /authorize
//	/retour ─ code → tokens → GET /v3/dss/quotient_familial, signed → /{commune}/cantine/tarif
//	        └ access_denied, temporarily_unavailable → the other path
//	/{commune}/agent ─ the dossiers, each with its signed delivery ─ "Vérifier" ─→ the verdict
package townhall

import (
	"context"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed static/mairie.css
var stylesheet []byte

// Config is the editor's registration at Accord, and its communes.
type Config struct {
	Accord       string // issuer
	ClientID     string
	ClientSecret string
	Address      string // of this site, no trailing slash
	Communes     []Commune
	HTTP         *http.Client // optional
}

// A Commune is one recipient the editor serves.
type Commune struct {
	Slug    string // in addresses
	Name    string
	SIRET   string
	Purpose string   // purpose id of its approval
	Scopes  []string // asked with openid
	Tariffs []Tariff // ascending; the last has no upper end
	// Grid is the id under which Accord answers with the tariff's band; empty
	// where it sends the quotient itself.
	Grid string
}

// A Tariff is one line of the canteen's table.
type Tariff struct {
	Code  string // of the band
	Below int    // quotient familial, €/month; 0 on the last line
	Price string // a meal
}

// A TownHall serves the communes' canteen forms.
type TownHall struct {
	config   Config
	pages    *template.Template
	mu       sync.Mutex // guards what follows
	provider *oidc.Provider
	visits   map[string]*visit // by cookie
	dossiers []dossier         // the agent's file, oldest first
	entered  int               // dossiers ever
}

// New makes a town hall. It contacts Accord at the first click, not now.
func New(c Config) (*TownHall, error) {
	pages, err := template.ParseFS(templateFiles, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("town hall: %w", err)
	}
	if c.HTTP == nil {
		c.HTTP = &http.Client{Timeout: 20 * time.Second}
	}
	return &TownHall{config: c, pages: pages, visits: map[string]*visit{}}, nil
}

// ServeHTTP serves the town hall's site.
func (t *TownHall) ServeHTTP(w http.ResponseWriter, r *http.Request) { t.routes().ServeHTTP(w, r) }

func (t *TownHall) routes() *http.ServeMux {
	m := http.NewServeMux()
	m.HandleFunc("GET /{$}", t.home)
	m.HandleFunc("GET /{commune}/cantine", t.form)
	m.HandleFunc("POST /{commune}/cantine/quotient", t.ask)
	m.HandleFunc("GET /{commune}/cantine/tarif", t.result)
	m.HandleFunc("GET /{commune}/cantine/justificatif", t.otherPath)
	m.HandleFunc("GET /{commune}/agent", t.agent)
	m.HandleFunc("POST /{commune}/agent/verifier", t.check)
	m.HandleFunc("GET /{commune}/agent/{number}/document", t.document)
	m.HandleFunc("GET /retour", t.back)
	m.HandleFunc("GET /mairie.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write(stylesheet) // a reader that has gone is no error of ours
	})
	return m
}

// client is the OAuth client, discovery fetched once.
func (t *TownHall) client(ctx context.Context, c Commune) (*oidc.Provider, *oauth2.Config, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.provider == nil {
		p, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), t.config.HTTP), t.config.Accord)
		if err != nil {
			return nil, nil, fmt.Errorf("discovering Accord: %w", err)
		}
		t.provider = p
	}
	return t.provider, &oauth2.Config{
		ClientID: t.config.ClientID, ClientSecret: t.config.ClientSecret,
		Endpoint: t.endpoint(), RedirectURL: t.config.Address + "/retour", Scopes: append([]string{oidc.ScopeOpenID}, c.Scopes...),
	}, nil
}

func (t *TownHall) endpoint() oauth2.Endpoint {
	e := t.provider.Endpoint()
	e.AuthStyle = oauth2.AuthStyleInHeader
	return e
}

func (t *TownHall) commune(slug string) (Commune, bool) {
	for _, c := range t.config.Communes {
		if c.Slug == slug {
			return c, true
		}
	}
	return Commune{}, false
}
