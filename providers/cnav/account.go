package cnav

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"accord/providers/upstream"
)

// An account is one resource under its credential.
type account struct {
	resource
	url    string
	client *upstream.Client
}

// New checks cfg and makes its Source. It calls nobody.
func New(cfg Config) (*Source, error) {
	if len(cfg.Resources) == 0 {
		return nil, errors.New("cnav: no resource configured")
	}
	s := &Source{resources: map[string]*account{}, now: cfg.Now}
	if s.now == nil {
		s.now = time.Now
	}
	credentials := credentials{}
	for _, name := range slices.Sorted(maps.Keys(cfg.Resources)) {
		to, err := newAccount(cfg, name, credentials)
		if err != nil {
			return nil, fmt.Errorf("cnav: %s: %w", name, err)
		}
		s.resources[name] = to
	}
	return s, nil
}

func newAccount(cfg Config, name string, shared credentials) (*account, error) {
	known, ok := resources()[name]
	if !ok {
		return nil, errors.New("not a resource of the hub")
	}
	own := cfg.Resources[name]
	if err := upstream.CheckURL(own.URL); err != nil {
		return nil, fmt.Errorf("address: %w", err)
	}
	if own.ClientID == "" && own.ClientSecret != "" {
		return nil, errors.New("client secret without its client id")
	}
	if own.ClientID == "" {
		own.ClientID, own.ClientSecret = cfg.ClientID, cfg.ClientSecret
	}
	client, err := newClient(cfg, name, own, shared)
	return &account{resource: known, url: own.URL, client: client}, err
}

func newClient(cfg Config, name string, own Resource, shared credentials) (*upstream.Client, error) {
	up := upstream.Config{
		TokenURL: cfg.TokenURL, ClientID: own.ClientID, ClientSecret: own.ClientSecret, Scope: own.Scope, URLSafeBasic: true,
		Timeout: cfg.Timeout, Rate: cfg.Rate, Burst: cfg.Burst, Queue: cfg.Queue,
		Failures: cfg.Failures, Pause: cfg.Pause, Source: ID, Alarm: naming(cfg.Alarm, name), HTTP: cfg.HTTP, Now: cfg.Now,
	}
	var err error
	if up.Account, err = shared.of(up); err != nil {
		return nil, err
	}
	return upstream.New(up)
}

// naming tells in an alarm which resource it is about.
func naming(alarm func(source, what string), resource string) func(source, what string) {
	if alarm == nil {
		return nil
	}
	return func(source, what string) { alarm(source, resource+": "+what) }
}

// credentials are the accounts made so far, by client id: the hub's limits hold
// for a client, whatever it asks.
type credentials map[string]credential

type credential struct {
	secret  string
	account *upstream.Account
}

func (c credentials) of(cfg upstream.Config) (*upstream.Account, error) {
	known, ok := c[cfg.ClientID]
	if ok && known.secret != cfg.ClientSecret {
		return nil, errors.New("one client id with two secrets")
	}
	if ok {
		return known.account, nil
	}
	account, err := upstream.NewAccount(cfg)
	if err != nil {
		return nil, err
	}
	c[cfg.ClientID] = credential{cfg.ClientSecret, account}
	return account, nil
}
