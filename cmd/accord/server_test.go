package main

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"accord/broker/admin"
	"accord/broker/configuration"
)

func quietLog() *slog.Logger { return slog.New(slog.DiscardHandler) }

func listenLoopback(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	return l
}

// certificate writes a self-signed pair for 127.0.0.1.
func certificate(t *testing.T) *configuration.TLS {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	must(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	must(t, err)
	dir := t.TempDir()
	pair := &configuration.TLS{Certificate: filepath.Join(dir, "c.pem"), Key: filepath.Join(dir, "k.pem")}
	must(t, os.WriteFile(pair.Certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	must(t, os.WriteFile(pair.Key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o400))
	return pair
}

func TestTLSBelowOneTwoIsRefused(t *testing.T) {
	server, err := newServer(configuration.Settings{TLS: certificate(t)}, http.NotFoundHandler(), quietLog())
	must(t, err)
	l := listenLoopback(t)
	go func() { _ = site{server, l}.serve() }()
	t.Cleanup(func() { _ = server.Close() })
	for version, want := range map[uint16]bool{tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		d := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS10, MaxVersion: version}} //nolint:gosec // G402: tries what the server must refuse
		c, err := d.DialContext(t.Context(), "tcp", l.Addr().String())
		if (err == nil) != want {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
		if err == nil {
			_ = c.Close()
		}
	}
}

// With TLS 1.2, only the suites of RFC 9325 §4.2.
func TestWeakSuitesOfTLSAreRefused(t *testing.T) {
	server, err := newServer(configuration.Settings{TLS: certificate(t)}, http.NotFoundHandler(), quietLog())
	must(t, err)
	l := listenLoopback(t)
	go func() { _ = site{server, l}.serve() }()
	t.Cleanup(func() { _ = server.Close() })
	for suite, want := range map[uint16]bool{
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256:       true,
		tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384:       true,
		tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: false,
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA:          false,
		tls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA:          false,
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256:       false,
		tls.TLS_ECDHE_ECDSA_WITH_RC4_128_SHA:              false,
	} {
		d := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{suite}}} //nolint:gosec // G402: tries what the server must refuse
		c, err := d.DialContext(t.Context(), "tcp", l.Addr().String())
		if (err == nil) != want {
			t.Errorf("%s: %v", tls.CipherSuiteName(suite), err)
		}
		if err == nil {
			_ = c.Close()
		}
	}
}

func TestEveryListenerTimeIsBounded(t *testing.T) {
	s, err := newServer(configuration.Settings{}, http.NotFoundHandler(), quietLog())
	must(t, err)
	if s.ReadHeaderTimeout <= 0 || s.ReadTimeout <= 0 || s.WriteTimeout < 15*time.Second || s.IdleTimeout <= 0 || s.MaxHeaderBytes != 16<<10 {
		t.Errorf("%+v", s)
	}
}

// Attack list, row 107: who sends a header byte by byte is cut off in its time,
// and one of 32 KiB is refused unread.
func TestSlowAndLargeHeadersAreCutOff(t *testing.T) {
	t.Parallel()
	server, err := newServer(configuration.Settings{}, http.NotFoundHandler(), quietLog())
	must(t, err)
	l := listenLoopback(t)
	go func() { _ = site{server, l}.serve() }()
	t.Cleanup(func() { _ = server.Close() })
	sent := func(head string) net.Conn {
		conn, err := net.Dial("tcp", l.Addr().String())
		must(t, err)
		t.Cleanup(func() { _ = conn.Close() })
		_, err = io.WriteString(conn, head)
		must(t, err)
		return conn
	}
	large := sent("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + strings.Repeat("a", 32<<10) + "\r\n")
	if line, err := bufio.NewReader(large).ReadString('\n'); err != nil || !strings.Contains(line, " 431 ") {
		t.Errorf("a large header is answered %q, %v", line, err)
	}
	began, slow := time.Now(), sent("GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
	for err = nil; err == nil && time.Since(began) < 2*readHeaderTimeout; time.Sleep(200 * time.Millisecond) {
		_, err = slow.Write([]byte("a"))
	}
	if took := time.Since(began); err == nil || took < readHeaderTimeout/2 {
		t.Errorf("a slow header: %v after %s", err, took)
	}
}

func TestARequestOnItsWayIsAnsweredBeforeTheEnd(t *testing.T) {
	entered, leave := make(chan struct{}), make(chan struct{})
	server, err := newServer(configuration.Settings{}, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(entered)
		<-leave
	}), quietLog())
	must(t, err)
	l, health := listenLoopback(t), &admin.Health{}
	ctx, cancel := context.WithCancel(t.Context())
	ended, answered := make(chan error, 1), make(chan int, 1)
	go func() { ended <- serveUntil(ctx, health, 0, site{server, l}) }()
	go func() {
		code, _ := fetch(t, &http.Client{}, "http://"+l.Addr().String())
		answered <- code
	}()
	<-entered
	cancel()
	select {
	case err := <-ended:
		t.Fatalf("ended with a request on its way: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	close(leave)
	if code := <-answered; code != http.StatusOK {
		t.Errorf("answered %d", code)
	}
	must(t, <-ended)
}

func TestAListenerThatFailsEndsTheOthersWithItsError(t *testing.T) {
	bad, err := newServer(configuration.Settings{}, http.NotFoundHandler(), quietLog())
	must(t, err)
	good, err := newServer(configuration.Settings{}, http.NotFoundHandler(), quietLog())
	must(t, err)
	closed := listenLoopback(t)
	must(t, closed.Close())
	if err := serveUntil(t.Context(), &admin.Health{}, 0, site{bad, closed}, site{good, listenLoopback(t)}); !errors.Is(err, net.ErrClosed) {
		t.Errorf("ended with %v", err)
	}
}
