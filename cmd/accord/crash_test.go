package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"accord/broker/boltstore"
	"accord/broker/configuration"
)

func TestServeHasItsFileAloneUntilItIsKilled(t *testing.T) {
	d := newDrill(t)
	c := start(t, d.dir, nil)
	c.until("serving")
	if told := d.run(exitFailed, "serve", "-wait", "0s", "-config", d.config); !strings.Contains(told, "another process") {
		t.Errorf("a second serve tells %q", told)
	}
	must(t, c.cmd.Process.Kill())
	_ = c.cmd.Wait() // killed
	d.serving(func() {})
}

func TestServeRefusesAnOlderCopyPutBackByHand(t *testing.T) {
	d := newDrill(t)
	d.grant("g_first")
	file := d.storeFile()
	old, err := os.ReadFile(file)
	must(t, err)
	d.grant("g_second")
	current, err := os.ReadFile(file)
	must(t, err)

	must(t, os.WriteFile(file, old, 0o600))
	if told := d.run(exitFailed, "serve", "-wait", "0s", "-config", d.config); !strings.Contains(told, "accord restore --new-log") {
		t.Errorf("serve on an older copy tells %q", told)
	}
	must(t, os.WriteFile(file, current, 0o600))
	d.serving(func() {})
	d.open(func(_ *configuration.Configuration, s *boltstore.Store) {
		if _, err := s.Grant(t.Context(), "g_second"); err != nil {
			t.Error("the refused start changed something:", err)
		}
	})
}

// storeFile is where the store lies.
func (d drill) storeFile() (path string) {
	d.Helper()
	d.open(func(c *configuration.Configuration, _ *boltstore.Store) {
		path = filepath.Join(c.Settings.Data, storeFile)
	})
	return path
}
