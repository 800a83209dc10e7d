package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"accord/broker/admin"
	"accord/broker/configuration"
)

// The listener's bounds. A slow client holds a connection no longer than
// these; the write bound leaves room for a consent page held for its sources.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 10 * time.Second
	writeTimeout      = 20 * time.Second
	idleTimeout       = 60 * time.Second
	maxHeader         = 16 << 10 // bytes
	drainTime         = 25 * time.Second
	defaultWait       = time.Second // -wait
)

// newServer makes the public server, with TLS when it is ours to end.
func newServer(s configuration.Settings, handler http.Handler, log *slog.Logger) (*http.Server, error) {
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(withoutAddresses{log.Handler()}, slog.LevelWarn),
	}
	if s.TLS == nil {
		return server, nil
	}
	var err error
	if server.TLSConfig, err = s.TLS.Server(); err != nil {
		return nil, err
	}
	return server, nil
}

// A site is one server on one listener.
type site struct {
	server   *http.Server
	listener net.Listener
}

func (s site) serve() error {
	var err error
	if s.server.TLSConfig != nil {
		err = s.server.ServeTLS(s.listener, "", "")
	} else {
		err = s.server.Serve(s.listener)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serving %s: %w", s.listener.Addr(), err)
}

// serveUntil serves until ctx ends or a server fails. Then it drains: unready
// at once; after wait, by which a load balancer sends nothing more, no new
// connection; what is on its way answered, the rest closed after drainTime.
func serveUntil(ctx context.Context, health *admin.Health, wait time.Duration, sites ...site) error {
	failed := make(chan error, len(sites))
	for _, s := range sites {
		go func() { failed <- s.serve() }()
	}
	health.Ready(true)
	var cause error
	select {
	case <-ctx.Done():
	case cause = <-failed:
		wait = 0
	}
	health.Ready(false)
	time.Sleep(wait)
	return errors.Join(cause, drain(sites))
}

func drain(sites []site) error {
	ctx, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	var all error
	for _, s := range sites {
		if err := s.server.Shutdown(ctx); err != nil {
			all = errors.Join(all, fmt.Errorf("closing %s: %w", s.listener.Addr(), err), s.server.Close())
		}
	}
	return all
}
