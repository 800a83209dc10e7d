package resource

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// ping tells that this program answers; it asks nobody.
func ping(c *gin.Context) {
	c.Header("Cache-Control", "no-store")
	c.JSON(http.StatusOK, gin.H{"status": "ok"})
}

// An introspection is API Particulier's word on a token: the id of what it
// stands on (there a habilitation's token, here the citizen's grant) and its
// scopes.
type introspection struct {
	ID     string   `json:"_id"`
	Name   string   `json:"name"` // always empty, as there
	Scopes []string `json:"scopes"`
}

// introspect tells the bearer of a live token what it may read. RFC 7662's
// introspection, for a client with its own credentials, is the issuer's.
func (d *Deliverer) introspect(c *gin.Context) {
	c.Header("Cache-Control", "no-store")
	token, ok := bearer(c.Request)
	if !ok {
		refuse(c, errToken)
		return
	}
	info, err := d.TokenInfo(c.Request.Context(), token)
	switch {
	case err != nil:
		refuse(c, errBusy)
	case info == nil:
		refuse(c, errToken)
	default:
		if e := d.possessed(c.Request, token, info.DPoPJKT); e != nil {
			refuse(c, *e)
			return
		}
		if info.Frozen {
			refuse(c, errNotInForce)
			return
		}
		c.JSON(http.StatusOK, introspection{ID: info.GrantID, Scopes: info.Scopes})
	}
}
