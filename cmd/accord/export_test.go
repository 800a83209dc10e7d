package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"accord/broker/boltstore"
	"accord/broker/configuration"
	"accord/consent/audit"
	"accord/consent/ledger"
)

func TestAnExportIsTheWholeLogAndNothingIsReplaced(t *testing.T) {
	d := newDrill(t)
	out := filepath.Join(d.dir, "export.ndjson")
	if told := d.run(exitFailed, "export", "-config", d.config, out); !strings.Contains(told, "start it first") {
		t.Errorf("without serve: %q", told)
	}
	d.serving(func() {
		d.run(exitOK, "export", "-config", d.config, out)
		if told := d.run(exitFailed, "export", "-config", d.config, out); !strings.Contains(told, "already") {
			t.Errorf("over a file: %q", told)
		}
	})
	text, err := os.ReadFile(out)
	must(t, err)
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	h, err := audit.DecodeExportHeader([]byte(lines[0]))
	if err != nil || h.To != int64(len(lines)-1) || h.To < 2 {
		t.Fatalf("header %+v over %d lines: %v", h, len(lines)-1, err)
	}
	d.open(func(c *configuration.Configuration, s *boltstore.Store) {
		note, err := h.SignedNote()
		must(t, err)
		if _, err := ledger.OpenCheckpoint(note, c.Ring.Origin(), c.Ring.LogVerifier()); err != nil {
			t.Error(err)
		}
	})
	if left, err := filepath.Glob(out + ".*"); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// A line changed on the way, or lost, is told before the file gets its name.
func TestAnExportThatIsNotTheSignedLogIsRefused(t *testing.T) {
	d := newDrill(t)
	out := filepath.Join(d.dir, "export.ndjson")
	d.serving(func() { d.run(exitOK, "export", "-config", d.config, out) })
	text, err := os.ReadFile(out)
	must(t, err)
	c, mistakes := configuration.LoadPlaces(d.config)
	if c == nil {
		t.Fatal(mistakes)
	}
	lines := strings.SplitAfter(string(text), "\n")
	for name, changed := range map[string]string{
		"a line lost":     strings.Join(append(lines[:2:2], lines[3:]...), ""),
		"the last lost":   strings.Join(lines[:len(lines)-2], ""),
		"one changed":     strings.Replace(string(text), "log.opened", "log.closed", 1),
		"nothing at all":  "",
		"only the header": lines[0],
		"two swapped":     lines[0] + lines[2] + lines[1] + strings.Join(lines[3:], ""),
	} {
		if _, err := examineExport(c, strings.NewReader(changed)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := examineExport(c, strings.NewReader(string(text))); err != nil {
		t.Error("as it came:", err)
	}
}
