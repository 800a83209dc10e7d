package broker_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/consent"
	"accord/consent/audit"
	"accord/consent/receipt"
	"accord/providers"
)

const (
	rsa = "revenu_solidarite_active"
	c2s = "complementaire_sante_solidaire"
)

// benefits answers the two sensitive ones, and the family file as ever.
func benefits() *stub {
	return &stub{id: consent.SourceCNAV, answers: map[string]func(providers.Query) providers.Answer{
		consent.ResourceRSA: found(`{"est_beneficiaire":true,"date_debut_droit":"2025-03-01"}`),
		consent.ResourceC2S: found(`{"est_beneficiaire":true,"avec_participation":false,"date_debut_droit":"2024-12-01"}`),
	}}
}

// Promise 3, for what the citizen would rather not have looked up: without a
// tick no source is asked, nothing is logged as asked, shown, agreed or sent.
func TestSensitiveDataAreLookedUpOnlyIfTicked(t *testing.T) {
	cnav := benefits()
	c := tryoutCountry(t, []string{"cnaf_quotient_familial"}, []string{rsa, c2s}, nil, cnav)
	client := tryoutClient(c, "cnaf_quotient_familial", rsa, c2s)
	w := walk(t, c, client)
	for _, id := range []string{"d-revenu-solidarite-active", "d-complementaire-sante-solidaire"} {
		if !w.Page.Has(id) {
			t.Fatalf("no box %s on /connexion", id)
		}
	}
	if strings.Contains(w.Page.Body, " checked") {
		t.Fatal("a box is ticked beforehand")
	}
	press(t, w, "accept", "item", c2s)
	identified(t, w, "camille")
	at(t, w, "/accord", http.StatusOK)
	if len(cnav.about(consent.ResourceRSA)) != 0 || len(cnav.about(consent.ResourceC2S)) != 1 {
		t.Fatalf("asked: RSA %d times, C2S %d", len(cnav.about(consent.ResourceRSA)), len(cnav.about(consent.ResourceC2S)))
	}
	for _, kind := range []audit.Kind{audit.LookupRequested, audit.SourceQueried} {
		if got := dataOf(t, c, kind); slices.Contains(got, rsa) || !slices.Contains(got, c2s) {
			t.Errorf("%s names %v", kind, got)
		}
	}
	if w.Page.Has("d-revenu-solidarite-active") || !w.Page.Has("d-complementaire-sante-solidaire") || !w.Page.Has("not-ticked") {
		t.Error("the consent page offers what was not looked up, or not what was")
	}
	smuggled, err := w.Press(w.Page, "accept", values("item", rsa))
	if err != nil || smuggled.Stopped != nil || smuggled.Status != http.StatusUnprocessableEntity {
		t.Fatalf("what was not looked up can be agreed to: %v", err)
	}
	tok := exchanged(t, w, c2s)
	if got := dataOf(t, c, audit.ConsentGranted); !slices.Equal(got, []string{"cnaf_quotient_familial", c2s}) {
		t.Errorf("granted %v", got)
	}
	receiptLists(t, c, tok.Receipt, map[string]bool{"cnaf_quotient_familial": true, rsa: false, c2s: true})
	trueLog(t, c)
}

// receiptLists holds a receipt to what was asked, and of it granted.
func receiptLists(t *testing.T, c *country.Country, jws string, want map[string]bool) {
	t.Helper()
	r, err := receipt.Verify([]byte(jws), c.Keys.ReceiptKeys())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, d := range r.Purposes[0].Data {
		got[d.ID] = d.Granted
	}
	if len(got) != len(want) {
		t.Errorf("the receipt lists %v, want %v", got, want)
	}
	for id, granted := range want {
		if is, listed := got[id]; !listed || is != granted {
			t.Errorf("receipt: %s listed %v, granted %v", id, listed, is)
		}
	}
}

func TestTheTicksAreKeptOverAReloadAndAnswerNobodyElse(t *testing.T) {
	cnav := benefits()
	c := tryoutCountry(t, []string{"cnaf_quotient_familial"}, []string{rsa}, nil, cnav)
	w := walk(t, c, tryoutClient(c, "cnaf_quotient_familial", rsa))
	press(t, w, "accept", "item", rsa)
	identified(t, w, "camille")
	do(t, w, "reload")
	identified(t, w, "camille")
	if n := len(cnav.about(consent.ResourceRSA)); n != 2 {
		t.Fatalf("asked %d times over a reload, want 2", n)
	}
	leave, err := w.Page.Link("not-me")
	if err != nil {
		t.Fatal(err)
	}
	if w.Page, err = w.Get(leave); err != nil {
		t.Fatal(err)
	}
	at(t, w, "/connexion", http.StatusOK)
	if strings.Contains(w.Page.Body, " checked") {
		t.Fatal("the ticks of another person are kept")
	}
}

func TestARequiredSensitiveDatumMustBeTickedOrRefused(t *testing.T) {
	cnav := benefits()
	c := tryoutCountry(t, []string{rsa}, nil, nil, cnav)
	client := tryoutClient(c, rsa)
	w := walk(t, c, client)
	do(t, w, "accept")
	at(t, w, "/connexion", http.StatusUnprocessableEntity)
	if text := w.Page.Text("resume"); !strings.Contains(text, "ou refusez") || !strings.Contains(text, "guichet de la mairie") {
		t.Errorf("the summary says %q", text)
	}
	if n := len(logged(t, c, audit.LookupRequested)); n != 0 {
		t.Fatalf("%d look-ups requested without the tick", n)
	}
	press(t, w, "accept", "item", rsa)
	identified(t, w, "camille")
	at(t, w, "/accord", http.StatusOK)
	exchanged(t, w)
	other := walk(t, c, client)
	do(t, other, "accept")
	do(t, other, "refuse")
	onlyAccessDenied(t, other)
	trueLog(t, c)
}
