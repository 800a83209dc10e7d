package broker

import (
	"context"
	"log/slog"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
)

// requestIDHeader returns the id to whoever asked, so that a service provider
// can tell support which request it means.
const requestIDHeader = "Accord-Request-Id"

type requestIDKey struct{}

// identify gives each request an id of ours, a UUID: one a client sent would be
// the client's to choose. It joins the answer's header, the error page's
// reference and every log line written with the request's context.
func (b *Broker) identify(c *gin.Context) {
	id, started := uuid.NewString(), time.Now()
	c.Header(requestIDHeader, id)
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), requestIDKey{}, id))
	c.Next()
	b.config.Log.LogAttrs(c.Request.Context(), slog.LevelInfo, "request",
		slog.String("method", methodOf(c)), slog.String("route", patternOf(c)),
		slog.Int("status", c.Writer.Status()), slog.Int64("ms", time.Since(started).Milliseconds()))
}

// requestIDOf is "" outside a request.
func requestIDOf(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// referenceOf is what a citizen can tell support: the request's id.
func referenceOf(ctx context.Context) string {
	if id := requestIDOf(ctx); id != "" {
		return id
	}
	return uuid.NewString()
}

// A requestLog writes the id of the request a line belongs to.
type requestLog struct{ slog.Handler }

func (h requestLog) Handle(ctx context.Context, r slog.Record) error {
	if id := requestIDOf(ctx); id != "" {
		r = r.Clone()
		r.AddAttrs(slog.String("request_id", id))
	}
	return h.Handler.Handle(ctx, r)
}

func (h requestLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return requestLog{h.Handler.WithAttrs(attrs)}
}

func (h requestLog) WithGroup(name string) slog.Handler {
	return requestLog{h.Handler.WithGroup(name)}
}
