package journey

import (
	"github.com/gin-gonic/gin"

	"accord/consent"
	"accord/ui"
)

// laterOf is the box of the access asked after today, nil when none is asked.
func laterOf(cr consent.Request, in *interaction) *ui.Later {
	if cr.Later == nil {
		return nil
	}
	return &ui.Later{
		Until: cr.Later.Until, Fetches: cr.Later.Fetches, NotCovered: consent.IDs(cr.NotLater()), Chosen: in.Later,
	}
}

func ticksLater(c *gin.Context) bool { return c.PostForm("suite") == "1" }
