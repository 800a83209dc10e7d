package broker

import (
	"github.com/gin-gonic/gin"

	"accord/broker/visitors"
)

// forwardedFor is the only header an address is read from, and only of a
// trusted proxy's requests: the last address in it, all its lines read as one
// list, that is no such proxy's.
const forwardedFor = "X-Forwarded-For"

// locate notes the visitor's address for handlers that have no gin.Context.
func (b *Broker) locate(c *gin.Context) {
	c.Request = c.Request.WithContext(visitors.WithAddress(c.Request.Context(), c.ClientIP()))
}
