// Package auditor serves what anyone may check a receipt against, without
// trusting the operator's word, and what only an auditor may read: the openings
// of the log's leaves.
//
//	anyone   /log/{n}/checkpoint, tile/…, policy, keys   C2SP tiles of 34-byte leaves: no person, no link between two acts
//	         /.well-known/accord/jwks.json, /notices/…, /schemas/receipt/1   keys of receipts, texts whose digests stand in receipts
//	         /journal, /journal/{index}                          the same log as pages, for people
//	auditor  /auditor/events.ndjson, export.csv          openings, by range, behind a bearer credential of the configuration
//	operator Export, on the admin socket                 the whole log as one file, for accord-verify log
//
// Nothing is served beyond the last checkpoint that may leave the process
// (store.Store.Checkpoint): what was read here once can be held against Accord
// for ever.
package auditor

import (
	"log/slog"
	"net/http"

	"github.com/gin-gonic/gin"

	"accord/broker/failure"
	"accord/broker/keyring"
	"accord/broker/store"
	"accord/consent/receipt"
	"accord/ui"
)

// Config is what the addresses need.
type Config struct {
	Store    store.Store
	Keys     *keyring.Ring
	Auditors []Credential // who may read openings; none: nobody
	UI       *ui.UI
	Log      *slog.Logger // nil: silent
}

// Pages serves the auditor's addresses.
type Pages struct {
	Config
	readers *readers
}

// New makes them.
func New(c Config) *Pages {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Pages{c, newReaders(c.Auditors)}
}

// Mount adds the addresses. A program reads all of them but the notices, so
// they answer HEAD too, and failures in plain text.
func (p *Pages) Mount(r gin.IRoutes, page func(func(*gin.Context) error) gin.HandlerFunc) {
	r.GET("/notices/:approval/:version/:lang", page(p.notice))
	r.GET(journalPath, page(p.journal))
	r.GET(journalPath+"/:index", page(p.entry))
	for path, serve := range map[string]func(*gin.Context) error{
		"/.well-known/accord/jwks.json": p.jwks,
		"/log/:n/checkpoint":            p.ofLog(p.checkpoint),
		"/log/:n/policy":                p.ofLog(p.policy),
		"/log/:n/keys":                  p.ofLog(p.keyEvents),
		"/log/:n/tile/*path":            p.ofLog(p.tile),
		"/schemas/receipt/1":            schema,
		"/auditor/events.ndjson":        p.forAuditors(p.events),
		"/auditor/export.csv":           p.forAuditors(p.table),
	} {
		r.GET(path, p.plain(serve))
		r.HEAD(path, p.plain(serve))
	}
}

// schema is what the schema_version of a receipt names: its JSON Schema.
func schema(c *gin.Context) error {
	c.Header("Cache-Control", "public, max-age=300")
	c.Data(http.StatusOK, "application/schema+json", receipt.Schema())
	return nil
}

// notice is the exact bytes whose digest a receipt carries, of every version a
// citizen was ever shown: the address stands in their receipt.
func (p *Pages) notice(c *gin.Context) error {
	lang := c.Param("lang")
	if lang != "fr" && lang != "en" {
		return failure.Newf(failure.NotFound, "no such notice")
	}
	words, err := p.Store.PublicText(c.Request.Context(), "/notices/"+c.Param("approval")+"/"+c.Param("version")+"/"+lang)
	if err != nil {
		return kept(err)
	}
	c.Header("Content-Language", lang)
	c.Data(http.StatusOK, text, words)
	return nil
}
