// Package broker puts Accord together: it mounts the issuer, the journey, the
// data, « Mes accords » and the auditor's addresses on one router, with the
// middleware every answer passes.
//
//	request → limits, headers, same-origin → route → handler ─ error → the one table (errors.go)
//
// gin lives in this tree only. Sources and FranceConnect come ready-made in
// Config; only broker/journey and broker/resource call a source.
package broker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-jose/go-jose/v4"

	"accord/broker/auditor"
	"accord/broker/citizen"
	"accord/broker/desk"
	"accord/broker/habilitations"
	"accord/broker/journey"
	"accord/broker/keyring"
	"accord/broker/resource"
	"accord/broker/standing"
	"accord/broker/state"
	"accord/broker/statistics"
	"accord/broker/store"
	"accord/broker/verification"
	"accord/consent"
	"accord/oidc/franceconnect"
	"accord/oidc/issuer"
	"accord/providers"
	"accord/ui"
)

// Config is everything a broker is made of. All members are required but
// those marked.
type Config struct {
	Issuer         string // https, or http on a loopback host; no path, no trailing slash
	LogOrigin      string // "<host>/log/1"
	Operator       consent.Operator
	Site           standing.Site // optional: what the standing pages tell beside the operator
	Notice         consent.Text  // optional: of maintenance or an incident, shown at /etat; SetNotice changes it
	Store          store.Store
	Keys           *keyring.Ring
	FranceConnect  *franceconnect.RelyingParty
	DataProvider   *franceconnect.DataProvider // optional: answers service providers' own FranceConnect tokens
	ProConnect     desk.Provider               // optional: logs agents in; without it there is no desk
	Entitled       []string                    // FranceConnect scopes Accord holds
	Sources        []providers.Source
	SourceParties  map[string]consent.Party // by source id, franceconnect included
	Catalogue      *consent.Catalogue
	Clients        []*issuer.Client
	Approvals      []*consent.Approval
	Auditors       []auditor.Credential // optional: who may read the log's openings
	TrustedProxies []string             // optional: addresses whose X-Forwarded-For counts
	Demo           bool                 // optional: marks every page a demonstration
	Start          string               // optional: where the landing page's demonstration begins
	StartName      string               // of that site
	Personas       []ui.PersonaStory    // optional: whom developers can be in the demonstration
	StartedUnclean time.Time
	Now            func() time.Time // optional
	Log            *slog.Logger     // optional
	Metrics        Metrics          // optional
	FiguresStep    time.Duration    // optional: the public figures end at whole ones; 0 = an hour
}

// A Broker answers citizens, service providers and auditors.
type Broker struct {
	config     Config
	ui         *ui.UI
	journey    *journey.Journey
	citizen    *citizen.Pages
	deliveries *resource.Deliverer
	desk       *desk.Pages // nil without a provider of agents
	auditor    *auditor.Pages
	approved   *habilitations.Pages
	verifier   *verification.Pages
	issuer     *issuer.Issuer
	figures    *statistics.Figures
	board      *state.Board
	notice     atomic.Pointer[consent.Text]
	router     *gin.Engine
	registry   atomic.Pointer[registry]
	changing   sync.Mutex      // held while the registry is replaced
	segments   map[string]bool // first segments of the mounted paths, for the log
}

// New makes a broker and announces in the log what changed since the last
// start: keys, notices, policies, approvals. It contacts nobody.
func New(ctx context.Context, c Config) (*Broker, error) {
	b := &Broker{config: c, segments: map[string]bool{}}
	if b.config.Now == nil {
		b.config.Now = time.Now
	}
	if b.config.Log == nil {
		b.config.Log = slog.New(slog.DiscardHandler)
	}
	b.config.Log = slog.New(requestLog{b.config.Log.Handler()})
	b.board = state.NewBoard(b.step(time.Minute), b.config.Now)
	b.SetNotice(c.Notice)
	b.observe()
	registered, err := register(c.Clients, c.Approvals)
	if err != nil {
		return nil, err
	}
	b.registry.Store(registered)
	if err := b.assemble(); err != nil {
		return nil, err
	}
	if err := b.announce(ctx); err != nil {
		return nil, fmt.Errorf("announcing keys, notices and approvals: %w", err)
	}
	if err := b.put(ctx, *registered); err != nil {
		return nil, err
	}
	b.tellEndings(ctx)
	b.router = b.routes()
	b.ui.Stand(b.standing())
	return b, nil
}

// SetNotice changes what /etat announces; an empty text announces nothing.
func (b *Broker) SetNotice(t consent.Text) { b.notice.Store(&t) }

// step is how long public figures and states lag behind, the demonstration's
// being shorter.
func (b *Broker) step(usual time.Duration) time.Duration {
	return min(cmp.Or(b.config.FiguresStep, usual), usual)
}

// Handler answers every request of the main listener.
func (b *Broker) Handler() http.Handler { return b.router }

// Export streams the whole published log to the operator; it asks for no
// credential and belongs on the admin socket alone.
func (b *Broker) Export() http.Handler { return b.auditor.Export() }

// assemble makes the parts; issuer, journey and deliveries need each
// other, so the journey's URLs and the deliveries' proofs are bound last.
func (b *Broker) assemble() error {
	u, err := url.Parse(b.config.Issuer)
	if err != nil {
		return fmt.Errorf("reading the issuer: %w", err)
	}
	loopback := u.Scheme == "http"
	if b.ui, err = ui.New(ui.Options{Demo: b.config.Demo, Loopback: loopback}); err != nil {
		return err
	}
	b.makePages(loopback)
	b.deliveries = resource.New(resource.Config{
		Encryption: b.encryptionOf,
		Issuer:     b.config.Issuer, Store: b.config.Store, Keys: b.config.Keys, Now: b.config.Now, Log: b.config.Log,
		Sources: b.sources(), Catalogue: b.config.Catalogue, Approval: b.approvalNow, TokenWay: b.tokenWay(),
	})
	b.makeDesk(loopback)
	b.auditor = auditor.New(auditor.Config{
		Store: b.config.Store, Keys: b.config.Keys, Auditors: b.config.Auditors, UI: b.ui, Log: b.config.Log,
	})
	b.makeVerifier()
	b.figures = statistics.New(statistics.Config{
		Store: b.config.Store, Origin: b.config.LogOrigin, Step: cmp.Or(b.config.FiguresStep, time.Hour), Now: b.config.Now,
	})
	b.approved = habilitations.New(habilitations.Config{Standings: b.Standings, UI: b.ui, Now: b.config.Now})
	if b.issuer, err = issuer.New(b.issuerConfig()); err != nil {
		return err
	}
	b.journey.URLs, b.deliveries.Proofs = b.issuer, b.issuer
	return nil
}

func (b *Broker) makePages(loopback bool) {
	c := b.config
	b.journey = journey.New(journey.Config{
		IssuerURL: c.Issuer, LogOrigin: c.LogOrigin, LogPolicy: b.policyDigest(), Loopback: loopback,
		Operator: c.Operator, Store: c.Store, Keys: c.Keys, FranceConnect: c.FranceConnect, Entitled: c.Entitled, Sources: b.sources(),
		SourceParties: c.SourceParties, Catalogue: c.Catalogue, Clients: b.client, Approvals: b.approvalsOf, Version: b.version, UI: b.ui,
		Now: c.Now, Log: c.Log,
		Consume: func(ctx context.Context, req *issuer.AuthorizationRequest) (bool, error) {
			return b.issuer.ConsumePushed(ctx, req)
		},
		SignIn: func(w http.ResponseWriter, r *http.Request, who journey.SignedIn) error {
			return b.citizen.SignIn(w, r, who)
		},
		FranceConnectAnswered: func(answered bool) { b.board.Saw(consent.SourceFranceConnect, answered) },
		Session:               func(r *http.Request) (journey.SignedIn, bool) { return b.citizen.Session(r) },
		SignOut:               func(w http.ResponseWriter, r *http.Request) { b.citizen.SignOut(w, r) },
		LoggedOut:             func(ctx context.Context, state string) string { return b.citizen.TakeBack(ctx, state) },
		Reader:                func(r *http.Request) string { return b.citizen.Citizen(r) },
		ClientOf:              b.clientOf,
		ClientPosting:         b.clientPosting,
	})
	b.citizen = citizen.New(citizen.Config{
		Store: c.Store, Keys: c.Keys, Catalogue: c.Catalogue, Operator: c.Operator, Approval: b.approval, InForce: b.inForce, FranceConnect: c.FranceConnect,
		Site: b.siteOf, BundleOf: b.journey.BundleOf, Begin: b.journey.BeginHistory, ForgetLogins: b.forgetLogins, UI: b.ui, Loopback: loopback, Now: c.Now, Log: c.Log,
	})
}

// forgetLogins ends all that the browser remembers at service providers.
func (b *Broker) forgetLogins(w http.ResponseWriter, r *http.Request) {
	b.journey.ForgetLogins(w, r, "", "")
}

func (b *Broker) sources() map[string]providers.Source {
	sources := map[string]providers.Source{}
	for _, s := range b.config.Sources {
		sources[s.ID()] = s
	}
	return sources
}

// makeDesk makes the agents' pages where a provider knows the agents.
func (b *Broker) makeDesk(loopback bool) {
	c := b.config
	if c.ProConnect == nil {
		return
	}
	b.desk = desk.New(desk.Config{
		IssuerURL: c.Issuer, Loopback: loopback, Provider: c.ProConnect, Journey: b.journey, Deliveries: b.deliveries,
		Store: c.Store, Catalogue: c.Catalogue, Approvals: b.deskApprovals, UI: b.ui, Now: c.Now, Log: c.Log,
	})
}

// makeVerifier makes the pages that judge what anybody shows them.
func (b *Broker) makeVerifier() {
	c := b.config
	b.verifier = verification.New(verification.Config{
		IssuerURL: c.Issuer, Store: c.Store, Keys: c.Keys, Log: b.auditor, Bundle: b.journey.Bundle, Approvals: b.everyApproval,
		InForce: b.inForce, Catalogue: c.Catalogue, UI: b.ui, Now: c.Now, Errors: c.Log,
	})
}

func (b *Broker) everyApproval() (all []*consent.Approval) {
	for _, s := range b.Standings() {
		all = append(all, s.Approval)
	}
	return all
}

func (b *Broker) approval(id string) (*consent.Approval, bool) {
	a, ok := b.registry.Load().approvals[id]
	return a, ok
}

// approvalNow is an approval in force that a client may use.
func (b *Broker) approvalNow(id, client string) (*consent.Approval, bool) {
	for _, a := range b.approvalsOf(client) {
		if a.ID == id {
			return a, true
		}
	}
	return nil, false
}

// approvalsOf are the approvals a client may use now.
func (b *Broker) approvalsOf(client string) []*consent.Approval {
	if client == consent.DeskClient {
		return b.deskApprovals()
	}
	return b.registry.Load().of(client, b.config.Now())
}

// deskApprovals are those that agents may use now.
func (b *Broker) deskApprovals() []*consent.Approval {
	return b.registry.Load().atDesk(b.config.Now())
}

// siteOf is where a client's service is found again, "" without one.
func (b *Broker) siteOf(client string) string {
	c, ok := b.registry.Load().clients[client]
	if !ok || len(c.RedirectURIs) == 0 {
		return ""
	}
	return journey.Site(c.RedirectURIs[0])
}

// encryptionOf is the key a client wants its signed deliveries encrypted to. Of
// one that is registered no more nobody can say.
func (b *Broker) encryptionOf(ctx context.Context, client string) (jose.JSONWebKey, bool, error) {
	c, ok := b.client(client)
	if !ok {
		return jose.JSONWebKey{}, false, errors.New("the client is registered no more")
	}
	return b.issuer.EncryptionKey(ctx, c)
}

// clientPosting is the client a form authenticates as; false: it was answered.
func (b *Broker) clientPosting(w http.ResponseWriter, r *http.Request) (string, bool) {
	c, ok := b.issuer.ClientPosting(w, r)
	if !ok {
		return "", false
	}
	return c.ID, true
}

// clientOf is the client a request's own credentials name, "" without.
func (b *Broker) clientOf(r *http.Request) string {
	c, ok := b.issuer.ClientOf(r)
	if !ok {
		return ""
	}
	return c.ID
}
