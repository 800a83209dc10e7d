// Package standing serves the pages that say who runs this Accord and on what
// terms. They follow from the configuration and from the code's own constants,
// so that none can say another thing than the program does.
//
//	/accessibilite  /donnees-personnelles  /mentions-legales  /securite  /plan-du-site
//	/affichage                 light or dark, by a cookie of the reader's own
//	/.well-known/security.txt  RFC 9116, where the operator gave an address
package standing

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"accord/consent"
	"accord/ui"
)

// A Site is what an operator tells of the service beside its own particulars.
// All may be empty: the pages then say that it is not told.
type Site struct {
	Director string // director of publication
	Host     string // name, address and telephone of who hosts it
	Contact  string // mail or https address for help and accessibility
	Security string // mail or https address for reports of flaws
}

// Config is what the pages need; all members are required but those of Site.
type Config struct {
	IssuerURL string
	LogOrigin string
	Operator  consent.Operator
	Site      Site
	Loopback  bool // http on loopback: cookies without __Host-
	Desk      bool // agents may log in here
	UI        *ui.UI
	Now       func() time.Time
}

// Pages serves the addresses of the package comment.
type Pages struct{ Config }

// DisplayPath is where colours are chosen.
const DisplayPath = "/affichage"

// Mount adds the pages.
func (p Pages) Mount(r gin.IRoutes) {
	r.GET("/accessibilite", p.show(p.accessibility))
	r.GET("/donnees-personnelles", p.show(p.privacy))
	r.GET("/mentions-legales", p.show(p.legal))
	r.GET("/securite", p.show(p.security))
	r.GET("/plan-du-site", p.show(func() ui.Page { return ui.SiteMap{} }))
	r.GET(DisplayPath, p.display)
	r.POST(DisplayPath, p.chooseDisplay)
	r.GET("/.well-known/security.txt", p.securityTxt)
}

func (p Pages) show(page func() ui.Page) gin.HandlerFunc {
	return func(c *gin.Context) { p.UI.Render(c.Writer, c.Request, http.StatusOK, page()) }
}

// declared is the day the accessibility statement was last looked through.
func declared() time.Time { return time.Date(2026, time.November, 26, 12, 0, 0, 0, time.UTC) }

func (p Pages) accessibility() ui.Page {
	return ui.Accessibility{
		Operator: ui.Operator{Name: p.Operator.Name, DPO: p.Operator.DPO}, Declared: declared(), Contact: p.Site.Contact,
	}
}

func (p Pages) legal() ui.Page {
	return ui.LegalNotice{Operator: p.operator(), Director: p.Site.Director, Host: p.Site.Host, Contact: p.Site.Contact}
}

func (p Pages) operator() ui.Body {
	return ui.Body{Name: p.Operator.Name, SIRET: p.Operator.SIRET, Address: p.Operator.Address}
}

func (p Pages) display(c *gin.Context) {
	p.UI.Render(c.Writer, c.Request, http.StatusOK, ui.Display{Theme: ui.Theme(c.Request), Kept: c.Query("garde") == "1"})
}

// chooseDisplay keeps the choice and shows the page in it.
func (p Pages) chooseDisplay(c *gin.Context) {
	p.UI.KeepTheme(c.Writer, c.PostForm("theme"))
	c.Redirect(http.StatusSeeOther, DisplayPath+"?garde=1")
}
