package main

import (
	"fmt"

	"accord/broker/admin"
	"accord/broker/configuration"
	"accord/providers"
	"accord/providers/apiparticulier"
)

// newServed makes the sources asked under API Particulier's token, none when
// there is no token; they contact nobody.
func newServed(c *configuration.APIParticulier, alarm func(source, what string), m *admin.Metrics) ([]providers.Source, error) {
	if c == nil {
		return nil, nil
	}
	account, err := apiparticulier.New(apiparticulier.Config{
		URL: c.URL, Token: c.Token.Reveal(), Rate: c.Rate, Burst: c.Burst, Queue: c.Queue,
		Failures: c.Breaker.Failures, Pause: c.Breaker.Pause, Alarm: alarm,
	})
	if err != nil {
		return nil, fmt.Errorf("connecting API Particulier: %w", err)
	}
	var sources []providers.Source
	for _, id := range c.Serves {
		source := account.Source(id)
		if source == nil {
			return nil, fmt.Errorf("connecting API Particulier: it has no source %q", id)
		}
		sources = append(sources, source)
		watchSource(m, id, source)
	}
	return sources, nil
}
