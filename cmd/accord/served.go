package main

import (
	"fmt"

	"accord/broker/admin"
	"accord/broker/configuration"
	"accord/providers"
	"accord/providers/apiparticulier"
)

// newServed makes the sources asked under API Particulier's tokens, none when
// there is no token; they contact nobody.
func newServed(c *configuration.APIParticulier, alarm func(source, what string), m *admin.Metrics) ([]providers.Source, error) {
	if c == nil {
		return nil, nil
	}
	own, err := habilitation(c, c.Token, alarm)
	if err != nil {
		return nil, fmt.Errorf("connecting API Particulier: %w", err)
	}
	named := map[string]*apiparticulier.Account{}
	for name, h := range c.Credentials {
		if named[name], err = habilitation(c, h.Token, alarm); err != nil {
			return nil, fmt.Errorf("connecting API Particulier: credentials %s: %w", name, err)
		}
	}
	var sources []providers.Source
	for _, id := range c.Serves {
		source, err := served(id, own, named, m)
		if err != nil {
			return nil, err
		}
		sources = append(sources, source)
	}
	return sources, nil
}

// habilitation is the account of one token.
func habilitation(c *configuration.APIParticulier, token configuration.Secret, alarm func(source, what string)) (*apiparticulier.Account, error) {
	return apiparticulier.New(apiparticulier.Config{
		URL: c.URL, Token: token.Reveal(), Rate: c.Rate, Burst: c.Burst, Queue: c.Queue,
		Failures: c.Breaker.Failures, Pause: c.Breaker.Pause, Alarm: alarm,
	})
}

// served is one administration under the operator's own token, and under each
// recipient's.
func served(id string, own *apiparticulier.Account, named map[string]*apiparticulier.Account, m *admin.Metrics) (providers.Source, error) {
	source := own.Source(id)
	if source == nil {
		return nil, fmt.Errorf("connecting API Particulier: it has no source %q", id)
	}
	watchSource(m, id, source)
	if len(named) == 0 {
		return source, nil
	}
	by := providers.ByCredential{Own: source, Named: map[string]providers.Source{}}
	for name, account := range named {
		further := account.Source(id)
		watchSource(m, id+"/"+name, further)
		by.Named[name] = further
	}
	return by, nil
}
