package townhall

import (
	"bytes"
	"net/http"
)

// A page is what a template sees.
type page struct {
	Commune  Commune
	Communes []Commune
	Accord   string
	Result   *result
	Rows     []row
	Price    string
	Dossiers []dossier // on the agent's page
	Verdict  *verdict
}

// A row is one line of the tariff table.
type row struct {
	Range, Price string
	Yours        bool
}

func (t *TownHall) home(w http.ResponseWriter, r *http.Request) {
	t.render(w, r, http.StatusOK, "home", Commune{Name: "Logiciels du Préau"}, nil)
}

func (t *TownHall) form(w http.ResponseWriter, r *http.Request) {
	t.communePage(w, r, "form", nil)
}

func (t *TownHall) otherPath(w http.ResponseWriter, r *http.Request) {
	t.communePage(w, r, "other", nil)
}

func (t *TownHall) result(w http.ResponseWriter, r *http.Request) {
	res, ok := t.kept(t.visitOf(w, r), r.PathValue("commune"))
	if !ok {
		http.Redirect(w, r, "/"+r.PathValue("commune")+"/cantine", http.StatusSeeOther)
		return
	}
	name := map[string]string{"received": "tariff", "absent": "tariff", "refused": "refused"}[res.Outcome]
	if name == "" {
		name = "later"
	}
	t.communePage(w, r, name, &res)
}

func (t *TownHall) communePage(w http.ResponseWriter, r *http.Request, name string, res *result) {
	c, ok := t.commune(r.PathValue("commune"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	t.render(w, r, http.StatusOK, name, c, res)
}

func (t *TownHall) render(w http.ResponseWriter, _ *http.Request, status int, name string, c Commune, res *result) {
	p := page{Commune: c, Result: res}
	p.Rows, p.Price = c.table(res)
	t.show(w, status, name, p)
}

func (t *TownHall) show(w http.ResponseWriter, status int, name string, p page) {
	p.Communes, p.Accord = t.config.Communes, t.config.Accord
	var body bytes.Buffer
	if err := t.pages.ExecuteTemplate(&body, name+".html", p); err != nil {
		http.Error(w, "page indisponible", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' http: https:")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // a reader that has gone is no error of ours
}
