package ui

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// withThird is French and English, and a made-up language of one more file: the
// French one, every text marked.
func withThird(t *testing.T) (*UI, fs.FS) {
	t.Helper()
	files := fstest.MapFS{}
	for _, lang := range []string{"fr", "en"} {
		content, err := os.ReadFile("locales/" + lang + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		files["locales/"+lang+".yaml"] = &fstest.MapFile{Data: content}
	}
	third := strings.NewReplacer(`name: "Français"`, `name: "Xénique"`, `spaces: "french"`, `spaces: "none"`, `zero: "one"`, `zero: "many"`,
		`accept: "J'accepte le partage"`, `accept: "Xa partagi"`).Replace(string(files["locales/fr.yaml"].Data))
	files["locales/br.yaml"] = &fstest.MapFile{Data: []byte(third)}
	texts, err := textsIn(files)
	if err != nil {
		t.Fatal(err)
	}
	u, err := newSpeaking(Options{Demo: true}, languagesIn(files), texts)
	if err != nil {
		t.Fatal(err)
	}
	return u, files
}

// A third language is one file: every page is shown in it, every page leads to
// it under its own name, and a browser that asks for it gets it.
func TestAThirdLanguageIsOneFile(t *testing.T) {
	u, _ := withThird(t)
	for _, e := range examples() {
		page := render(t, u, "br", e.page).Body.String()
		for _, needed := range []string{`<html lang="br"`, `lang="br" hreflang="br" aria-current="true">Xénique</a>`, ">Français</a>", ">English</a>"} {
			if !strings.Contains(page, needed) {
				t.Errorf("%s: no %q", e.name, needed)
			}
		}
		if strings.Contains(page, "⟦") {
			t.Errorf("%s: a text is missing", e.name)
		}
	}
	if page := render(t, u, "br", consent()).Body.String(); !strings.Contains(page, "Xa partagi") || !strings.Contains(page, `<span lang="fr">Calculer le prix`) {
		t.Error("the button is not in the third language, or the approval's text is not marked as French")
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Accept-Language", "br, en;q=0.5")
	if got := u.Lang(r); got != "br" {
		t.Errorf("a browser that asks for br gets %s", got)
	}
	if got := u.speech["br"].count(0, "span.day"); got != "0 jours" {
		t.Errorf("zero counts as %q", got)
	}
	if got := u.speech["br"].clock(time.Date(2026, 11, 22, 8, 5, 0, 0, time.UTC)); got != "9\u00a0h\u00a005" {
		t.Errorf("the hour is %q", got)
	}
}
