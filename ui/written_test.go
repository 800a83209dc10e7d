package ui

import (
	"bytes"
	"html/template"
	"net/http/httptest"
	"testing"
)

// Pages are written with their fixed texts in place; html/template itself, fed
// with the unwritten sources, must give the same bytes.
func TestWritingFixedTextsInAdvanceChangesNoByteOfAPage(t *testing.T) {
	u := newUI(t, true)
	for _, lang := range languages() {
		for _, e := range examples() {
			r := httptest.NewRequest("GET", "/x?lang="+lang, nil)
			var plain bytes.Buffer
			unwritten, err := template.New("layout.html").Funcs(u.speech[lang].funcs()).
				ParseFS(templateFiles, "templates/layout.html", "templates/parts.html", "templates/"+e.page.template()+".html")
			v := u.view(r, lang, e.page)
			if page, ok := e.page.(termed); ok && err == nil {
				var terms bytes.Buffer
				common, _ := page.common()
				err = unwritten.ExecuteTemplate(&terms, "terms", common)
				v.Terms = template.HTML(terms.String())
			}
			if err == nil {
				err = unwritten.Execute(&plain, v)
			}
			if err != nil {
				t.Fatalf("%s: %v", e.name, err)
			}
			w := httptest.NewRecorder()
			u.Render(w, r, 200, e.page)
			if w.Body.String() != plain.String() {
				t.Errorf("%s in %s differs:\n%s\nwant\n%s", e.name, lang, w.Body, plain.String())
			}
		}
	}
}

func BenchmarkConsent(b *testing.B) {
	u := newUI(b, false)
	page := consent()
	b.ReportAllocs()
	for b.Loop() {
		u.Render(httptest.NewRecorder(), httptest.NewRequest("GET", "/accord?i=q7Zk2PfA", nil), 200, page)
	}
}

func BenchmarkScreenModel(b *testing.B) {
	page := consent()
	b.ReportAllocs()
	for b.Loop() {
		page.ScreenModel()
	}
}
