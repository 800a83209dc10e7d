package broker_test

import (
	"bytes"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/consent"
	"accord/consent/audit"
	"accord/providers"
)

const (
	jobseeker = "france_travail_inscription"
	student   = "mesri_admissions"
	statut    = `{"inscription":{"date_debut":"2025-02-03","date_fin":null,"categorie":{"code":1,"libelle":"CATEGORIE UN"},"code_certification_cnav":"VC"}}`
)

// work answers only the identifier of the person who is there.
func work(right string) *stub {
	return &stub{id: consent.SourceFranceTravail, answers: map[string]func(providers.Query) providers.Answer{
		consent.ResourceJobseeker: func(q providers.Query) providers.Answer {
			if q.Inputs["identifiant"] != right {
				return providers.Answer{Outcome: providers.Refused}
			}
			return found(statut)(q)
		},
	}}
}

func TestAnIdentifierIsAskedBeforeTheLookUp(t *testing.T) {
	ft, cnav := work("camille.t33"), &stub{id: consent.SourceCNAV}
	c := tryoutCountry(t, []string{"cnaf_quotient_familial", jobseeker}, nil, nil, ft, cnav)
	w := walk(t, c, tryoutClient(c, "cnaf_quotient_familial", jobseeker))
	do(t, w, "accept")
	at(t, w, "/saisie", http.StatusOK)
	if !w.Page.Has("f-identifiant") || w.Page.Has("f-immatriculation") {
		t.Error("the page asks for something else than the identifier")
	}
	do(t, w, "accept")
	at(t, w, "/saisie", http.StatusUnprocessableEntity)
	press(t, w, "accept", "identifiant", "é")
	at(t, w, "/saisie", http.StatusUnprocessableEntity)
	if !strings.Contains(w.Page.Body, `href="#f-identifiant"`) || !strings.Contains(w.Page.Body, `value="é"`) {
		t.Error("the summary leads to no field, or what was typed is lost")
	}
	if n := len(logged(t, c, audit.LookupRequested)); n != 0 {
		t.Fatalf("%d look-ups requested before the identifier", n)
	}
	press(t, w, "accept", "identifiant", " camille.t33 ")
	identified(t, w, "camille")
	at(t, w, "/accord", http.StatusOK)
	asked := ft.about(consent.ResourceJobseeker)
	if len(asked) != 1 || !maps.Equal(asked[0].Inputs, map[string]string{"identifiant": "camille.t33"}) {
		t.Fatalf("France Travail was asked with %v", asked)
	}
	if family := cnav.about(consent.ResourceQuotientFamilial); len(family) != 1 || family[0].Inputs != nil {
		t.Error("the family source was told the identifier")
	}
	exchanged(t, w)
	trueLog(t, c)
}

// What is typed leads to the person or to nobody, and can be corrected: another
// look-up, another login of the same person, choices kept.
func TestAnIdentifierThatLeadsElsewhereIsToldAndCorrected(t *testing.T) {
	ft := work("camille.t33")
	c := tryoutCountry(t, nil, []string{jobseeker, "cnaf_enfants"}, nil, ft)
	w := walk(t, c, tryoutClient(c, jobseeker, "cnaf_enfants"))
	do(t, w, "accept")
	press(t, w, "accept", "identifiant", "somebody.else")
	identified(t, w, "camille")
	at(t, w, "/accord", http.StatusOK)
	if text := w.Page.Words(); !strings.Contains(text, "Ce que vous avez saisi ne mène pas à vous") || strings.Contains(text, "somebody.else") {
		t.Errorf("the page says %.600s", text)
	}
	button := "correct-0"
	if !w.Page.Has(button) {
		button = "correct-1"
	}
	press(t, w, button, "item", "cnaf_enfants")
	at(t, w, "/saisie", http.StatusOK)
	if !strings.Contains(w.Page.Body, `value="somebody.else"`) {
		t.Error("what was typed is lost")
	}
	press(t, w, "accept", "identifiant", "camille.t33")
	identified(t, w, "camille")
	at(t, w, "/accord", http.StatusOK)
	if !strings.Contains(w.Page.Body, `value="cnaf_enfants" aria-describedby="h-d-cnaf-enfants" checked`) {
		t.Error("the choice is lost over the correction")
	}
	if n := len(logged(t, c, audit.LookupRequested)); n != 2 {
		t.Errorf("%d look-ups requested, want 2", n)
	}
	exchanged(t, w, jobseeker, "cnaf_enfants")
	trueLog(t, c)
}

// A number that only helps makes no page of its own; it is offered to whom the
// civil identity did not find.
func TestAStudentsNumberIsAskedOnlyOfWhomTheIdentityDoesNotFind(t *testing.T) {
	mesr := &stub{id: consent.SourceMESR, answers: map[string]func(providers.Query) providers.Answer{
		consent.ResourceStudent: func(q providers.Query) providers.Answer {
			if q.Inputs["ine"] == "" {
				return providers.Answer{Outcome: providers.Unknown}
			}
			return found(`{"admissions":[{"date_debut":"2026-09-01","date_fin":"2027-08-31"}]}`)(q)
		},
	}}
	c := tryoutCountry(t, []string{student}, nil, nil, mesr)
	w := walk(t, c, tryoutClient(c, student))
	see(t, w, "camille")
	at(t, w, "/accord", http.StatusOK)
	do(t, w, "correct-0")
	at(t, w, "/saisie", http.StatusOK)
	press(t, w, "accept", "ine", "12345")
	at(t, w, "/saisie", http.StatusUnprocessableEntity)
	press(t, w, "accept", "ine", "0123456789 a")
	identified(t, w, "camille")
	exchanged(t, w)
	asked := mesr.about(consent.ResourceStudent)
	if len(asked) != 2 || asked[1].Inputs["ine"] != "0123456789A" {
		t.Errorf("asked with %v", asked)
	}
}

// Two tabs, the back button, a stale page: each finds where its own request
// stands.
func TestEachPageOfTheWayLeadsToWhereTheRequestStands(t *testing.T) {
	c := tryoutCountry(t, nil, []string{jobseeker}, nil, work("camille.t33"))
	client := tryoutClient(c, jobseeker)
	w := walk(t, c, client)
	handle := w.Page.URL.Query().Get("i")
	stands := func(asked, path string, status int) {
		t.Helper()
		p, err := w.Get(c.Accord + asked + "?i=" + handle)
		if err != nil || p.URL.Path != path || p.Status != status {
			t.Fatalf("%s leads to %s (%d), want %s (%d): %v", asked, p.URL.Path, p.Status, path, status, err)
		}
	}
	for _, page := range []string{"/saisie", "/enfant", "/accord"} {
		stands(page, "/connexion", http.StatusOK)
	}
	do(t, w, "accept")
	saisie := w.Page
	stands("/connexion", "/connexion", http.StatusOK) // the ticks may be changed
	stands("/enfant", "/saisie", http.StatusOK)
	second := &country.Walk{Browser: w.Browser, Country: c, Request: client.Begin()}
	var err error
	if second.Page, err = w.Get(second.Request.URL(nil)); err != nil {
		t.Fatal(err)
	}
	do(t, second, "accept", "refuse")
	onlyAccessDenied(t, second)
	press(t, w, "accept", "identifiant", "camille.t33")
	stands("/saisie", "/saisie", http.StatusOK) // back from FranceConnect's page
	identified(t, w, "camille")
	for _, page := range []string{"/connexion", "/saisie", "/enfant"} {
		stands(page, "/accord", http.StatusOK)
	}
	stale, err := w.Press(saisie, "accept", values("identifiant", "x"))
	if err != nil || stale.Status != http.StatusForbidden {
		t.Fatalf("the stale page was answered %d: %v", stale.Status, err)
	}
	exchanged(t, w, jobseeker)
	stands("/saisie", "/saisie", http.StatusConflict)
	stands("/enfant", "/enfant", http.StatusConflict)
}

// Promise 5, for what citizens type: it is in no log, no event, no receipt and
// no file, and not in the interaction once decided.
func TestInputsAreInNoLogAndNoFile(t *testing.T) {
	var said journal
	ft := work("XYLOPHONE-77")
	c := tryoutCountry(t, []string{jobseeker}, nil, slog.New(slog.NewTextHandler(&said, &slog.HandlerOptions{Level: slog.LevelDebug})), ft)
	w := walk(t, c, tryoutClient(c, jobseeker))
	do(t, w, "accept")
	press(t, w, "accept", "identifiant", "ZYGOMORPHE 41 é")
	press(t, w, "accept", "identifiant", "OTHERWISE-41")
	identified(t, w, "camille")
	do(t, w, "correct-0")
	press(t, w, "accept", "identifiant", "XYLOPHONE-77")
	identified(t, w, "camille")
	tok := exchanged(t, w)
	canaries := []string{"XYLOPHONE", "OTHERWISE", "ZYGOMORPHE"}
	texts := []string{receiptPayload(t, tok.Receipt)}
	for _, e := range logOf(t, c) {
		texts = append(texts, string(e.Event))
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	texts = append(texts, said.buf.String())
	for _, canary := range canaries {
		if at := slices.IndexFunc(texts, func(text string) bool { return strings.Contains(text, canary) }); at >= 0 {
			t.Errorf("text %d holds %s", at, canary)
		}
	}
	if n := searchFiles(t, c.Data, canaries); n < 1<<14 || bytes.Count(said.buf.Bytes(), []byte("\n")) == 0 {
		t.Fatal("nothing was searched: the test proves nothing")
	}
}
