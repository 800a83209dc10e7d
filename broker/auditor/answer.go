package auditor

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"accord/broker/failure"
	"accord/broker/store"
)

// plain turns a handler that returns a failure into one gin can mount; what it
// refuses is told in a line of text and kept by no cache.
func (p *Pages) plain(serve func(*gin.Context) error) gin.HandlerFunc {
	return func(c *gin.Context) {
		c.Header("X-Content-Type-Options", "nosniff")
		if err := serve(c); err != nil {
			p.refuse(c, err)
		}
	}
}

func (p *Pages) refuse(c *gin.Context, err error) {
	var f *failure.Error
	if !errors.As(err, &f) {
		f = failure.New(failure.Ours, err)
	}
	status, words := http.StatusInternalServerError, "Erreur interne. Internal error.\n"
	switch f.Kind {
	case failure.NotFound:
		status, words = http.StatusNotFound, "Introuvable. Not found.\n"
	case failure.BadRequest:
		status, words = http.StatusBadRequest, "Demande incorrecte : from et to sont des rangs du journal. Bad request: from and to are leaf indexes.\n"
	case failure.TooMany:
		status, words = http.StatusTooManyRequests, "Trop de lectures à la fois. Too many reads at once.\n"
	case failure.Busy:
		status, words = http.StatusServiceUnavailable, "Momentanément indisponible. Unavailable for a moment.\n"
	}
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		c.Header("Retry-After", "1")
	}
	if status >= http.StatusInternalServerError {
		p.Log.ErrorContext(c.Request.Context(), "auditor's address failed", "kind", f.Kind, "cause", f.Cause)
	}
	c.Header("Cache-Control", "no-store")
	c.Data(status, "text/plain; charset=utf-8", []byte(words))
}

// kept tells a store's answer: what is not published does not exist here.
func kept(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return failure.New(failure.NotFound, err)
	}
	return failure.New(failure.Busy, err)
}
