package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestTheConfigurationsPagesAreServedAndANoticeNeedsNoRestart: what the
// operator wrote under site, and a notice written while serving.
func TestTheConfigurationsPagesAreServedAndANoticeNeedsNoRestart(t *testing.T) {
	d := newDrill(t)
	r := d.running()
	shows := func(path, text string, want bool) {
		t.Helper()
		code, page := fetch(t, http.DefaultClient, r.address+path+"?lang=en")
		if code != http.StatusOK || strings.Contains(page, text) != want {
			t.Errorf("%s: %d, %q shown: %v", path, code, text, !want)
		}
	}
	shows("/mentions-legales", "NAME OF THE DIRECTOR OF PUBLICATION", true)
	shows("/.well-known/security.txt", "Contact: mailto:securite@accord.example", true)
	shows("/etat", "Stopped tonight", false)
	file, err := os.ReadFile(filepath.Join(d.dir, defaultConfig))
	must(t, err)
	must(t, os.WriteFile(filepath.Join(d.dir, defaultConfig), append(file, "\nnotice: {fr: Arrêt ce soir, en: Stopped tonight}\n"...), 0o600))
	must(t, r.cmd.Process.Signal(syscall.SIGHUP))
	r.until("reloaded")
	shows("/etat", "Stopped tonight", true)
	must(t, r.cmd.Process.Signal(syscall.SIGTERM))
	r.ends()
}
