package configuration

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"accord/consent"
	"accord/oidc/issuer"
)

// FuzzConfiguration reads anything as each kind of file: never a panic, every
// mistake on a line the file has, nothing accepted twice differently.
func FuzzConfiguration(f *testing.F) {
	for _, pattern := range []string{"*.yaml", "clients/*.yaml", "approvals/*.yaml"} {
		files, err := filepath.Glob(filepath.Join(examples, pattern))
		if err != nil || len(files) == 0 {
			f.Fatal(pattern, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	for _, seed := range []string{"", "a: &a [*a]", "? [a]\n: b", "- - - -", "<<: {a: b}", "listen: !!binary x", "{", "a: |\n b", "sources: {cnav: ~}", "\x00", "tls: {key: {}}", "a: 'x\n---\nb"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		start := time.Now()
		fuzzOne(t, data)
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%d bytes took %v", len(data), took)
		}
	})
}

func fuzzOne(t *testing.T, data []byte) {
	var s Settings
	d := read("accord.yaml", data, &s)
	s.resolve(t.TempDir())
	d.check(&s)
	c := &issuer.Client{}
	cd := read("client.yaml", data, c)
	cd.checkClient(c)
	a := &consent.Approval{}
	ad := read("approval.yaml", data, a)
	ad.problems(a.Validate(consent.DefaultCatalogue()))
	lines := bytes.Count(data, []byte("\n")) + 1
	for _, m := range append(append(d.mistakes, cd.mistakes...), ad.mistakes...) {
		if m.Line < 0 || m.Line > lines || m.Message == "" || strings.Contains(m.String(), "panic") {
			t.Errorf("%d lines: %s", lines, m)
		}
	}
}

// FuzzSignature takes anything as a signature file: only the registrar's own
// line over the very bytes is good.
func FuzzSignature(f *testing.F) {
	private, public, err := GenerateRegistrar("registrar.example")
	if err != nil {
		f.Fatal(err)
	}
	_ = private // nothing is ever signed with it: no input can be good
	f.Add([]byte("id: x\n"), "— registrar.example AAAAAAAA\n")
	f.Add([]byte(""), "— \n—")
	f.Fuzz(func(t *testing.T, data []byte, text string) {
		if verifySignature(data, text, []string{public, "no key"}) == signatureGood {
			t.Errorf("a signature was forged: %q", text)
		}
	})
}
