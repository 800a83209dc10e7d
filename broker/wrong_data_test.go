package broker_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/consent/audit"
	"accord/consent/receipt"
)

// follow goes where a link of the page leads.
func follow(t *testing.T, w *country.Walk, id string) {
	t.Helper()
	address, err := w.Page.Link(id)
	if err == nil {
		w.Page, err = w.Get(address)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// wayBack is where the page's way back to the service provider leads.
func wayBack(t *testing.T, w *country.Walk) {
	t.Helper()
	address, err := w.Page.Link("return")
	if err == nil {
		w.Page.Stopped, err = url.Parse(address)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// « Ces données sont fausses » is a signed refusal like any other; the citizen,
// and nobody else, is told who corrects.
func TestWrongDataEndAsASignedRefusalWithTheAddressOfWhoCorrects(t *testing.T) {
	c := ownCountry(t, nil)
	w := walk(t, c, canteen(t, c))
	see(t, w, "camille")
	consent := w.Page
	do(t, w, "wrong")
	if w.Page.Status != http.StatusOK || w.Page.URL.Path != "/donnees-fausses" {
		t.Fatalf("%d on %s", w.Page.Status, w.Page.URL)
	}
	for _, needed := range []string{"Rien n’a été transmis.", "CNAF et MSA (simulateur), 3 rue de l'Exemple", "cnaf.example/dpo", "Déposez une attestation", "recommencez depuis le site"} {
		if !strings.Contains(w.Page.Words(), needed) {
			t.Errorf("%q is not in %q", needed, w.Page.Words())
		}
	}
	if strings.Contains(w.Page.Words(), "742 €") || w.Page.Header.Get("Cache-Control") != "no-store" {
		t.Error("the value is still shown, or may be kept")
	}
	refused := logged(t, c, audit.ConsentRefused)
	if len(refused) != 1 || refused[0].event.Stage != "decision" {
		t.Fatalf("refusals logged: %+v", refused)
	}
	stored, err := c.Store.Receipt(t.Context(), refused[0].Receipt)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := receipt.Verify(stored.JWS, c.Keys.ReceiptKeys()); err != nil {
		t.Error(err)
	}
	if n := len(logged(t, c, audit.ReleaseCompleted)) + len(logged(t, c, audit.ConsentGranted)); n != 0 {
		t.Errorf("%d agreements or deliveries", n)
	}
	again, err := w.Press(consent, "accept", nil)
	if err != nil || again.URL.Path != "/donnees-fausses" {
		t.Errorf("agreeing afterwards leads to %v, %v", again.URL, err)
	}
	page := w.Page
	follow(t, w, "receipt")
	if w.Page.Status != http.StatusOK || !w.Page.Has("jws") {
		t.Errorf("the receipt: %d", w.Page.Status)
	}
	w.Page = page
	wayBack(t, w)
	onlyAccessDenied(t, w)
}

// Nobody comes to that page but by that button.
func TestThePageOfWrongDataIsNobodyElses(t *testing.T) {
	c := theCountry(t)
	w := walk(t, c, canteen(t, c))
	see(t, w, "camille")
	at := strings.Replace(w.Page.URL.String(), "/accord?", "/donnees-fausses?", 1)
	for name, get := range map[string]func(string) (int, string){
		"before":   func(a string) (int, string) { p, _ := w.Get(a); return p.Status, p.URL.Path },
		"stranger": func(a string) (int, string) { p, _ := walk(t, c, canteen(t, c)).Get(a); return p.Status, p.URL.Path },
	} {
		status, path := get(at)
		if name == "before" && (status != http.StatusOK || path != "/accord") || name == "stranger" && status != http.StatusBadRequest {
			t.Errorf("%s: %d on %s", name, status, path)
		}
	}
	do(t, w, "refuse")
	p, err := w.Get(at)
	if err != nil || p.Status != http.StatusConflict || !strings.Contains(p.Words(), "A03") {
		t.Errorf("after a plain refusal: %d %v", p.Status, err)
	}
}
