package main

import (
	"fmt"
	"log/slog"

	"accord/broker/admin"
	"accord/broker/configuration"
	"accord/providers"
	"accord/providers/cnav"
	"accord/providers/dgfip"
	"accord/providers/upstream"
)

// newSources makes the connectors of the configured sources; they contact
// nobody. Their alarms are logged and counted, their state can be scraped.
func newSources(s configuration.Sources, log *slog.Logger, m *admin.Metrics) ([]providers.Source, error) {
	alarm := alarmTo(log, m)
	var sources []providers.Source
	if c := s.CNAV; c != nil {
		source, err := cnav.New(cnav.Config{
			TokenURL: c.TokenURL, ClientID: c.ClientID, ClientSecret: c.ClientSecret.Reveal(), Resources: hubResources(c),
			Rate: c.Rate, Burst: c.Burst, Queue: c.Queue, Failures: c.Breaker.Failures, Pause: c.Breaker.Pause, Alarm: alarm,
		})
		if err != nil {
			return nil, fmt.Errorf("connecting source cnav: %w", err)
		}
		sources = append(sources, source)
		watchSource(m, source)
	}
	if c := s.DGFiP; c != nil {
		source, err := dgfip.New(dgfip.Config{
			URL: c.URL, TokenURL: c.TokenURL, ClientID: c.ClientID, ClientSecret: c.ClientSecret.Reveal(), Scope: c.Scope,
			Rate: c.Rate, Burst: c.Burst, Queue: c.Queue, Failures: c.Breaker.Failures, Pause: c.Breaker.Pause, Alarm: alarm,
		})
		if err != nil {
			return nil, fmt.Errorf("connecting source dgfip: %w", err)
		}
		sources = append(sources, source)
		watchSource(m, source)
	}
	return sources, nil
}

// hubResources are the accounts at the CNAV hub: the source's own address is
// the quotient familial's, the others are by the last segment of their path.
func hubResources(c *configuration.Source) map[string]cnav.Resource {
	all := map[string]cnav.Resource{cnav.QuotientFamilial: {URL: c.URL, Scope: c.Scope}}
	for segment, r := range c.Resources {
		all["dss/"+segment] = cnav.Resource{URL: r.URL, Scope: r.Scope, ClientID: r.ClientID, ClientSecret: r.ClientSecret.Reveal()}
	}
	return all
}

// alarmTo is the alarm of every source: somebody must look.
func alarmTo(log *slog.Logger, m *admin.Metrics) func(source, what string) {
	return func(source, what string) {
		log.Error("source alarm", slog.String("source", source), slog.String("what", what))
		m.SourceAlarm(source)
	}
}

// A watched source tells its state.
type watched interface {
	ID() string
	State() upstream.State
}

func watchSource(m *admin.Metrics, s watched) {
	m.GaugeOf("accord_source_breaker_open", "1 while the source is left alone because it fails, half open included.", "source", s.ID(),
		func() float64 { return oneIf(s.State().Breaker != upstream.Closed) })
	m.GaugeOf("accord_source_queue", "Queries waiting for their turn at the source.", "source", s.ID(),
		func() float64 { return float64(s.State().Waiting) })
}
