package main

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"accord/broker/admin"
	"accord/broker/configuration"
	"accord/providers"
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
		`accord_source_resource_breaker_open{resource="cnav/dss/quotient_familial"} 0`, `accord_source_resource_queue{resource="cnav/dss/quotient_familial"} 0`,
	} {
		if !strings.Contains(string(body), want) {
			t.Errorf("metrics lack %s", want)
		}
	}
	if line := text.String(); !strings.Contains(line, `"level":"ERROR"`) || !strings.Contains(line, `"what":"unlisted answer of the source: status 418, code 0"`) {
		t.Errorf("log %s", line)
	}
}

// uncommented makes the example's commented lines count.
func uncommented(example string) string {
	return regexp.MustCompile(`(?m)^( +)# `).ReplaceAllString(example, "$1")
}

// Each further set of credentials is an account of its own, told apart in the
// metrics; France Travail is connected as the example shows.
func TestSourcesHaveAnAccountForEachSetOfCredentials(t *testing.T) {
	dir := readyFolder(t)
	file := filepath.Join(dir, "accord.yaml")
	text, err := os.ReadFile(file)
	must(t, err)
	_, rest, _ := strings.Cut(string(text), "    # credentials:\n")
	set, _, _ := strings.Cut(rest, "    # The administration")
	_, rest, _ = strings.Cut(string(text), "  # francetravail:\n")
	franceTravail, _, _ := strings.Cut(rest, "\n\n")
	replace(t, file, "    # credentials:\n"+set, uncommented("    # credentials:\n"+set),
		"  # francetravail:\n"+franceTravail, uncommented("  # francetravail:\n"+franceTravail))
	for _, name := range []string{"cnav-valbrume", "francetravail"} {
		must(t, os.WriteFile(filepath.Join(dir, "secrets", name), []byte(strings.Repeat("s", 32)), 0o400))
	}
	c, mistakes := configuration.Load(file)
	if c == nil {
		t.Fatalf("refused: %v", mistakes)
	}
	metrics := admin.NewMetrics()
	sources, err := newSources(c.Settings.Sources, slog.New(slog.DiscardHandler), metrics)
	if err != nil || len(sources) != 3 || sources[2].ID() != "francetravail" {
		t.Fatalf("%d sources, %v", len(sources), err)
	}
	cnav, ok := sources[0].(providers.ByCredential)
	if !ok || cnav.ID() != "cnav" || cnav.Named["valbrume"] == nil || len(cnav.Named) != 1 {
		t.Errorf("cnav is %+v", sources[0])
	}
	if party := sourceParties(c.Settings)["francetravail"]; party.SIRET != "99900050800013" {
		t.Errorf("party %+v", party)
	}
	w := httptest.NewRecorder()
	admin.Handler(admin.Config{Health: &admin.Health{}, Metrics: metrics}).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for _, want := range []string{`accord_source_queue{source="cnav/valbrume"} 0`, `accord_source_breaker_open{source="francetravail"} 0`, `accord_source_resource_queue{resource="cnav/valbrume/dss/quotient_familial"} 0`} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("metrics lack %s", want)
		}
	}
}
