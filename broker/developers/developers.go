// Package developers serves the pages for who writes a service provider's
// program. Nothing in them is written twice: addresses come from the one
// OpenAPI description, calls from a recorded journey, errors from the tables
// the handlers answer by.
//
//	apidoc.Document ─▶ /developpeurs/api, /developpeurs/api/{group}
//	apidoc.Calls, apidoc.FurtherCalls ─▶ /developpeurs
//	resource.Errors, broker's outcomes ─▶ /developpeurs/erreurs
//	issuer.ErrorCodes ─▶ /developpeurs/erreurs/oauth
package developers

import (
	"net/http"
	"sync"

	"github.com/gin-gonic/gin"

	"accord/broker/apidoc"
	"accord/broker/failure"
	"accord/broker/resource"
	"accord/oidc/issuer"
	"accord/ui"
)

// Config is what the pages need.
type Config struct {
	IssuerURL  string
	PageErrors []ui.PageError
	Personas   []ui.PersonaStory // optional: those of the demonstration
	UI         *ui.UI
}

// Pages serves the addresses of the package comment.
type Pages struct {
	Config
	groups func() ([]ui.APIGroup, error) // read once, when first asked for
}

// New makes them.
func New(c Config) Pages {
	return Pages{c, sync.OnceValues(func() ([]ui.APIGroup, error) { return groupsOf(apidoc.Document()) })}
}

// Mount adds the pages.
func (p Pages) Mount(r gin.IRoutes, page func(func(*gin.Context) error) gin.HandlerFunc) {
	r.GET("/developpeurs", page(p.start))
	r.GET("/developpeurs/api", page(p.index))
	r.GET("/developpeurs/api/:group", page(p.group))
	r.GET("/developpeurs/erreurs", page(p.errors))
	r.GET("/developpeurs/erreurs/oauth", page(p.oauthErrors))
}

func (p Pages) start(c *gin.Context) error {
	calls, err := apidoc.Calls()
	if err != nil {
		return failure.New(failure.Ours, err)
	}
	further, err := apidoc.FurtherCalls()
	if err != nil {
		return failure.New(failure.Ours, err)
	}
	p.UI.Render(c.Writer, c.Request, http.StatusOK, ui.Developers{
		Prepare: apidoc.Prepare, Calls: p.shown(calls), Further: p.shown(further), Personas: p.Personas,
	})
	return nil
}

func (p Pages) shown(calls []apidoc.Call) (all []ui.APICall) {
	for _, call := range calls {
		all = append(all, ui.APICall{
			ID: call.ID, Command: call.Curl(p.IssuerURL), Status: call.Status, Location: call.Location, Body: indented(call.Body),
		})
	}
	return all
}

func (p Pages) index(c *gin.Context) error {
	groups, err := p.groups()
	if err != nil {
		return failure.New(failure.Ours, err)
	}
	var shown ui.APIIndex
	for _, g := range groups {
		if g.Group.Resource == "" {
			shown.Groups = append(shown.Groups, g.Group)
		} else {
			shown.Data = append(shown.Data, g.Group)
		}
	}
	p.UI.Render(c.Writer, c.Request, http.StatusOK, shown)
	return nil
}

func (p Pages) group(c *gin.Context) error {
	groups, err := p.groups()
	if err != nil {
		return failure.New(failure.Ours, err)
	}
	for _, g := range groups {
		if g.Group.ID == c.Param("group") {
			p.UI.Render(c.Writer, c.Request, http.StatusOK, g)
			return nil
		}
	}
	return failure.New(failure.NotFound, nil)
}

func (p Pages) errors(c *gin.Context) error {
	shown := ui.APIErrors{Pages: p.PageErrors}
	for _, e := range resource.Errors() {
		shown.Data = append(shown.Data, ui.APIError(e))
	}
	p.UI.Render(c.Writer, c.Request, http.StatusOK, shown)
	return nil
}

// oauthErrors are the issuer's that a client can meet.
func (p Pages) oauthErrors(c *gin.Context) error {
	var shown ui.OAuthErrors
	for _, e := range issuer.ErrorCodes() {
		if len(e.At) > 0 {
			shown.Errors = append(shown.Errors, ui.OAuthError{Code: e.Code, Statuses: e.Statuses(), At: e.At})
		}
	}
	p.UI.Render(c.Writer, c.Request, http.StatusOK, shown)
	return nil
}
