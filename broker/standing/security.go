package standing

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"accord/ui"
)

func (p Pages) security() ui.Page {
	_, log, _ := strings.Cut(p.LogOrigin, "/")
	return ui.Security{Contact: p.Site.Security, Origin: p.LogOrigin, Log: "/" + log}
}

// freshFor is how long a security.txt says it may be believed: RFC 9116 §2.5.5
// recommends less than a year. It is written anew each day the service runs.
const freshFor = 90 * 24 * time.Hour

// securityTxt answers RFC 9116's file; without an address to report to there
// is none, as Contact is required (§2.5.3).
func (p Pages) securityTxt(c *gin.Context) {
	if p.Site.Security == "" {
		c.String(http.StatusNotFound, "No address for reports was configured.\n")
		return
	}
	contact := p.Site.Security
	if !strings.HasPrefix(contact, "https:") {
		contact = "mailto:" + contact
	}
	expires := p.Now().UTC().Truncate(24 * time.Hour).Add(freshFor)
	c.Header("Cache-Control", "public, max-age=3600")
	c.Data(http.StatusOK, "text/plain; charset=utf-8", fmt.Appendf(nil,
		"Contact: %s\nExpires: %s\nPreferred-Languages: fr, en\nCanonical: %s/.well-known/security.txt\nPolicy: %s/securite\n",
		contact, expires.Format(time.RFC3339), p.IssuerURL, p.IssuerURL))
}
