package journey

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"accord/consent"
	"accord/ui"
)

func TestAnyDatumCanBePreviewed(t *testing.T) {
	pages, err := ui.New(ui.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range consent.DefaultCatalogue().Data() {
		a := &consent.Approval{ID: "x", Data: consent.ApprovedData{Required: []consent.ApprovedDatum{{ID: d.ID}}, Years: d.Selectors}}
		p := Preview{Approval: a, Catalogue: consent.DefaultCatalogue(), Now: time.Date(2026, 11, 22, 13, 0, 0, 0, time.UTC)}
		for _, lang := range []string{"fr", "en"} {
			before, decision, err := p.Pages(lang)
			if err != nil {
				t.Errorf("%s: %v", d.ID, err)
				continue
			}
			if len(before.Groups)+len(before.Sensitive) != 1 || !decision.CanAccept() {
				t.Errorf("%s: groups %v, %d sources", d.ID, before.Groups, len(decision.Sources))
			}
			var body bytes.Buffer
			if err := pages.Write(&body, lang, decision, "accord.css", func(l string) string { return l + ".html" }); err != nil {
				t.Errorf("%s: %v", d.ID, err)
			}
			if none := map[string]string{"fr": "Non renseigné", "en": "Not given"}[lang]; strings.Contains(body.String(), none) {
				t.Errorf("%s: nothing is shown", d.ID)
			}
		}
	}
}
