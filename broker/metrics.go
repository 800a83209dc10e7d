package broker

import (
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"accord/broker/failure"
	"accord/broker/state"
	"accord/providers"
)

// Metrics counts what the broker does; *broker/admin.Metrics is one. Every
// label comes from the code (mounted patterns, outcomes, commands, catalogue),
// never from a request. Methods are called concurrently and must be quick.
type Metrics interface {
	// Request counts an answer: method of RFC 9110 or "other", the pattern it
	// was mounted under or "other".
	Request(method, route string, status int, took time.Duration)
	// Source counts one HTTP attempt at a source by its providers.Outcome.
	Source(source, outcome string, took time.Duration)
	// Store counts a store command; result is ok or a word for its closed error.
	Store(command, result string, took time.Duration)
	// Decision counts a recorded decision: granted or refused, and its stage.
	Decision(outcome, stage string)
	// Release counts a delivery of a catalogue resource: completed or failed.
	Release(resource, outcome string)
	// Shed counts a request turned away: overloaded, rate_limited.
	Shed(reason string)
}

// noMetrics stands in where nobody counts.
type noMetrics struct{}

func (noMetrics) Request(string, string, int, time.Duration) {}
func (noMetrics) Source(string, string, time.Duration)       {}
func (noMetrics) Store(string, string, time.Duration)        {}
func (noMetrics) Decision(string, string)                    {}
func (noMetrics) Release(string, string)                     {}
func (noMetrics) Shed(string)                                {}

// observe puts the counting around the store.
func (b *Broker) observe() {
	if b.config.Metrics == nil {
		b.config.Metrics = noMetrics{}
	}
	b.config.Store = measuredStore{
		Store: b.config.Store, metrics: seenBy{b.config.Metrics, b.board}, catalogue: b.config.Catalogue, asked: new(sync.Map),
	}
}

// seenBy tells the board of each attempt at a source, too.
type seenBy struct {
	Metrics
	board *state.Board
}

// Source counts an attempt. Any outcome but one is an answer.
func (s seenBy) Source(source, outcome string, took time.Duration) {
	s.board.Saw(source, outcome != string(providers.Unavailable))
	s.Metrics.Source(source, outcome, took)
}

// measure counts every answer, also that of a handler that panicked.
func (b *Broker) measure(c *gin.Context) {
	started := time.Now()
	c.Next()
	b.config.Metrics.Request(methodOf(c), patternOf(c), c.Writer.Status(), time.Since(started))
}

// patternOf is the pattern a route was mounted under: a path is a visitor's.
func patternOf(c *gin.Context) string {
	if p := c.FullPath(); p != "" {
		return p
	}
	return "other"
}

// methodOf closes the set of methods: any word is a method in HTTP.
func methodOf(c *gin.Context) string {
	known := []string{http.MethodGet, http.MethodPost, http.MethodHead, http.MethodOptions, http.MethodPut, http.MethodDelete, http.MethodPatch}
	if slices.Contains(known, c.Request.Method) {
		return c.Request.Method
	}
	return "other"
}

// countShed counts what is turned away for want of room.
func (b *Broker) countShed(k failure.Kind) {
	if b.config.Metrics == nil {
		return
	}
	switch k {
	case failure.Busy:
		b.config.Metrics.Shed("overloaded")
	case failure.TooMany:
		b.config.Metrics.Shed("rate_limited")
	}
}
