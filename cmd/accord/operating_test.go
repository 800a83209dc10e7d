package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

func textOf(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	must(t, err)
	return string(b)
}

func TestTheUnitTakesAwayWhatServeDoesNotNeed(t *testing.T) {
	unit := textOf(t, "examples/systemd/accord.service")
	for _, line := range []string{
		"User=accord", "StateDirectoryMode=0700", "NoNewPrivileges=true", "CapabilityBoundingSet=", "ProtectSystem=strict",
		"PrivateTmp=true", "MemoryDenyWriteExecute=true", "SystemCallFilter=@system-service", "LimitCORE=0", "UMask=0077",
		"RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
	} {
		if !strings.Contains(unit, "\n"+line+"\n") {
			t.Errorf("the unit lacks %s", line)
		}
	}
	if n := len(regexp.MustCompile(`(?m)^ListenStream=`).FindAllString(textOf(t, "examples/systemd/accord.socket"), -1)); n != 1 {
		t.Errorf("the socket unit passes %d listeners, serve takes one", n)
	}
	start := regexp.MustCompile(`(?m)^ExecStart=\S+ (.*)$`).FindStringSubmatch(unit)
	if code, _, stderr := accord(t, splitWords(start[1])...); code != exitFailed || !strings.Contains(stderr, "accord.yaml") {
		t.Errorf("%q is not understood: exit %d, %s", start[1], code, stderr)
	}
}

// What an operator is told to watch or to type is there.
func TestOperatingTellsWhatExists(t *testing.T) {
	page := textOf(t, "OPERATING.md")
	code := textOf(t, "metrics.go") + textOf(t, "sources.go") + textOf(t, "../../broker/admin/metrics.go")
	names := regexp.MustCompile("`(accord_[a-z_]+)`").FindAllStringSubmatch(page, -1)
	for _, name := range names {
		if !strings.Contains(code, `"`+name[1]+`"`) {
			t.Errorf("OPERATING.md tells of %s, which is not measured", name[1])
		}
	}
	for _, c := range commands() {
		if c.name != "approvals keygen" && c.name != "approvals sign" && !strings.Contains(page, c.name) {
			t.Errorf("OPERATING.md does not tell of accord %s", c.name)
		}
	}
	settings := textOf(t, "examples/accord.yaml")
	for _, half := range strings.SplitN(page, "## In English", 2) { // French, then English
		for _, told := range []string{"cnav", "dgfip", "francetravail", "apiparticulier", "serves", "proconnect", "data_provider"} {
			if !strings.Contains(half, told) || !strings.Contains(settings, told+":") {
				t.Errorf("%s: not told in both languages, or no key of accord.yaml", told)
			}
		}
		for _, address := range []string{"/stats", "/stats.json", "/guichet", "/v3/…/france_connect", "accord-verify stats"} {
			if !strings.Contains(half, address) {
				t.Errorf("OPERATING.md does not tell of %s in both languages", address)
			}
		}
	}
	if len(names) < 8 || strings.Index(page, "# Exploiter") > strings.Index(page, "## In English") {
		t.Error("the page has changed its shape: this test proves nothing")
	}
}
