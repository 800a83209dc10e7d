package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"accord/broker"
	"accord/broker/admin"
	"accord/broker/boltstore"
	"accord/broker/configuration"
	"accord/broker/standing"
	"accord/consent"
)

// serve runs the broker of a configuration until ctx ends.
func serve(ctx context.Context, in invocation, args []string) error {
	tuneMemory(in.getenv)
	f := flags("serve")
	file := f.String("config", defaultConfig, "")
	wait := f.Duration("wait", defaultWait, "")
	if err := parse(f, args, 0, 0); err != nil {
		return err
	}
	c, err := in.load(*file)
	if err != nil {
		return err
	}
	return in.serveConfiguration(ctx, c, *wait)
}

// serveConfiguration opens the store before any listener, and closes it last.
func (in invocation) serveConfiguration(ctx context.Context, c *configuration.Configuration, wait time.Duration) (err error) {
	log := slog.New(slog.NewJSONHandler(in.stderr, nil))
	metrics, observe := newMetrics()
	store, err := openStore(c, log, observe)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	b, err := newBroker(ctx, c, store, log, metrics)
	if err != nil {
		return err
	}
	maintained, stop := context.WithCancel(ctx)
	defer stop()
	go b.Maintain(maintained)
	changes := &reloader{broker: b, file: c.File}
	go changes.onHangup(maintained, log)
	health := &admin.Health{Checks: []admin.Check{{Name: "store", Run: writable(store)}}, Warn: func() []string { return endings(b.Standings()) }}
	public, err := in.publicSite(c.Settings, b.Handler(), health, log)
	if err != nil {
		return err
	}
	watchStore(metrics, store)
	watchKeys(metrics, c.Ring)
	watchApprovals(metrics, b.Standings)
	socket, err := adminSite(c, store, changes, health, metrics, log)
	if err != nil {
		return errors.Join(err, public.listener.Close())
	}
	log.InfoContext(ctx, "serving", slog.String("issuer", c.Settings.Issuer), slog.String("listen", public.listener.Addr().String()))
	return serveUntil(ctx, health, wait, public, socket)
}

func newBroker(ctx context.Context, c *configuration.Configuration, store *boltstore.Store, log *slog.Logger, metrics *admin.Metrics) (*broker.Broker, error) {
	fc, err := newFranceConnect(c.Settings)
	if err != nil {
		return nil, err
	}
	provider, err := newDataProvider(c.Settings)
	if err != nil {
		return nil, err
	}
	agents, err := newProConnect(c.Settings)
	if err != nil {
		return nil, err
	}
	sources, err := newSources(c.Settings.Sources, log, metrics)
	if err != nil {
		return nil, err
	}
	return broker.New(ctx, broker.Config{
		Issuer: c.Settings.Issuer, LogOrigin: c.Ring.Origin(), Operator: c.Settings.Operator,
		Site: standing.Site(c.Settings.Site), Notice: c.Settings.Notice,
		Store: store, Keys: c.Ring, FranceConnect: fc, DataProvider: provider, ProConnect: agents, Entitled: c.Settings.FranceConnect.Scopes,
		Sources: sources, SourceParties: sourceParties(c.Settings), Catalogue: consent.DefaultCatalogue(),
		Clients: c.Clients.All(), Approvals: c.Approvals.All(), Auditors: auditors(c.Settings), TrustedProxies: c.Settings.TrustedProxies,
		StartedUnclean: store.StartedUnclean(), Log: log, Metrics: metrics,
	})
}

// publicSite serves the broker, with the health addresses before it.
func (in invocation) publicSite(s configuration.Settings, broker http.Handler, health *admin.Health, log *slog.Logger) (site, error) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/livez":
			health.Live(w, r)
		case "/readyz":
			health.Public(w, r)
		default:
			broker.ServeHTTP(w, r)
		}
	})
	server, err := newServer(s, handler, log)
	if err != nil {
		return site{}, err
	}
	listener, err := in.listen(s.Listen)
	if err != nil {
		return site{}, err
	}
	return site{server, listener}, nil
}

func writable(store *boltstore.Store) func(context.Context) error {
	return func(ctx context.Context) error {
		if !store.Health(ctx).Writable {
			return errors.New("the store cannot write")
		}
		return nil
	}
}
