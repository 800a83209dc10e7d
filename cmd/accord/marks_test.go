package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestNoMarkOfTheStateIsBuiltIn looks into the built programs for what only the
// State, FranceConnect or DSFR may carry: a typeface, a block, a logo, a banner.
// ui's test of the same looks at the repository.
func TestNoMarkOfTheStateIsBuiltIn(t *testing.T) {
	dir := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", dir+string(filepath.Separator), "accord/cmd/accord", "accord/cmd/accord-demo")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	for _, name := range []string{"accord", "accord-demo"} {
		program, err := os.ReadFile(filepath.Join(dir, name))
		must(t, err)
		if !bytes.Contains(program, []byte("ac-brand")) {
			t.Fatalf("%s holds no page: this test would prove nothing", name)
		}
		program = bytes.ToLower(program)
		for _, mark := range []string{"marianne", "dsfr.", "dsfr-", "data-fr-", "@gouvfr", "fr-" + "header", "fr-" + "logo", "fr-" + "connect", "république<br>française", "république française"} {
			if at := bytes.Index(program, []byte(mark)); at >= 0 {
				t.Errorf("%s holds %q: …%q…", name, mark, program[max(0, at-40):at+40])
			}
		}
		for _, image := range []string{"franceconnect.svg", "franceconnect.png", "fc-bouton", "fcplus"} {
			if strings.Contains(string(program), image) {
				t.Errorf("%s holds %s", name, image)
			}
		}
	}
}
