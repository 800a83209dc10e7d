package broker

import (
	"context"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"accord/broker/apidoc"
	"accord/broker/desk"
	"accord/broker/developers"
	"accord/broker/failure"
	"accord/broker/resource"
	"accord/broker/standing"
	"accord/broker/state"
	"accord/broker/statistics"
	"accord/broker/verification"
	"accord/consent"
	"accord/ui"
)

// routes mounts every address by its explicit path: under NoRoute a wrapped
// handler that never calls WriteHeader would answer 404 with the right body.
func (b *Broker) routes() *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.HandleMethodNotAllowed = false
	r.RedirectTrailingSlash = false
	if err := r.SetTrustedProxies(b.config.TrustedProxies); err != nil {
		b.config.Log.Error("trusted proxies", "cause", err)
	}
	r.RemoteIPHeaders = []string{forwardedFor}
	r.Use(b.locate, b.identify, b.measure, gin.CustomRecoveryWithWriter(nil, b.recovered), b.limits, b.sameOrigin)
	b.mountIssuer(r)
	b.journey.Mount(r, b.page)
	b.citizen.Mount(r, b.page)
	b.deliveries.Mount(r)
	if b.desk != nil {
		b.desk.Mount(r, b.page)
	}
	b.auditor.Mount(r, b.page)
	apidoc.Mount(r)
	statistics.Pages{Figures: b.figures, UI: b.ui}.Mount(r)
	b.statePages().Mount(r)
	b.standingPages().Mount(r)
	b.developerPages().Mount(r, b.page)
	b.mountDataProvider(r)
	b.approved.Mount(r, b.page)
	b.verifier.Mount(r, b.page)
	b.mountStanding(r)
	for _, route := range r.Routes() {
		first, _, _ := strings.Cut(strings.TrimPrefix(route.Path, "/"), "/")
		b.segments[first] = true
	}
	r.NoRoute(b.page(b.unserved))
	return r
}

func (b *Broker) mountIssuer(r *gin.Engine) {
	for _, route := range b.issuer.Routes() {
		path := route.Path
		if strings.HasSuffix(path, "/") {
			path += ":id" // one segment below: the handler reads it from the address
		}
		r.Any(path, gin.WrapH(route.Handler))
	}
}

// unserved answers what no route serves, programs in their own shape.
func (b *Broker) unserved(c *gin.Context) error {
	if resource.Grammar(c.Request.URL.Path) {
		b.deliveries.Unserved(c)
		return nil
	}
	return failure.New(failure.NotFound, nil)
}

func (b *Broker) mountStanding(r *gin.Engine) {
	r.GET("/", b.page(b.landing))
	r.GET("/donnees", b.page(b.catalogue))
	r.GET("/donnees/:source", b.page(b.catalogueOf))
	r.GET("/donnees.json", b.catalogueJSON)
	static := gin.WrapH(b.ui.Static())
	r.GET("/s/*file", static)
	r.GET("/favicon.ico", static)
}

// standing are the addresses of all pages that are mounted, for the links to
// them.
func (b *Broker) standing() (paths []string) {
	for _, route := range b.router.Routes() {
		if route.Method == http.MethodGet && !strings.ContainsAny(route.Path, ":*") {
			paths = append(paths, route.Path)
		}
	}
	return paths
}

func (b *Broker) statePages() state.Pages {
	sources := []string{consent.SourceFranceConnect}
	for _, s := range b.config.Sources {
		sources = append(sources, s.ID())
	}
	return state.Pages{
		Board: b.board, Sources: sources, UI: b.ui, Now: b.config.Now,
		Ready:  func(ctx context.Context) bool { return b.config.Store.Health(ctx).Writable },
		Notice: func() consent.Text { return *b.notice.Load() },
	}
}

func (b *Broker) developerPages() developers.Pages {
	return developers.New(developers.Config{IssuerURL: b.config.Issuer, PageErrors: pageErrors(), Personas: b.config.Personas, UI: b.ui})
}

func (b *Broker) standingPages() standing.Pages {
	return standing.Pages{Config: standing.Config{
		IssuerURL: b.config.Issuer, LogOrigin: b.config.LogOrigin, Operator: b.config.Operator, Site: b.config.Site,
		Loopback: strings.HasPrefix(b.config.Issuer, "http:"), Desk: b.desk != nil, UI: b.ui, Now: b.config.Now,
	}}
}

func (b *Broker) landing(c *gin.Context) error {
	page := ui.Landing{Needless: statistics.Needless(b.figures.Latest())}
	if b.config.Start != "" {
		page.Start = &ui.Link{URL: b.config.Start, Name: b.config.StartName}
	}
	b.ui.Render(c.Writer, c.Request, http.StatusOK, page)
	return nil
}

const maxBody = 64 << 10 // bytes

// limits bounds what a request may send, and keeps browsers on https.
func (b *Broker) limits(c *gin.Context) {
	if strings.HasPrefix(b.config.Issuer, "https:") {
		c.Header("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	}
	if c.Request.Body != nil {
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, b.mostOf(c.Request))
	}
	c.Next()
}

// mostOf is the size a request may have: only an agent's form and the verifier's
// bring a file.
func (b *Broker) mostOf(r *http.Request) int64 {
	if r.URL.Path == verification.Path || r.URL.Path == verification.SheetPath {
		return verification.MaxUpload
	}
	if b.desk != nil && r.URL.Path == desk.FormPath {
		return desk.MaxUpload
	}
	return maxBody
}

// sameOrigin refuses unsafe requests of another site to a citizen's page.
// Service providers' own addresses authenticate by themselves, and browsers
// post to /authorize from anywhere.
func (b *Broker) sameOrigin(c *gin.Context) {
	if !citizenPage(c.Request.URL.Path) {
		c.Next()
		return
	}
	if err := http.NewCrossOriginProtection().Check(c.Request); err != nil {
		b.answerError(c.Writer, c.Request, failure.New(failure.CrossSite, err))
		c.Abort()
		return
	}
	c.Next()
}

func citizenPage(path string) bool {
	for _, p := range []string{"/connexion", "/saisie", "/enfant", "/accord", "/mes-accords", "/deconnexion", "/rendez-vous", "/telephone", "/guichet", standing.DisplayPath} {
		if path == p || strings.HasPrefix(path, p+"/") {
			return true
		}
	}
	return false
}

func (b *Broker) recovered(c *gin.Context, cause any) {
	b.config.Log.ErrorContext(c.Request.Context(), "handler panicked", "path", b.routeOf(c.Request), "cause", cause)
	b.answerError(c.Writer, c.Request, failure.New(failure.Ours, nil))
	c.Abort()
}
