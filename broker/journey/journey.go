// Package journey takes a citizen from a service provider's authorization
// request to a decision, and the decision to the service provider.
//
//	issuer ─ Review (approval) ─ Begin ─→ /connexion ─ see ─ lookup.requested ─→ FranceConnect
//	                                          │   └ (/saisie: an identifier) ┘       │
//	                                          └ refuse ┐                             │
//	       /callback: login verified, sources asked (source.queried, answered) ←─────┘
//	       (/enfant:  one child of the file, then the school is asked)
//	       /accord:   waiting ≤ 12 s, then the very values
//	       POST /accord: decision, receipt, grant, code, snapshot in one transaction
//	       303 to the service provider ─ POST /token ─ Redeem
//
// One file a step. No step calls another: each reads the stage of the stored
// interaction and leaves the next one in it. Only this package and
// broker/resource may call a providers.Source.
package journey

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"accord/broker/keyring"
	"accord/broker/store"
	"accord/broker/visitors"
	"accord/consent"
	"accord/oidc/franceconnect"
	"accord/oidc/issuer"
	"accord/providers"
	"accord/ui"
)

// Config is what a journey needs. All members are required but those marked.
type Config struct {
	IssuerURL string // canonical address of Accord, no trailing slash
	LogOrigin string
	LogPolicy string // digest of the log's policy file, for receipts
	Loopback  bool   // http on loopback: cookies without __Host- and Secure
	Operator  consent.Operator

	Store         store.Store
	Keys          *keyring.Ring
	FranceConnect *franceconnect.RelyingParty
	Entitled      []string // FranceConnect scopes Accord holds; empty = no cut
	Sources       map[string]providers.Source
	SourceParties map[string]consent.Party // by Datum.Source: who they are, for page and receipt
	Catalogue     *consent.Catalogue
	Clients       func(id string) (*issuer.Client, bool)
	Approvals     func(client string) []*consent.Approval
	Version       func(digest string) (*consent.Approval, bool) // one a citizen may have been shown, in force or not
	UI            *ui.UI
	Demo          bool
	SignIn        func(w http.ResponseWriter, r *http.Request, who SignedIn) error // /mes-accords: makes the web session
	Now           func() time.Time
	Log           *slog.Logger
	Consume       func(ctx context.Context, req *issuer.AuthorizationRequest) (first bool, err error) // uses up a pushed request
	// FranceConnectAnswered is optional: told after each call of a login whether
	// FranceConnect could be reached.
	FranceConnectAnswered func(answered bool)
	Session               func(r *http.Request) (who SignedIn, ok bool) // the browser's web session
	SignOut               func(w http.ResponseWriter, r *http.Request)  // ends it, and all logins the browser remembers
	LoggedOut             func(ctx context.Context, state string) (back string)
	Reader                func(r *http.Request) string // citizen of the browser's web session, "" without
	ClientOf              func(r *http.Request) string // client_id of the request's own credentials, "" without
	// ClientPosting is the client_id a form authenticates as; false: it was
	// refused, and answered.
	ClientPosting func(w http.ResponseWriter, r *http.Request) (client string, ok bool)
	URLs          URLs
}

// URLs makes authorization responses (the issuer's, bound late: the issuer
// needs the journey's hooks first).
type URLs interface {
	SuccessURL(req *issuer.AuthorizationRequest, code string) string
	ErrorURL(req *issuer.AuthorizationRequest, code, description string) string
}

// SignedIn is a citizen who came back from FranceConnect, and how surely they
// were known: to look at their agreements or, at one service provider, to be
// recognised by it.
type SignedIn struct {
	Citizen  string // pseudonym
	IDToken  string // FranceConnect's, the hint of a later logout
	Issuer   string
	Subject  string // FranceConnect's, never a recipient's
	ACR      string
	AMR      []string
	AuthTime time.Time // zero: FranceConnect did not say
	Minor    bool      // surely, on the day of the login
	Until    time.Time // from then on the browser is nobody's again
}

// A Journey serves the pages of one request.
type Journey struct {
	Config
	locks    *locks
	looks    sync.Map // interaction id → *look, while sources are asked
	refusals *visitors.Limits
	begun    *visitors.Limits
	seen     *seenKeys
}

// New makes a journey; it starts nothing.
func New(c Config) *Journey {
	return &Journey{
		Config: c, locks: newLocks(), seen: &seenKeys{kids: map[string]bool{}},
		refusals: visitors.New(refusalEvery, refusalBurst), begun: visitors.New(begunEvery, begunBurst),
	}
}

// Mount adds the journey's pages.
func (j *Journey) Mount(r gin.IRoutes, page func(func(*gin.Context) error) gin.HandlerFunc) {
	r.GET("/connexion", page(j.showConnexion))
	r.POST("/connexion", page(j.answerConnexion))
	r.GET("/saisie", page(j.showInputs))
	r.POST("/saisie", page(j.answerInputs))
	r.GET("/enfant", page(j.showChild))
	r.POST("/enfant", page(j.answerChild))
	r.GET("/callback", page(j.callback))
	r.GET("/accord", page(j.showConsent))
	r.POST("/accord", page(j.decide))
	r.GET("/recu/:id", page(j.showReceipt))
	r.POST("/recu/:id", page(j.postReceipt))
	r.GET("/pas-moi", page(j.notMe))
	r.GET(wrongPath, page(j.showWrong))
	r.GET("/deconnecte", page(j.loggedOut))
	r.GET("/rendez-vous/:token", page(j.showInvitation))
	r.POST("/rendez-vous/:token", page(j.takeInvitation))
	r.GET("/telephone", page(j.showConfirm))
	r.POST("/telephone", page(j.confirm))
	r.GET("/telephone/fini", page(j.showFinished))
}
