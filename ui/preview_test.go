package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPreview writes every example page into the folder named by
// ACCORD_PREVIEW, to be opened or photographed. It is skipped without it.
func TestPreview(t *testing.T) {
	folder := os.Getenv("ACCORD_PREVIEW")
	if folder == "" {
		t.Skip("ACCORD_PREVIEW names no folder")
	}
	u := newUI(t, true)
	css, err := os.ReadFile("static/accord.css")
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, content []byte) {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("accord.css", css)
	for _, e := range examples() {
		for _, lang := range languages() {
			source := strings.Replace(render(t, u, lang, e.page).Body.String(), u.assets.stylesheet, "accord.css", 1)
			write(e.name+"."+lang+".html", []byte(source))
		}
	}
}
