package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"accord/broker/configuration"
)

// readyFolder is an init folder with everything filled in, on loopback; its
// path is short, as a unix socket's must be.
func readyFolder(t *testing.T) string {
	t.Helper()
	parent, err := os.MkdirTemp("", "acc")
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(parent) })
	dir := filepath.Join(parent, "a")
	if code, _, stderr := accord(t, "init", "-issuer", "http://localhost:8080", dir); code != exitOK {
		t.Fatal(stderr)
	}
	for _, name := range []string{"franceconnect", "proconnect", "cnav", "dgfip"} {
		must(t, os.WriteFile(filepath.Join(dir, "secrets", name), []byte(strings.Repeat("s", 32)), 0o400))
	}
	must(t, os.CopyFS(filepath.Join(dir, "clients"), os.DirFS("examples/clients")))
	must(t, os.CopyFS(filepath.Join(dir, "approvals"), os.DirFS("examples/approvals")))
	key := filepath.Join(parent, "registrar.key")
	_, public, _ := accord(t, "approvals", "keygen", "-name", "registrar.example", "-out", key)
	files, err := filepath.Glob(filepath.Join(dir, "approvals", "*.yaml"))
	must(t, err)
	if code, _, stderr := accord(t, append([]string{"approvals", "sign", "-key", key}, files...)...); code != exitOK {
		t.Fatal(stderr)
	}
	replace(t, filepath.Join(dir, "accord.yaml"), "registrars: []", "registrars: ["+strings.TrimSpace(public)+"]", "127.0.0.1:8443", "127.0.0.1:0")
	return dir
}

func replace(t *testing.T, file string, pairs ...string) {
	t.Helper()
	text, err := os.ReadFile(file)
	must(t, err)
	must(t, os.WriteFile(file, []byte(strings.NewReplacer(pairs...).Replace(string(text))), 0o600))
}

// A log is a buffer two goroutines share.
type log struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func TestServeAnswersUntilInterruptedAndStartsAgain(t *testing.T) {
	dir := readyFolder(t)
	for range 2 { // the second start continues the log of the first
		ctx, cancel := context.WithCancel(t.Context())
		out, done := &log{}, make(chan int, 1)
		go func() {
			done <- run(ctx, []string{"serve", "-config", filepath.Join(dir, "accord.yaml")}, os.Getenv, io.Discard, out)
		}()
		answersOnItsSocket(t, filepath.Join(dir, "run", "admin.sock"), out, done)
		cancel()
		select {
		case code := <-done:
			if code != exitOK {
				t.Fatalf("exit %d: %s", code, out)
			}
		case <-time.After(drainTime + 5*time.Second):
			t.Fatal("serve does not end")
		}
		if strings.Contains(out.String(), "ssss") {
			t.Error("the log tells a secret")
		}
	}
}

func socketClient(socket string) *http.Client {
	return &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", socket)
		},
	}}
}

func answersOnItsSocket(t *testing.T, socket string, out *log, done chan int) {
	t.Helper()
	client := socketClient(socket)
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if code, _ := fetch(t, client, "http://admin/readyz"); code == http.StatusOK {
			break
		}
		select {
		case code := <-done:
			t.Fatalf("serve ended with %d: %s", code, out)
		default:
		}
		if time.Now().After(deadline) {
			t.Fatalf("never ready: %s", out)
		}
	}
	if _, body := fetch(t, client, "http://admin/metrics"); !strings.Contains(body, "accord_log_size") {
		t.Error("no metrics")
	}
	for _, path := range []string{"/livez", "/readyz", "/.well-known/openid-configuration"} {
		if code, body := fetch(t, http.DefaultClient, "http://"+address(t, out)+path); code != http.StatusOK {
			t.Errorf("%s: %d %s", path, code, body)
		}
	}
}

// address reads the port from the log line of the start.
func address(t *testing.T, out *log) string {
	t.Helper()
	_, rest, ok := strings.Cut(out.String(), `"listen":"`)
	if !ok {
		t.Fatalf("the log does not tell where it listens: %s", out)
	}
	where, _, _ := strings.Cut(rest, `"`)
	return where
}

func fetch(t *testing.T, client *http.Client, url string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	must(t, err)
	resp, err := client.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	must(t, err)
	return resp.StatusCode, string(body)
}

func TestASecondServeOfOneFolderIsRefused(t *testing.T) {
	dir := readyFolder(t)
	c, mistakes := configuration.Load(filepath.Join(dir, "accord.yaml"))
	if c == nil {
		t.Fatal(fmt.Sprint(mistakes))
	}
	store, err := openStore(c, quietLog(), nil)
	must(t, err)
	defer func() { must(t, store.Close()) }()
	if code, _, stderr := accord(t, "serve", "-config", filepath.Join(dir, "accord.yaml")); code != exitFailed || !strings.Contains(stderr, "another process") {
		t.Errorf("exit %d, %q", code, stderr)
	}
}
