// Package verification says to anybody whether a receipt, a bundle or a
// delivery is genuine, and prints a delivery as an attestation.
//
//	POST /verifier              text, file or photograph → read → judge → page, or JSON
//	POST /verifier/attestation  a delivery's own text → judge → one sheet, with its code
//
// It judges by the rules of consent/audit, as accord-verify does, with the
// installation's own keys, log and policy. What it is given it neither stores,
// logs nor forwards: it stays in memory until it is answered.
package verification

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"accord/broker/auditor"
	"accord/broker/failure"
	"accord/broker/keyring"
	"accord/broker/store"
	"accord/broker/visitors"
	"accord/consent"
	"accord/ui"
)

// Path is where it is done.
const Path = "/verifier"

// SheetPath makes the attestation.
const SheetPath = Path + "/attestation"

// What one visitor may have checked, and how much is read at once.
const (
	visitorEvery = time.Second
	visitorBurst = 60
	mostAtOnce   = 8 // requests whose body is in memory
)

// Config is what the pages need; all members are required but those marked.
type Config struct {
	IssuerURL string
	Store     store.Store
	Keys      *keyring.Ring
	Log       *auditor.Pages // the published log
	Bundle    func(context.Context, store.StoredReceipt) ([]byte, error)
	Approvals func() []*consent.Approval // for the names of recipients
	InForce   func(approval string) bool
	Catalogue *consent.Catalogue
	UI        *ui.UI
	Now       func() time.Time
	Errors    *slog.Logger
}

// Pages serves the addresses of the package comment.
type Pages struct {
	Config
	visitors *visitors.Limits
	places   chan struct{} // one for each request being read
	lens     chan struct{} // one photograph is looked at at a time: each takes much memory
}

// New makes them.
func New(c Config) *Pages {
	return &Pages{c, visitors.New(visitorEvery, visitorBurst), make(chan struct{}, mostAtOnce), make(chan struct{}, 1)}
}

// Mount adds the pages. The forms carry no CSRF token, and another site may
// post to them (a town hall's own page does): nothing is changed by them, and
// the answer tells the sender only of what they sent.
func (p *Pages) Mount(r gin.IRoutes, page func(func(*gin.Context) error) gin.HandlerFunc) {
	r.GET(Path, page(p.form))
	r.POST(Path, page(p.check))
	r.GET(SheetPath, page(p.toForm))
	r.POST(SheetPath, page(p.sheet))
}

func (p *Pages) form(c *gin.Context) error {
	p.UI.Render(c.Writer, c.Request, http.StatusOK, ui.Verifier{})
	return nil
}

// toForm is for who reloads a sheet or changes its language: it was kept
// nowhere.
func (p *Pages) toForm(c *gin.Context) error {
	c.Redirect(http.StatusSeeOther, Path+"?lang="+p.UI.Lang(c.Request))
	return nil
}

// check answers what was given, people by a page and programs by JSON.
func (p *Pages) check(c *gin.Context) error {
	v, problem, err := p.judged(c)
	switch {
	case wantsJSON(c):
		p.answer(c, v, problem, err)
		return nil
	case err != nil:
		return err
	case problem != "":
		p.UI.Render(c.Writer, c.Request, http.StatusUnprocessableEntity, ui.Verifier{Problem: problem})
		return nil
	}
	p.UI.Render(c.Writer, c.Request, http.StatusOK, ui.Verifier{Verdict: &v})
	return nil
}

// judged reads the body within bounds and judges it.
func (p *Pages) judged(c *gin.Context) (v ui.Verdict, problem string, err error) {
	if !p.visitors.Allow("verifier", c.ClientIP()) {
		return v, "", failure.Newf(failure.TooMany, "a visitor asks too often")
	}
	select {
	case p.places <- struct{}{}:
		defer func() { <-p.places }()
	default:
		return v, "", failure.Newf(failure.TooMany, "too many documents are being read")
	}
	g, err := read(c.Request)
	if err != nil {
		return v, "", err
	}
	if problem := g.problem(); problem != "" {
		return v, problem, nil
	}
	v, err = p.judge(c.Request.Context(), g)
	return v, "", err
}

func wantsJSON(c *gin.Context) bool { return strings.HasPrefix(c.GetHeader("Accept"), gin.MIMEJSON) }
