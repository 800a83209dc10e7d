package ui

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// standingPaths are all addresses a page may link to when they are mounted.
func standingPaths() []string {
	return strings.Fields(`/verifier /journal /donnees /habilitations /stats /etat /developpeurs /accessibilite /donnees-personnelles
		/mentions-legales /securite /plan-du-site /affichage /guichet`)
}

func publicExamples() []example {
	body := Body{Name: "Syndicat numérique du Val", SIRET: "99900020100015", Address: "2 rue de l'Exemple, 00000 Valbrume"}
	needless := int64(1240)
	return []example{
		{"landing-figure", Landing{Needless: &needless}},
		{"display", Display{Theme: ThemeSystem}},
		{"display-kept", Display{Theme: "sombre", Kept: true}},
		{"accessibility", Accessibility{Operator: operator(), Declared: at(12, 0), Contact: "aide@accord.example"}},
		{"accessibility-no-contact", Accessibility{Operator: operator(), Declared: at(12, 0)}},
		{"privacy", Privacy{
			Operator: body, DPO: "dpo@accord.example",
			Kept:    []Kept{{Text{FR: "reçu", EN: "receipt"}, Text{FR: "le registre", EN: "the store"}, Text{FR: "5 ans", EN: "5 years"}}},
			Cookies: []Cookie{{"__Host-accord-i-…", "interaction", Text{FR: "60 min au plus", EN: "60 min at most"}}, {"lang", "language", Text{FR: "1 an", EN: "1 year"}}},
		}},
		{"privacy-joint", Privacy{Operator: body, DPO: "https://accord.example/dpo", Joint: true}},
		{"legal", LegalNotice{Operator: body, Director: "Personne inventée", Host: "Hébergeur inventé, 1 rue de l'Exemple, 01 00 00 00 00", Contact: "aide@accord.example"}},
		{"legal-missing", LegalNotice{Operator: body}},
		{"security", Security{Contact: "securite@accord.example", Origin: "accord.example/log/1", Log: "/log/1"}},
		{"security-no-contact", Security{Origin: "accord.example/log/1", Log: "/log/1"}},
		{"sitemap", SiteMap{}},
		{"health", health()},
		{"health-bad", Health{At: at(14, 32), Minutes: 15, Notice: Text{FR: "Arrêt le 3 décembre de 6 h à 7 h.", EN: "Stopped on 3 December from 6 to 7 am."}}},
		{"developers", Developers{
			Prepare:  "STATE=$(openssl rand -hex 16)",
			Calls:    []APICall{{ID: "par", Command: `curl -i "https://accord.example/par"`, Status: 201, Body: `{"expires_in": 60}`}, {ID: "authorize", Command: "curl", Status: 303, Location: "/connexion?i=…"}},
			Further:  []APICall{{ID: "grant", Command: "curl", Status: 200, Body: `{"state": "given"}`}, {ID: "end", Command: "curl -X DELETE", Status: 204}},
			Personas: []PersonaStory{{"Solène Kervadec", Text{FR: "Une personne inventée.", EN: "An invented person."}}},
		}},
		{"developers-no-demo", Developers{}},
		{"api", APIIndex{Groups: []APIGroupLink{{ID: "agreement", Paths: []string{"/par", "/token"}}}, Data: []APIGroupLink{{ID: "dss-quotient_familial", Resource: "dss_quotient_familial", Paths: []string{"/v3/dss/quotient_familial"}}}}},
		{"api-group", apiGroup()},
		{"oauth-errors", OAuthErrors{Errors: []OAuthError{{"access_denied", []int{303}, []string{"redirect_uri"}}, {"invalid_dpop_proof", []int{400, 401}, []string{"/par", "/token"}}}}},
		{"api-errors", APIErrors{
			Data:  []APIError{{Status: 401, Code: "00101", Title: "Jeton refusé", Detail: "Le jeton est inconnu."}, {Status: 422, Code: "00210", Title: "Destinataire invalide", Detail: "Il faut un SIRET.", Parameter: "recipient"}},
			Pages: []PageError{{"A01", 410}, {"A22", 404}},
		}},
		{"stats-days", statsOfDays(7, 12, 5, 30)},
	}
}

func apiGroup() APIGroup {
	return APIGroup{Group: APIGroupLink{ID: "dss-quotient_familial", Resource: "dss_quotient_familial"}, Operations: []APIOperation{{
		ID: "v3_dss_quotient_familial", Method: "GET", Path: "/v3/dss/quotient_familial", Twin: "/v3/dss/quotient_familial/france_connect", TwinMore: "502", Summary: "Un résumé",
		Parameters: []APIMember{{Name: "recipient", Type: "string", Note: "SIRET", Required: true}}, Body: []APIMember{{Name: "code", Type: "string"}},
		Responses: []APIResponse{
			{Statuses: "200", Description: "What was agreed", Kinds: "application/json", Members: []APIMember{{Name: "data.quotient_familial.valeur", Type: "integer | null"}}, Examples: []string{"{}", "[]"}},
			{Statuses: "401, 403", Description: "Errors", Error: true},
		},
	}}}
}

func health() Health {
	return Health{At: at(14, 32), Ready: true, Minutes: 15, Sources: []SourceHealth{
		{Source: "franceconnect", Condition: "available"},
		{Source: "cnav", Condition: "disturbed", Since: at(14, 20)},
		{Source: "dgfip", Condition: "unavailable", Since: at(14, 25)},
		{Source: "men", Condition: "not_asked"},
	}}
}

// statsOfDays are figures whose last days count so many papers, rounded as the
// figures are; days below five are not told.
func statsOfDays(papers ...int64) Stats {
	s := stats()
	s.Days = nil
	last := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	for back := 28; back >= 0; back-- {
		s.Days = append(s.Days, DayFigure{Day: last.AddDate(0, 0, -back).Format(time.DateOnly)})
	}
	for i, n := range papers {
		if n -= n % 5; n > 0 {
			s.Days[len(s.Days)-len(papers)+i].Papers = &n
		}
	}
	return s
}

// TestNoBarTellsASmallCount: a day with four papers and one with none are the
// same page.
func TestNoBarTellsASmallCount(t *testing.T) {
	u := newUI(t, true)
	few, none := render(t, u, "fr", statsOfDays(12, 4, 7)).Body.String(), render(t, u, "fr", statsOfDays(12, 0, 7)).Body.String()
	if few != none {
		t.Error("a day of four and a day of none differ")
	}
	if n := strings.Count(few, "<rect "); n != 2 {
		t.Errorf("%d bars of two told days", n)
	}
}

// The chart says nothing by colour or shape alone: it has a name, a
// description, and its figures in a table with a caption.
func TestTheChartIsToldInWordsToo(t *testing.T) {
	for _, lang := range languages() {
		root := parse(t, render(t, newUI(t, true), lang, statsOfDays(12, 4, 7)).Body.String())
		chart := tags(root, "svg")
		if len(chart) != 1 || attr(chart[0], "role") != "img" {
			t.Fatalf("%s: %d charts", lang, len(chart))
		}
		for _, id := range strings.Fields(attr(chart[0], "aria-labelledby")) {
			if n := byID(root, id); n == nil || words(n) == "" {
				t.Errorf("%s: no words under %s", lang, id)
			}
		}
		table := all(root, func(n *html.Node) bool { return n.Data == "table" && strings.Contains(words(n), "UTC") })
		if len(table) != 1 || len(tags(table[0], "caption")) != 1 || len(tags(table[0], "tr")) != 3 {
			t.Errorf("%s: the table beside the chart: %d", lang, len(table))
		}
	}
}

// TestTheThemeIsTheReadersChoice: the cookie alone decides, and nothing else
// than the three themes is ever written into the page.
func TestTheThemeIsTheReadersChoice(t *testing.T) {
	u := newUI(t, true)
	for cookie, want := range map[string]string{
		"clair": `<html lang="fr" data-theme="clair">`, "sombre": `<html lang="fr" data-theme="sombre">`,
		"systeme": `<html lang="fr">`, "": `<html lang="fr">`, `x"onload="y`: `<html lang="fr">`,
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Cookie", "theme="+cookie)
		w := httptest.NewRecorder()
		u.Render(w, r, http.StatusOK, Landing{})
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("theme=%s: no %s", cookie, want)
		}
	}
	for theme, want := range map[string]string{"sombre": "theme=sombre; Path=/; Max-Age=31536000", "systeme": "theme=; Path=/; Max-Age=0", "rouge": ""} {
		w := httptest.NewRecorder()
		u.KeepTheme(w, theme)
		if got := w.Header().Get("Set-Cookie"); !strings.HasPrefix(got, want) || (want == "") != (got == "") {
			t.Errorf("%s sets %q", theme, got)
		}
	}
}

// Pages link to a standing page only where it is mounted, and to all of them
// from the site map.
func TestLinksLeadToMountedPagesOnly(t *testing.T) {
	bare := newUI(t, true)
	full, err := New(Options{Demo: true, Loopback: true, Standing: standingPaths()})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range examples() {
		root := parse(t, render(t, bare, "fr", e.page).Body.String())
		for _, a := range tags(tags(root, "footer")[0], "a") {
			if attr(a, "href") != "/mes-accords" {
				t.Errorf("%s: the footer links to %s, which is not mounted", e.name, attr(a, "href"))
			}
		}
	}
	source := render(t, full, "fr", SiteMap{}).Body.String()
	for _, path := range standingPaths() {
		if !strings.Contains(source, `href="`+path+`"`) {
			t.Errorf("the site map lacks %s", path)
		}
	}
}

// TestEveryPageKeepsItsBudget: 30 KB of HTML, 8 KB compressed, with every link
// there can be.
func TestEveryPageKeepsItsBudget(t *testing.T) {
	u, err := New(Options{Demo: true, Loopback: true, Standing: standingPaths()})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range examples() {
		for _, lang := range languages() {
			source := render(t, u, lang, e.page).Body.Bytes()
			if n := zipped(t, source); len(source) > 30<<10 || n > 8<<10 {
				t.Errorf("%s/%s: %d bytes, %d compressed", e.name, lang, len(source), n)
			}
		}
	}
}

func zipped(t *testing.T, source []byte) int {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(source); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}

// TestWhatTheOperatorDidNotTellIsSaidToBeMissing: never an empty line, never a
// made-up one.
func TestWhatTheOperatorDidNotTellIsSaidToBeMissing(t *testing.T) {
	u := newUI(t, true)
	legal := words(parse(t, render(t, u, "fr", LegalNotice{Operator: Body{Name: "X"}}).Body.String()))
	if n := strings.Count(legal, "Non renseigné par l’exploitant"); n != 3 {
		t.Errorf("%d things are said to be missing: %s", n, legal)
	}
	if page := render(t, u, "fr", Security{}).Body.String(); strings.Contains(page, "security.txt") || !strings.Contains(page, "n’a pas indiqué d’adresse") {
		t.Error("/securite without an address")
	}
	if page := render(t, u, "fr", Accessibility{Operator: operator()}).Body.String(); !strings.Contains(page, "Non audité") || !strings.Contains(page, "mailto:dpo@accord.example") {
		t.Error("/accessibilite without an address")
	}
	for code := range map[string]bool{"available": true, "disturbed": true, "unavailable": true, "not_asked": true} {
		if !u.speech["fr"].has(fmt.Sprintf("health.condition.%s", code)) {
			t.Errorf("no words for %s", code)
		}
	}
}
