package main

import (
	"errors"
	"fmt"
	"log/slog"

	"accord/broker/admin"
	"accord/broker/configuration"
	"accord/providers"
	"accord/providers/cnav"
	"accord/providers/dgfip"
	"accord/providers/francetravail"
	"accord/providers/upstream"
)

// newSources makes the connectors of the configured sources; they contact
// nobody. Their alarms are logged and counted, their state can be scraped.
func newSources(s configuration.Sources, log *slog.Logger, m *admin.Metrics) ([]providers.Source, error) {
	alarm := alarmTo(log, m)
	var sources []providers.Source
	add := func(c *configuration.Source, connect func(configuration.Source) (connector, error)) error {
		if c == nil {
			return nil
		}
		source, err := accounts(*c, m, connect)
		sources = append(sources, source)
		return err
	}
	err := errors.Join(
		add(s.CNAV, func(c configuration.Source) (connector, error) {
			return cnav.New(cnav.Config{
				TokenURL: c.TokenURL, ClientID: c.ClientID, ClientSecret: c.ClientSecret.Reveal(), Resources: hubResources(c),
				Rate: c.Rate, Burst: c.Burst, Queue: c.Queue, Failures: c.Breaker.Failures, Pause: c.Breaker.Pause, Alarm: alarm,
			})
		}),
		add(s.DGFiP, func(c configuration.Source) (connector, error) {
			return dgfip.New(dgfip.Config{
				URL: c.URL, TokenURL: c.TokenURL, ClientID: c.ClientID, ClientSecret: c.ClientSecret.Reveal(), Scope: c.Scope,
				Rate: c.Rate, Burst: c.Burst, Queue: c.Queue, Failures: c.Breaker.Failures, Pause: c.Breaker.Pause, Alarm: alarm,
			})
		}),
		add(s.FranceTravail, func(c configuration.Source) (connector, error) {
			return francetravail.New(francetravail.Config{
				StatusURL: c.URL, PaymentsURL: c.IndemnitesURL,
				TokenURL: c.TokenURL, ClientID: c.ClientID, ClientSecret: c.ClientSecret.Reveal(), Scope: c.Scope,
				Rate: c.Rate, Burst: c.Burst, Queue: c.Queue, Failures: c.Breaker.Failures, Pause: c.Breaker.Pause, Alarm: alarm,
			})
		}),
	)
	if err != nil {
		return nil, fmt.Errorf("connecting sources: %w", err)
	}
	served, err := newServed(s.APIParticulier, alarm, m)
	return append(sources, served...), err
}

// accounts makes a source under its own credentials and under each further set.
func accounts(c configuration.Source, m *admin.Metrics, connect func(configuration.Source) (connector, error)) (providers.Source, error) {
	own, err := connect(c)
	if err != nil {
		return nil, err
	}
	watchSource(m, own.ID(), own)
	if len(c.Credentials) == 0 {
		return own, nil
	}
	named := map[string]providers.Source{}
	for name := range c.Credentials {
		source, err := connect(c.As(name))
		if err != nil {
			return nil, fmt.Errorf("credentials %s: %w", name, err)
		}
		watchSource(m, source.ID()+"/"+name, source)
		named[name] = source
	}
	return providers.ByCredential{Own: own, Named: named}, nil
}

// hubResources are the accounts at the CNAV hub: the source's own address is
// the quotient familial's, the others are by the last segment of their path.
func hubResources(c configuration.Source) map[string]cnav.Resource {
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

// A connector is a source that tells its state.
type connector interface {
	providers.Source
	State() upstream.State
}

// watchSource shows the state of a source's account: name is the source's id,
// with "/" and the set's name for a further one.
func watchSource(m *admin.Metrics, name string, s connector) {
	m.GaugeOf("accord_source_breaker_open", "1 while the source is left alone because it fails, half open included.", "source", name,
		func() float64 { return oneIf(s.State().Breaker != upstream.Closed) })
	m.GaugeOf("accord_source_queue", "Queries waiting for their turn at the source.", "source", name,
		func() float64 { return float64(s.State().Waiting) })
	if r, ok := s.(ofResources); ok {
		watchResources(m, name, r)
	}
}

// ofResources are sources whose resources fail and wait each for itself.
type ofResources interface {
	States() map[string]upstream.State
}

func watchResources(m *admin.Metrics, name string, s ofResources) {
	for resource := range s.States() {
		at := name + "/" + resource
		m.GaugeOf("accord_source_resource_breaker_open", "1 while one resource of a source is left alone because it fails, half open included.", "resource", at,
			func() float64 { return oneIf(s.States()[resource].Breaker != upstream.Closed) })
		m.GaugeOf("accord_source_resource_queue", "Queries waiting for their turn at one resource of a source.", "resource", at,
			func() float64 { return float64(s.States()[resource].Waiting) })
	}
}
