package country

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"
)

// The four ports, by their distance from the base.
const (
	accordPort = iota
	franceConnectPort
	townHallPort
	sourcesPort
	ports
)

type listeners [ports]net.Listener

// listen takes the four ports on loopback before anything else starts, so that
// a taken one is told at once.
func listen(base int) (listeners, error) {
	var all listeners
	for n := range all {
		port := 0
		if base != 0 {
			port = base + n
		}
		l, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			all.close()
			return all, portError(port, err)
		}
		all[n] = l
	}
	return all, nil
}

// portError says which port, and what to do.
func portError(port int, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("port %d is taken by another program: choose four free ones in a row with -base-port, for example -base-port 18080", port)
	}
	return fmt.Errorf("listening on port %d: %w", port, err)
}

func (l listeners) port(n int) int { return l[n].Addr().(*net.TCPAddr).Port }

func (l listeners) close() {
	for _, one := range l {
		if one != nil {
			_ = one.Close() // closed already when its server was shut down
		}
	}
}

// serve starts one server a port.
func (c *Country) serve(context.Context) error {
	var ctx context.Context
	ctx, c.maintain = context.WithCancel(context.Background())
	go c.Broker.Maintain(ctx)
	handlers := [ports]http.Handler{
		accordPort:        canonical(c.Accord, c.Broker.Handler()),
		franceConnectPort: canonical(c.FranceConnectURL, c.logins()),
		townHallPort:      canonical(c.TownHallURL, c.sites()),
		sourcesPort:       c.sources(),
	}
	for n, h := range handlers {
		s := &http.Server{
			Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second,
			WriteTimeout: 45 * time.Second, IdleTimeout: 60 * time.Second, MaxHeaderBytes: 16 << 10,
		}
		if err := c.encrypt(s, n); err != nil {
			return err
		}
		c.servers = append(c.servers, s)
		go func() {
			if err := serveOn(s, c.listeners[n]); err != nil && !errors.Is(err, http.ErrServerClosed) {
				c.options.Log.Error("serving", "port", c.listeners.port(n), "cause", err)
			}
		}()
	}
	return nil
}

func serveOn(s *http.Server, l net.Listener) error {
	if s.TLSConfig != nil {
		return s.ServeTLS(l, "", "")
	}
	return s.Serve(l)
}

// canonical sends a browser to the one host of each site: cookies are shared
// between ports of a host, so Accord and the others must not share theirs.
func canonical(address string, next http.Handler) http.Handler {
	_, host, _ := strings.Cut(address, "://")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != host && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
			http.Redirect(w, r, address+r.URL.RequestURI(), http.StatusTemporaryRedirect)
			return
		}
		next.ServeHTTP(w, r)
	})
}
