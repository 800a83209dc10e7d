package ui

import (
	"net/http/httptest"
	"testing"
)

// Whoever comes second gets the page they would have got first: nothing of the
// one before, and an approval's new words at once.
func TestAPageIsTheSameWhoeverWasShownItBefore(t *testing.T) {
	shown := func(u *UI, lang string, p Page) string {
		w := httptest.NewRecorder()
		u.Render(w, httptest.NewRequest("GET", "/x?i=q7Zk2PfA&lang="+lang, nil), 200, p)
		return w.Body.String()
	}
	other := consent()
	other.Person, other.NotMe, other.Reference = Person{Name: "Maël Autre", Birthdate: "1990-01-02", Gender: "male"}, "/non-moi?i=Autre123", "autre"
	other.Requester.Return, other.Form = "http://127.0.0.1:8082/autre", Form{Action: "/accord", CSRF: "autre", Interaction: "Autre123"}
	later, longer, fewer := consent(), consent(), consent()
	later.Later = &Later{Until: at(1, 1), Fetches: 4}
	longer.Retention = "P3Y"
	fewer.Sources = fewer.Sources[:1]
	pages := []Page{other, later, longer, fewer, consent()}
	for _, e := range examples() {
		if c, ok := e.page.(Connexion); ok {
			reworded := c
			reworded.OtherPath, reworded.Form.CSRF = Text{FR: "Venez au guichet."}, "autre"
			pages = append(pages, c, reworded)
		}
	}
	used := newUI(t, true)
	for _, lang := range languages() {
		for n, p := range append(pages, pages...) {
			if got, want := shown(used, lang, p), shown(newUI(t, true), lang, p); got != want {
				t.Errorf("page %d in %s differs from its first rendering:\n%s\nwant\n%s", n, lang, got, want)
			}
		}
	}
}
