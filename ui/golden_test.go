package ui

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

var update = flag.Bool("update", false, "write the goldens of testdata")

// golden holds what was said to a file of testdata; -update writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s is not what is shown; after reading it, go test ./ui -run %s -update\n%s", file, t.Name(), firstChange(string(want), got))
	}
}

func firstChange(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for n := range max(len(w), len(g)) {
		if n >= len(w) || n >= len(g) || w[n] != g[n] {
			return fmt.Sprintf("line %d\n\tfile %q\n\tpage %q", n+1, slices.Concat(w, make([]string, len(g)+1))[n], slices.Concat(g, make([]string, len(w)+1))[n])
		}
	}
	return ""
}

// The sixteen elements, in their order on the page, word for word.
func TestTheSixteenElementsSayWhatTheirGoldenHolds(t *testing.T) {
	u := newUI(t, true)
	for name, c := range map[string]Consent{"consent": tariff(), "consent-later": consentGDPR(), "consent-grid": grids()} {
		for _, lang := range languages() {
			root := parse(t, render(t, u, lang, c).Body.String())
			var out strings.Builder
			for _, e := range all(root, func(e *html.Node) bool { return has(e, "data-el") }) {
				fmt.Fprintf(&out, "%s: %s\n", attr(e, "data-el"), elementWords(e))
			}
			golden(t, name+"."+lang, out.String())
		}
	}
}

// elementWords are an element's, and of a term also its description's.
func elementWords(e *html.Node) string {
	said := words(e)
	if e.Data != "dt" {
		return said
	}
	for next := e.NextSibling; next != nil; next = next.NextSibling {
		if next.Data == "dd" {
			return said + " " + words(next)
		}
	}
	return said
}

// What every error page says, in each language: title, what happened, whether
// anything was sent, what to do.
func TestTheErrorsSayWhatTheirGoldenHolds(t *testing.T) {
	u := newUI(t, false)
	for _, lang := range languages() {
		var out strings.Builder
		for _, code := range codes() {
			said := u.speech[lang].failure(ErrorPage{Code: code, Requester: "Commune de Valbrume", Source: "cnav", Period: "2026-10", At: at(14, 40), Accepted: true})
			fmt.Fprintf(&out, "%s\t%s\n\t%s\n\t%s\n\t%s\n", code, said.Title, said.What, said.Sent, said.Todo)
		}
		golden(t, "errors."+lang, out.String())
	}
}
