package agencies

import (
	"bytes"
	"net/http"
)

// A page is what a template sees.
type page struct {
	Agency   Agency
	Accord   string
	Result   result
	Dossiers []dossier
	Verdict  verdict
}

func (s *Sites) render(w http.ResponseWriter, name string, p page) {
	p.Accord = s.config.Accord
	var body bytes.Buffer
	if err := s.pages.ExecuteTemplate(&body, name, p); err != nil {
		http.Error(w, "page indisponible", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' http: https:")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	_, _ = w.Write(body.Bytes()) // a reader that has gone is no error of ours
}
