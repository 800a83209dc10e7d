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
	alarms    *prometheus.CounterVec
	commits   prometheus.Histogram
	batches   prometheus.Histogram
}

// NewMetrics makes its own registry: nothing is shared with other code of the
// process.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry:  prometheus.NewRegistry(),
		requests:  histogram("accord_http_request_seconds", "HTTP requests by mounted route and class of status.", "method", "route", "class"),
		decisions: counter("accord_decisions_total", "Decisions recorded, by outcome and stage.", "outcome", "stage"),
		sources:   histogram("accord_source_query_seconds", "Attempts at sources, by source and outcome.", "source", "outcome"),
		store:     histogram("accord_store_command_seconds", "Store commands, by command and result.", "command", "result"),
		releases:  counter("accord_releases_total", "Deliveries, by resource and outcome.", "resource", "outcome"),
		shed:      counter("accord_shed_total", "Requests turned away, by reason.", "reason"),
		alarms:    counter("accord_source_alarms_total", "Answers of a source that nobody foresaw, another person's, breaker opened.", "source"),
		commits:   prometheus.NewHistogram(histogramOpts("accord_store_commit_seconds", "Transactions of the store, fsync included.", seconds())),
		batches:   prometheus.NewHistogram(histogramOpts("accord_store_batch_jobs", "Commands that shared one transaction.", prometheus.ExponentialBuckets(1, 2, 9))),
	}
	m.registry.MustRegister(m.requests, m.decisions, m.sources, m.store, m.releases, m.shed, m.alarms, m.commits, m.batches,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func histogram(name, help string, labels ...string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(histogramOpts(name, help, seconds()), labels)
}

func histogramOpts(name, help string, buckets []float64) prometheus.HistogramOpts {
	return prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}
}

func seconds() []float64 {
	return []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20}
}

func counter(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

// Gauge adds a value read at each scrape: log size, queue, checkpoint age. The
// name begins with accord_ and is registered once.
func (m *Metrics) Gauge(name, help string, read func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
}

// GaugeOf is Gauge with one label whose value the code chose; a name may be
// registered once for each value.
func (m *Metrics) GaugeOf(name, help, label, value string, read func() float64) {
	opts := prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: prometheus.Labels{label: value}}
	m.registry.MustRegister(prometheus.NewGaugeFunc(opts, read))
}

// Commit counts a transaction of the store and the commands that shared it.
func (m *Metrics) Commit(jobs int, took time.Duration) {
	m.commits.Observe(took.Seconds())
	m.batches.Observe(float64(jobs))
}

// Request counts an HTTP request. route is the pattern it was mounted under,
// "other" when none matched, never the path; method is closed likewise.
func (m *Metrics) Request(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status/100)+"xx").Observe(took.Seconds())
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

// SourceAlarm counts what an operator must look at: an answer the source's
// table does not list, another person's, its circuit breaker opening.
func (m *Metrics) SourceAlarm(source string) { m.alarms.WithLabelValues(source).Inc() }

// Handler serves the Prometheus text format.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
