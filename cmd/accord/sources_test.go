package main

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"accord/broker/admin"
	"accord/broker/configuration"
)

func TestSourcesTellTheirStateAndAlarms(t *testing.T) {
	var text strings.Builder
	log := slog.New(slog.NewJSONHandler(&text, nil))
	metrics := admin.NewMetrics()
	c, mistakes := configuration.Load(filepath.Join(readyFolder(t), "accord.yaml"))
	if c == nil {
		t.Fatalf("refused: %v", mistakes)
	}
	sources, err := newSources(c.Settings.Sources, log, metrics)
	if err != nil || len(sources) != 2 {
		t.Fatalf("%d sources, %v", len(sources), err)
	}
	alarmTo(log, metrics)("cnav", "unlisted answer of the source: status 418, code 0")
	w := httptest.NewRecorder()
	admin.Handler(admin.Config{Health: &admin.Health{}, Metrics: metrics}).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	body, _ := io.ReadAll(w.Result().Body)
	for _, want := range []string{
		`accord_source_breaker_open{source="cnav"} 0`, `accord_source_queue{source="dgfip"} 0`, `accord_source_alarms_total{source="cnav"} 1`,
	} {
		if !strings.Contains(string(body), want) {
			t.Errorf("metrics lack %s", want)
		}
	}
	if line := text.String(); !strings.Contains(line, `"level":"ERROR"`) || !strings.Contains(line, `"what":"unlisted answer of the source: status 418, code 0"`) {
		t.Errorf("log %s", line)
	}
}
