package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"

	"accord/broker"
	"accord/broker/admin"
	"accord/broker/boltstore"
	"accord/broker/configuration"
	"accord/consent"
)

// serve runs the broker of a configuration until ctx ends.
func serve(ctx context.Context, in invocation, args []string) error {
	f := flags("serve")
	file := f.String("config", defaultConfig, "")
	if err := parse(f, args, 0, 0); err != nil {
		return err
	}
	c, err := in.load(*file)
	if err != nil {
		return err
	}
	return serveConfiguration(ctx, c, slog.New(slog.NewJSONHandler(in.stderr, nil)))
}

// serveConfiguration opens the store before any listener, and closes it last.
func serveConfiguration(ctx context.Context, c *configuration.Configuration, log *slog.Logger) (err error) {
	store, err := openStore(c, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	b, err := newBroker(ctx, c, store, log)
	if err != nil {
		return err
	}
	maintained, stop := context.WithCancel(ctx)
	defer stop()
	go b.Maintain(maintained)
	health := &admin.Health{Checks: []admin.Check{{Name: "store", Run: writable(store)}}}
	public, err := publicSite(c.Settings, b.Handler(), health, log)
	if err != nil {
		return err
	}
	socket, err := adminSite(c.Settings, store, health)
	if err != nil {
		return errors.Join(err, public.listener.Close())
	}
	log.InfoContext(ctx, "serving", slog.String("issuer", c.Settings.Issuer), slog.String("listen", public.listener.Addr().String()))
	return serveUntil(ctx, health, public, socket)
}

func newBroker(ctx context.Context, c *configuration.Configuration, store *boltstore.Store, log *slog.Logger) (*broker.Broker, error) {
	fc, err := newFranceConnect(c.Settings)
	if err != nil {
		return nil, err
	}
	sources, err := newSources(c.Settings.Sources)
	if err != nil {
		return nil, err
	}
	return broker.New(ctx, broker.Config{
		Issuer: c.Settings.Issuer, LogOrigin: c.Ring.Origin(), Operator: c.Settings.Operator,
		Store: store, Keys: c.Ring, FranceConnect: fc, Entitled: c.Settings.FranceConnect.Scopes,
		Sources: sources, SourceParties: sourceParties(c.Settings), Catalogue: consent.DefaultCatalogue(),
		Clients: c.Clients.All(), Approvals: c.Approvals.All(), TrustedProxies: c.Settings.TrustedProxies,
		StartedUnclean: store.StartedUnclean(), Log: log,
	})
}

// publicSite serves the broker, with the health addresses before it.
func publicSite(s configuration.Settings, broker http.Handler, health *admin.Health, log *slog.Logger) (site, error) {
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
	listener, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return site{}, fmt.Errorf("listening on %s: %w", s.Listen, err)
	}
	return site{server, listener}, nil
}

// adminSite opens the operator's socket.
func adminSite(s configuration.Settings, store *boltstore.Store, health *admin.Health) (site, error) {
	listener, err := admin.Listen(s.Admin)
	if err != nil {
		return site{}, err
	}
	metrics := admin.NewMetrics()
	metrics.Gauge("accord_log_size", "Leaves of the log.", func() float64 { return float64(store.Health(context.Background()).Size) })
	metrics.Gauge("accord_store_queue", "Jobs waiting for the sequencer.", func() float64 { return float64(store.Health(context.Background()).Queue) })
	server := &http.Server{
		Handler: admin.Handler(health, metrics), ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout: readTimeout, WriteTimeout: writeTimeout, MaxHeaderBytes: maxHeader,
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
