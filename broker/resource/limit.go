package resource

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"accord/broker/store"
)

const (
	// perSecond is API Particulier's limit for all its resources together.
	perSecond = 20
	// mostCounted bounds the bearers counted within one second; beyond it a new
	// one is not counted, since turning it away would be worse.
	mostCounted = 100_000
)

// A limiter counts the requests of each bearer within the current second, in
// API Particulier's way: by the SHA-256 of the token, whoever it belongs to.
type limiter struct {
	now func() time.Time

	mu     sync.Mutex // guards the rest
	second int64
	counts map[store.Hash]int
}

func newLimiter(now func() time.Time) *limiter {
	return &limiter{now: now, counts: map[store.Hash]int{}}
}

// take counts one request; left is below zero when there was none left. reset
// is the Unix second in which the count begins anew.
func (l *limiter) take(bearer store.Hash) (left int, reset int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if second := l.now().Unix(); second != l.second {
		l.second = second
		clear(l.counts)
	}
	if l.counts[bearer] == 0 && len(l.counts) >= mostCounted {
		return perSecond - 1, l.second + 1
	}
	l.counts[bearer]++
	return perSecond - l.counts[bearer], l.second + 1
}

// limit writes the RateLimit-* headers of API Particulier on every answer to a
// bearer, and turns away what is over.
func (d *Deliverer) limit(c *gin.Context) {
	authorization := c.GetHeader("Authorization")
	if authorization == "" {
		return
	}
	// By the token, however its scheme is written: "bearer x" is "Bearer x".
	_, token, _ := strings.Cut(authorization, " ")
	left, reset := d.limiter.take(HashOf(token))
	c.Header("RateLimit-Limit", strconv.Itoa(perSecond))
	c.Header("RateLimit-Remaining", strconv.Itoa(max(left, 0)))
	c.Header("RateLimit-Reset", strconv.FormatInt(reset, 10))
	if left < 0 {
		c.Header("Cache-Control", "no-store")
		refuse(c, errTooMany)
		c.Abort()
	}
}

var errTooMany = apiError{
	status: http.StatusTooManyRequests, Code: "00429", Title: "Trop de requêtes",
	Detail: "Vingt requêtes par seconde et par jeton au plus. Rien n'a été transmis : réessayer à la seconde suivante.",
}
