package admin

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func get(t *testing.T, h http.Handler, path string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

func plain(h *Health) http.Handler { return Handler(Config{Health: h, Metrics: NewMetrics()}) }

func failing(name string) Check {
	return Check{name, func(context.Context) error { return errors.New("the disk is full") }}
}

func TestReadinessNamesTheFailingCheckOnTheSocketOnly(t *testing.T) {
	h := &Health{Checks: []Check{{"keys", func(context.Context) error { return nil }}, failing("store")}}
	h.Ready(true)
	if code, body := get(t, plain(h), "/readyz"); code != 503 || !strings.Contains(body, `"store":"the disk is full"`) || strings.Contains(body, "keys") {
		t.Errorf("socket: %d %s", code, body)
	}
	if code, body := get(t, http.HandlerFunc(h.Public), "/readyz"); code != 503 || strings.Contains(body, "disk") {
		t.Errorf("public: %d %s", code, body)
	}
}

func TestDrainingIsUnreadyButLive(t *testing.T) {
	h := &Health{}
	handler := plain(h)
	for _, ready := range []bool{false, true, false} {
		h.Ready(ready)
		want := http.StatusServiceUnavailable
		if ready {
			want = http.StatusOK
		}
		public, _ := get(t, http.HandlerFunc(h.Public), "/readyz")
		if code, _ := get(t, handler, "/readyz"); code != want || public != want {
			t.Errorf("ready %v answers %d and %d", ready, code, public)
		}
		if code, _ := get(t, handler, "/livez"); code != http.StatusOK {
			t.Errorf("ready %v: livez %d", ready, code)
		}
	}
}

func TestACheckThatHangsOrPanicsIsUnready(t *testing.T) {
	h := &Health{Checks: []Check{
		{"hangs", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }},
		{"panics", func(context.Context) error { panic("secret") }},
	}}
	h.Ready(true)
	code, body := get(t, plain(h), "/readyz")
	if code != 503 || !strings.Contains(body, "hangs") || !strings.Contains(body, "panics") || strings.Contains(body, "secret") {
		t.Errorf("%d %s", code, body)
	}
}

func TestMetricsAreCountedByClosedLabels(t *testing.T) {
	m := NewMetrics()
	m.Request("GET", "/v3/dss/quotient_familial", 200, time.Millisecond)
	m.Decision("refused", "before_login")
	m.Source("cnav", "found", time.Second)
	m.Store("decide", "ok", time.Millisecond)
	m.Release("dss/quotient_familial", "completed")
	m.Shed("overloaded")
	m.SourceAlarm("cnav")
	m.Gauge("accord_log_size", "Leaves of the log.", func() float64 { return 42 })
	for _, role := range []string{"log", "receipt"} {
		m.GaugeOf("accord_key_age_seconds", "Age.", "role", role, func() float64 { return 7 })
	}
	m.Commit(3, time.Millisecond)
	_, body := get(t, Handler(Config{Health: &Health{}, Metrics: m}), "/metrics")
	for _, want := range []string{
		`accord_http_request_seconds_count{class="2xx",method="GET",route="/v3/dss/quotient_familial"} 1`,
		`accord_decisions_total{outcome="refused",stage="before_login"} 1`,
		`accord_source_query_seconds_count{outcome="found",source="cnav"} 1`,
		`accord_store_command_seconds_count{command="decide",result="ok"} 1`,
		`accord_releases_total{outcome="completed",resource="dss/quotient_familial"} 1`,
		`accord_key_age_seconds{role="receipt"} 7`, "accord_store_commit_seconds_count 1", "accord_store_batch_jobs_sum 3",
		`accord_source_alarms_total{source="cnav"} 1`, `accord_shed_total{reason="overloaded"} 1`, "accord_log_size 42", "go_goroutines",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("metrics lack %s", want)
		}
	}
}

func listen(t *testing.T, path string) net.Listener {
	t.Helper()
	l, err := Listen(path, "")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestOnlyTheOwnerCanOpenTheSocketAndClosingRemovesIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "admin.sock")
	l := listen(t, path)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	serve(t, l)
	client := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}}}
	defer client.CloseIdleConnections()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://admin/livez", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, err := io.ReadAll(resp.Body); err != nil || string(body) != "live\n" {
		t.Errorf("%q, %v", body, err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if files, err := os.ReadDir(filepath.Dir(path)); err != nil || len(files) != 0 {
		t.Errorf("left behind: %v, %v", files, err)
	}
}

func serve(t *testing.T, l net.Listener) {
	server := &http.Server{Handler: plain(&Health{}), ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
}

func TestASocketInUseIsLeftAloneAndADeadOneReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "admin.sock")
	l := listen(t, path)
	if _, err := Listen(path, ""); !errors.Is(err, ErrServed) {
		t.Errorf("second listener: %v", err)
	}
	if err := l.(*socket).UnixListener.Close(); err != nil { // as after kill -9: the file stays
		t.Fatal(err)
	}
	if err := listen(t, path).Close(); err != nil {
		t.Error(err)
	}
}

func TestAFileThatIsNoSocketIsNeverRemoved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "important")
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Listen(path, ""); err == nil {
		t.Error("a file was replaced by a socket")
	}
	if data, err := os.ReadFile(path); err != nil || string(data) != "x" {
		t.Errorf("%q, %v", data, err)
	}
}
