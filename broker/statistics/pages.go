package statistics

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"accord/consent/audit"
	"accord/ui"
)

// Pages serves the figures.
type Pages struct {
	*Figures
	UI *ui.UI
}

// Mount adds the page, its JSON, and the address the old public sheet of API
// Particulier named.
func (p Pages) Mount(r gin.IRoutes) {
	r.GET("/stats", p.page)
	r.GET("/stats.json", p.json)
	r.GET("/api/analytics/requestsLast30days", p.requests)
}

// page answers people, or a program that asks for JSON.
func (p Pages) page(c *gin.Context) {
	if strings.HasPrefix(c.GetHeader("Accept"), gin.MIMEJSON) {
		p.json(c)
		return
	}
	c.Header("Vary", "Accept")
	p.UI.Render(c.Writer, c.Request, http.StatusOK, shown(p.Latest()))
}

func (p Pages) json(c *gin.Context) {
	cached(c)
	c.JSON(http.StatusOK, p.Latest())
}

// requests is the one number of the old sheet: papers made needless over thirty
// days; null when too few.
func (p Pages) requests(c *gin.Context) {
	cached(c)
	s := p.Latest()
	c.JSON(http.StatusOK, gin.H{"count": s.Needless, "from": s.From, "until": s.Until})
}

func cached(c *gin.Context) {
	c.Header("Vary", "Accept")
	c.Header("Cache-Control", "public, max-age=60")
}

func shown(s audit.Statistics) ui.Stats {
	page := ui.Stats{
		From: s.From, Until: s.Until, Origin: s.Origin, Fewest: audit.FewestCounted,
		Needless: told(s.Needless), Agreements: told(s.Agreements), Refusals: told(s.Refusals), Withdrawals: told(s.Withdrawals),
	}
	for _, f := range s.Papers {
		page.Papers = append(page.Papers, ui.PaperFigure{Kind: strings.ReplaceAll(f.Kind, "/", "_"), Count: f.Count})
	}
	for _, f := range s.Sources {
		page.Sources = append(page.Sources, ui.SourceFigure{Source: f.Source, Attempts: f.Attempts, Available: f.Available, P95: f.P95})
	}
	for _, d := range s.Days {
		page.Days = append(page.Days, ui.DayFigure{Day: d.Day, Papers: told(d.Papers)})
	}
	return page
}

// Needless counts the papers made needless; nil when too few to be told.
func Needless(s audit.Statistics) *int64 { return told(s.Needless) }

// told is nil for a count that may not be told.
func told(c audit.Count) *int64 {
	if !c.Told() {
		return nil
	}
	n := int64(c)
	return &n
}
