package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"accord/broker/admin"
	"accord/broker/boltstore"
	"accord/broker/configuration"
	"accord/broker/operator"
)

// adminSite opens the operator's socket.
func adminSite(c *configuration.Configuration, store *boltstore.Store, changes *reloader, health *admin.Health, metrics *admin.Metrics, log *slog.Logger) (site, error) {
	listener, err := admin.Listen(c.Settings.Admin, c.Settings.AdminGroup)
	if err != nil {
		return site{}, err
	}
	acts := operator.New(operator.Config{Store: store, Keys: c.Ring, Approvals: changes, Log: log})
	server := &http.Server{
		Handler: admin.Handler(admin.Config{
			Health: health, Metrics: metrics, Backup: store.Backup, Export: acts.Logged("export", changes.broker.Export()), Acts: acts.Handler(),
		}),
		ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, MaxHeaderBytes: maxHeader,
		ConnContext: admin.WithPeer,
	}
	return site{server, listener}, nil
}

// A socket is the running serve, as an operator reaches it. An operator who may
// not read the keys names the path; the others, the configuration.
type socket struct {
	config, path string
}

func (s *socket) flags(f *flag.FlagSet) {
	f.StringVar(&s.config, "config", defaultConfig, "")
	f.StringVar(&s.path, "socket", "", "")
}

// find gives the socket's path.
func (s *socket) find(in invocation) (string, error) {
	if s.path != "" {
		return s.path, nil
	}
	c, err := in.loadPlaces(s.config)
	if err != nil {
		return "", err
	}
	return c.Settings.Admin, nil
}

const maxRefusal = 16 << 10 // bytes of an error's text

// call sends one act and reads its answer; nil asks without a body, by GET.
func call(ctx context.Context, path, act string, ask, answer any) error {
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, "unix", path)
	}}
	defer transport.CloseIdleConnections()
	req, err := request(ctx, act, ask)
	if err != nil {
		return err
	}
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		return fmt.Errorf("asking the running serve (start it first): %w", err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	if resp.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(resp.Body, maxRefusal)) // what came of it is told
		return fmt.Errorf("the running serve refuses: %s", strings.TrimSpace(string(text)))
	}
	if err := json.NewDecoder(resp.Body).Decode(answer); err != nil {
		return fmt.Errorf("reading the running serve's answer: %w", err)
	}
	return nil
}

func request(ctx context.Context, act string, ask any) (*http.Request, error) {
	if ask == nil {
		return http.NewRequestWithContext(ctx, http.MethodGet, "http://admin"+act, nil)
	}
	body, err := json.Marshal(ask)
	if err != nil {
		return nil, fmt.Errorf("encoding the request: %w", err)
	}
	return http.NewRequestWithContext(ctx, http.MethodPost, "http://admin"+act, bytes.NewReader(body))
}
