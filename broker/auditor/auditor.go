// Package auditor serves what anyone may check a receipt against, without
// trusting the operator's word: the history of the signing keys, the log's
// policy, the notices whose digests stand in receipts.
package auditor

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"accord/broker/failure"
	"accord/broker/keyring"
	"accord/broker/store"
	"accord/consent"
	"accord/ui"
)

// Config is what the addresses need.
type Config struct {
	Store     store.Store
	Keys      *keyring.Ring
	Catalogue *consent.Catalogue
	Approval  func(id string) (*consent.Approval, bool)
	UI        *ui.UI
}

// Pages serves the auditor's addresses.
type Pages struct{ Config }

// New makes them.
func New(c Config) *Pages { return &Pages{c} }

// Mount adds the addresses; all of them are public.
func (p *Pages) Mount(r gin.IRoutes, page func(func(*gin.Context) error) gin.HandlerFunc) {
	r.GET("/.well-known/accord/jwks.json", page(p.jwks))
	r.GET("/notices/:approval/:version/:lang", page(p.notice))
	r.GET("/log/:n/policy", page(p.policy))
}

// jwks is the key history of receipts: active and retired keys, each with the
// leaf index of its key event. Old keys stay while receipts live.
func (p *Pages) jwks(c *gin.Context) error {
	published, err := p.Store.PublishedKeys(c.Request.Context())
	if err != nil {
		return failure.New(failure.Busy, err)
	}
	body, err := p.Keys.WithIndexes(published).JWKS()
	if err != nil {
		return failure.New(failure.Ours, err)
	}
	c.Header("Cache-Control", "public, max-age=300")
	c.Data(http.StatusOK, "application/jwk-set+json", body)
	return nil
}

// notice is the exact bytes whose digest a receipt carries.
func (p *Pages) notice(c *gin.Context) error {
	a, ok := p.Approval(c.Param("approval"))
	lang := c.Param("lang")
	if !ok || a.Version != c.Param("version") || (lang != "fr" && lang != "en") {
		return failure.Newf(failure.NotFound, "no such notice")
	}
	c.Header("Content-Language", lang)
	c.Data(http.StatusOK, "text/plain; charset=utf-8", consent.Notice(a, p.Catalogue, lang))
	return nil
}

// policy names the log and the key of its checkpoints (C2SP tlog-policy).
func (p *Pages) policy(c *gin.Context) error {
	if c.Param("n") != "1" {
		return failure.Newf(failure.NotFound, "no such log")
	}
	c.Data(http.StatusOK, "text/plain; charset=utf-8", []byte("log "+p.Keys.LogVerifierKey()+"\n"))
	return nil
}
