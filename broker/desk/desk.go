// Package desk serves the pages of agents: a clerk of an approved body, logged
// in by the configured provider, asks for a person who does not log in.
//
//	/guichet ─ login ─→ the agents' provider ─→ /guichet/retour ─→ session
//	/guichet/demande   who the person is, and how they agreed ─ journey.Assist or Invite
//	/guichet/dossier   waits for the person's phone; then the delivery, logged before it is shown
//	/guichet/recu      the receipt, printed for the person
//
// What an agent must not see before the agreement is durable never reaches this
// package: journey keeps the answers, and gives a code only after the decision.
package desk

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"accord/broker/journey"
	"accord/broker/resource"
	"accord/broker/store"
	"accord/consent"
	"accord/oidc/proconnect"
	"accord/ui"
)

// Provider logs agents in: *proconnect.RelyingParty.
type Provider interface {
	Begin(ctx context.Context) (proconnect.Attempt, error)
	Finish(ctx context.Context, query url.Values, a proconnect.Attempt) (proconnect.Agent, error)
}

// Config is what the pages need; all members are required but those marked.
type Config struct {
	IssuerURL  string // canonical address of Accord, no trailing slash
	Loopback   bool   // http on loopback: cookies without __Host- and Secure
	Provider   Provider
	Journey    *journey.Journey
	Deliveries *resource.Deliverer
	Store      store.Store
	Catalogue  *consent.Catalogue
	Approvals  func() []*consent.Approval // with a desk, in force
	UI         *ui.UI
	Now        func() time.Time
	Log        *slog.Logger
}

// Pages serves the desk.
type Pages struct {
	Config
	// mu guards the turning of a code into a token: done twice, it would revoke
	// what the person agreed to.
	mu sync.Mutex
}

// The addresses that other packages name.
const (
	FormPath     = "/guichet/demande"
	CallbackPath = "/guichet/retour" // registered at the agents' provider, below the issuer
)

// MaxUpload bounds the form with the signed paper's file, in bytes.
const MaxUpload = 20 << 20

// New makes the pages.
func New(c Config) *Pages { return &Pages{Config: c} }

// Mount adds the pages.
func (p *Pages) Mount(r gin.IRoutes, page func(func(*gin.Context) error) gin.HandlerFunc) {
	r.GET("/guichet", page(p.home))
	r.POST("/guichet/connexion", page(p.signIn))
	r.GET(CallbackPath, page(p.signedIn))
	r.POST("/guichet/deconnexion", page(p.signOut))
	r.GET(FormPath, page(p.showForm))
	r.POST(FormPath, page(p.ask))
	r.GET("/guichet/dossier", page(p.showCase))
	r.GET("/guichet/code", page(p.showCode))
	r.GET("/guichet/recu", page(p.printed))
}

// stop tells an agent that nothing comes of it.
func (p *Pages) stop(c *gin.Context, status int, reason ui.StopReason) error {
	p.UI.Render(c.Writer, c.Request, status, ui.DeskStop{Reason: reason, Back: "/guichet"})
	return nil
}

func (p *Pages) home(c *gin.Context) error {
	s, err := p.session(c.Request)
	if err != nil {
		_, had := c.Request.Cookie(p.cookieName(sessionCookie))
		p.UI.Render(c.Writer, c.Request, http.StatusOK, ui.DeskSignIn{
			Provider: "ProConnect", Ended: had == nil, Form: ui.Form{Action: "/guichet/connexion"},
		})
		return nil
	}
	page := ui.DeskHome{Agent: s.Agent.Name, SIRET: s.Agent.SIRET, Until: s.Until, Logout: ui.Form{Action: "/guichet/deconnexion", CSRF: s.formToken()}}
	for _, a := range p.Approvals() {
		if a.ServiceProvider.SIRET == s.Agent.SIRET {
			page.Approvals = append(page.Approvals, ui.DeskApproval{
				Requester: p.requester(c, a), Purpose: text(a.Purpose.Text), URL: FormPath + "?h=" + url.QueryEscape(a.ID),
			})
		}
	}
	p.UI.Render(c.Writer, c.Request, http.StatusOK, page)
	return nil
}

func (p *Pages) requester(c *gin.Context, a *consent.Approval) ui.Requester {
	return ui.Requester{
		Name: a.ServiceProvider.Name, SIRET: a.ServiceProvider.SIRET, DPO: a.ServiceProvider.DPO,
		Service: a.Purpose.Service.In(p.UI.Lang(c.Request)),
	}
}

func text(t consent.Text) ui.Text { return ui.Text{FR: t.FR, EN: t.EN} }
