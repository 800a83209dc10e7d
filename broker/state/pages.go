package state

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"accord/consent"
	"accord/ui"
)

// Pages serves the board.
type Pages struct {
	*Board
	Sources []string                   // catalogue source ids, FranceConnect's first
	Ready   func(context.Context) bool // the store can write
	Notice  func() consent.Text        // of maintenance or an incident; may be empty
	UI      *ui.UI
	Now     func() time.Time
}

// Mount adds the page and its JSON.
func (p Pages) Mount(r gin.IRoutes) {
	r.GET("/etat", p.page)
	r.GET("/etat.json", p.json)
}

func (p Pages) page(c *gin.Context) {
	if strings.HasPrefix(c.GetHeader("Accept"), gin.MIMEJSON) {
		p.json(c)
		return
	}
	c.Header("Vary", "Accept")
	page := ui.Health{At: p.Now(), Ready: p.Ready(c.Request.Context()), Notice: ui.Text(p.Notice()), Minutes: int(Window / time.Minute)}
	for _, id := range p.Sources {
		o := p.Of(id)
		page.Sources = append(page.Sources, ui.SourceHealth{Source: id, Condition: string(o.Condition), Since: o.Since})
	}
	p.UI.Render(c.Writer, c.Request, http.StatusOK, page)
}

// A Told is what /etat.json answers. Times are RFC 3339, UTC.
type Told struct {
	At      string       `json:"at"`
	Log     string       `json:"log"` // ready, or unavailable: nothing can be agreed or delivered
	Notice  *Notice      `json:"notice"`
	Sources []SourceTold `json:"sources"`
}

// A Notice is what the operator announces.
type Notice struct {
	FR string `json:"fr"`
	EN string `json:"en"`
}

// A SourceTold is one source.
type SourceTold struct {
	Source    string    `json:"source"`
	Condition Condition `json:"condition"`
	Since     string    `json:"since,omitempty"` // a whole five minutes
}

func (p Pages) json(c *gin.Context) {
	t := Told{At: p.Now().UTC().Format(time.RFC3339), Log: "ready", Sources: []SourceTold{}}
	if !p.Ready(c.Request.Context()) {
		t.Log = string(Unavailable)
	}
	if n := p.Notice(); n != (consent.Text{}) {
		t.Notice = &Notice{n.FR, n.EN}
	}
	for _, id := range p.Sources {
		o := p.Of(id)
		told := SourceTold{Source: id, Condition: o.Condition}
		if !o.Since.IsZero() {
			told.Since = o.Since.UTC().Format(time.RFC3339)
		}
		t.Sources = append(t.Sources, told)
	}
	c.Header("Vary", "Accept")
	c.Header("Cache-Control", "no-cache")
	c.JSON(http.StatusOK, t)
}
