package admin

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics counts what Accord does. Every label's values come from the code
// (routes as mounted, outcomes, sources, commands), never from a request: a
// label a client chose would be unbounded, and could tell a person.
type Metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.HistogramVec
	decisions *prometheus.CounterVec
	sources   *prometheus.HistogramVec
	store     *prometheus.HistogramVec
	releases  *prometheus.CounterVec
	shed      *prometheus.CounterVec
}

// NewMetrics makes its own registry: nothing is shared with other code of the
// process.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry:  prometheus.NewRegistry(),
		requests:  histogram("accord_http_request_seconds", "HTTP requests by mounted route and class of status.", "route", "class"),
		decisions: counter("accord_decisions_total", "Decisions recorded, by outcome and stage.", "outcome", "stage"),
		sources:   histogram("accord_source_query_seconds", "Attempts at sources, by source and outcome.", "source", "outcome"),
		store:     histogram("accord_store_command_seconds", "Store commands, by command and result.", "command", "result"),
		releases:  counter("accord_releases_total", "Deliveries, by resource and outcome.", "resource", "outcome"),
		shed:      counter("accord_shed_total", "Requests turned away, by reason.", "reason"),
	}
	m.registry.MustRegister(m.requests, m.decisions, m.sources, m.store, m.releases, m.shed,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func histogram(name, help string, labels ...string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help,
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20}}, labels)
}

func counter(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

// Gauge adds a value read at each scrape: log size, queue, checkpoint age. The
// name begins with accord_ and is registered once.
func (m *Metrics) Gauge(name, help string, read func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
}

// Request counts an HTTP request. route is the pattern it was mounted under,
// "other" when none matched; never the path.
func (m *Metrics) Request(route string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, strconv.Itoa(status/100)+"xx").Observe(took.Seconds())
}

// Decision counts a recorded decision: granted or refused, at a stage of
// design §6 (empty for granted).
func (m *Metrics) Decision(outcome, stage string) {
	m.decisions.WithLabelValues(outcome, stage).Inc()
}

// Source counts an attempt at a source by its providers.Outcome.
func (m *Metrics) Source(source, outcome string, took time.Duration) {
	m.sources.WithLabelValues(source, outcome).Observe(took.Seconds())
}

// Store counts a store command; result is ok or a word for its closed error.
func (m *Metrics) Store(command, result string, took time.Duration) {
	m.store.WithLabelValues(command, result).Observe(took.Seconds())
}

// Release counts a delivery of a catalogue resource: completed or failed.
func (m *Metrics) Release(resource, outcome string) {
	m.releases.WithLabelValues(resource, outcome).Inc()
}

// Shed counts a request turned away: overloaded, rate_limited, draining.
func (m *Metrics) Shed(reason string) { m.shed.WithLabelValues(reason).Inc() }

// Handler serves the Prometheus text format.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
