// Package citizen serves « Mes accords »: after a FranceConnect login of their
// own a citizen sees every agreement and every access, downloads receipts,
// takes back what was optional and withdraws in two clicks.
//
//	/mes-accords ─ no session → sign in ─ FranceConnect → /callback → SignIn
//	             ─ session ─→ list → detail ─ withdraw (one transaction, signed receipt)
//	                                        └ change   (the same, for fewer of the data)
//
// The session serves these pages and nothing else: a data request always
// passes through FranceConnect and the consent page.
package citizen

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"accord/broker/keyring"
	"accord/broker/store"
	"accord/consent"
	"accord/oidc/franceconnect"
	"accord/ui"
)

// Config is what the pages need; all members are required.
type Config struct {
	Store         store.Store
	Keys          *keyring.Ring
	Catalogue     *consent.Catalogue
	Operator      consent.Operator
	Approval      func(id string) (*consent.Approval, bool)
	InForce       func(approval string) bool
	FranceConnect *franceconnect.RelyingParty
	Begin         func(w http.ResponseWriter, r *http.Request, path string) error       // journey.BeginHistory
	Site          func(client string) string                                            // where a service provider's service is found again, "" when not known
	BundleOf      func(ctx context.Context, stored store.StoredReceipt) ([]byte, error) // journey.BundleOf
	ForgetLogins  func(w http.ResponseWriter, r *http.Request)                          // journey.ForgetLogins, all of the browser's
	UI            *ui.UI
	Loopback      bool
	Now           func() time.Time
	Log           *slog.Logger
}

// Pages serves « Mes accords ».
type Pages struct{ Config }

// New makes the pages.
func New(c Config) *Pages { return &Pages{c} }

// Mount adds the pages.
func (p *Pages) Mount(r gin.IRoutes, page func(func(*gin.Context) error) gin.HandlerFunc) {
	r.GET("/mes-accords", page(p.list))
	r.GET("/mes-accords/export", page(p.export))
	r.POST("/mes-accords/connexion", page(p.signIn))
	r.GET("/mes-accords/:id", page(p.detail))
	r.GET("/mes-accords/demandes/:ref", page(p.showRequested))
	r.GET("/mes-accords/:id/effacement", page(p.showRequest(store.RequestErasure)))
	r.POST("/mes-accords/:id/effacement", page(p.makeRequest(store.RequestErasure)))
	r.GET("/mes-accords/:id/signaler", page(p.showRequest(store.RequestDispute)))
	r.POST("/mes-accords/:id/signaler", page(p.makeRequest(store.RequestDispute)))
	r.GET("/mes-accords/:id/modifier", page(p.showChange))
	r.POST("/mes-accords/:id/modifier", page(p.change))
	r.GET("/mes-accords/:id/modifie", page(p.changed))
	r.GET("/mes-accords/:id/retirer", page(p.confirmWithdraw))
	r.POST("/mes-accords/:id/retirer", page(p.withdraw))
	r.POST("/deconnexion", page(p.signOut))
}
