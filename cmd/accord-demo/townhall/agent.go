package townhall

import (
	"net/http"
	"strconv"
	"strings"
)

const maxDocument = 512 << 10 // bytes of a posted form

// agent lists a commune's dossiers. A real town hall asks who is there first:
// this one is invented, and so are its families.
func (t *TownHall) agent(w http.ResponseWriter, r *http.Request) {
	c, ok := t.commune(r.PathValue("commune"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	t.show(w, http.StatusOK, "agent", page{Commune: c, Dossiers: t.dossiersOf(c.Slug)})
}

// check says what a document is worth, the one kept or the one pasted.
func (t *TownHall) check(w http.ResponseWriter, r *http.Request) {
	c, ok := t.commune(r.PathValue("commune"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxDocument)
	v := t.verify(r.Context(), c, strings.TrimSpace(r.PostFormValue("document")))
	t.show(w, http.StatusOK, "verdict", page{Commune: c, Verdict: &v})
}

// document downloads a dossier's signed delivery, for accord-verify.
func (t *TownHall) document(w http.ResponseWriter, r *http.Request) {
	number, err := strconv.Atoi(r.PathValue("number"))
	for _, d := range t.dossiersOf(r.PathValue("commune")) {
		if err == nil && d.Number == number {
			w.Header().Set("Content-Type", "application/jwt")
			w.Header().Set("Content-Disposition", `attachment; filename="quotient-`+strconv.Itoa(number)+`.jws"`)
			w.Header().Set("Cache-Control", "no-store")
			_, _ = w.Write([]byte(d.Document)) // a reader that has gone is no error of ours
			return
		}
	}
	http.NotFound(w, r)
}
