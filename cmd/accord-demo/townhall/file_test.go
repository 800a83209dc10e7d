package townhall_test

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/cmd/accord-demo/townhall"
)

// received walks a family's form to the tariff, then opens the agent's page.
func received(t *testing.T, c *country.Country, persona string) (b *headless.Browser, tariff, agent *headless.Page) {
	t.Helper()
	b = headless.New()
	p, err := b.Get(c.TownHallURL + "/valbrume/cantine")
	for _, button := range []string{"ask", "accept", "persona-" + persona, "continue", "accept"} {
		if err == nil {
			p, err = b.Press(p, button, nil)
		}
		if err == nil {
			p, err = country.Settled(b, p)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	if agent, err = b.Get(c.TownHallURL + "/valbrume/agent"); err != nil {
		t.Fatal(err)
	}
	return b, p, agent
}

func verdict(t *testing.T, b *headless.Browser, agent *headless.Page, document string) *headless.Page {
	t.Helper()
	p, err := b.Press(agent, "verify-1", url.Values{"document": {document}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func start(t *testing.T) *country.Country {
	t.Helper()
	c, err := country.Start(t.Context(), country.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() }) // the test has said what it had to
	return c
}

func TestAKeptDeliveryIsVerifiedAndAnAlteredDigitIsRefused(t *testing.T) {
	b, tariff, agent := received(t, start(t), "camille")
	if tariff.Text("quotient") != "742 €" || tariff.Text("release") == "" {
		t.Fatalf("the tariff page says %s", tariff.Words())
	}
	if p := verdict(t, b, agent, agent.Text("document-1")); p.Text("verdict") != "Document authentique" || p.Text("quotient") != "742 €" {
		t.Errorf("the document kept: %s", p.Words())
	}
	document := agent.Text("document-1")
	for name, other := range map[string]string{
		"one digit":         altered(t, document, `"valeur":742`, `"valeur":642`),
		"another recipient": altered(t, document, `"siret:`, `"siret:1`),
		"a signature cut":   document[:len(document)-2],
		"no signature":      document[:strings.LastIndex(document, ".")+1],
		"nothing":           "x",
	} {
		if p := verdict(t, b, agent, other); p.Text("verdict") != "Document refusé" || p.Has("said") {
			t.Errorf("%s: %s", name, p.Words())
		}
	}
}

// altered changes a word of the payload and leaves the signature.
func altered(t *testing.T, document, from, to string) string {
	t.Helper()
	parts := strings.Split(document, ".")
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil || !bytes.Contains(payload, []byte(from)) {
		t.Fatalf("no %s in the payload: %v", from, err)
	}
	parts[1] = base64.RawURLEncoding.EncodeToString(bytes.Replace(payload, []byte(from), []byte(to), 1))
	return strings.Join(parts, ".")
}

// A genuine document of another organisation is no proof here.
func TestADeliveryForAnotherCommuneIsRefused(t *testing.T) {
	c := start(t)
	_, _, agent := received(t, c, "camille")
	p := post(t, c.TownHall, "/saint-aubin/agent/verifier", agent.Text("document-1"))
	if !strings.Contains(p, "Document refusé") || !strings.Contains(p, "autre organisme") {
		t.Errorf("the verdict: %s", p)
	}
}

// What could not be checked is not called false.
func TestWithoutTheKeyHistoryThereIsNoVerdict(t *testing.T) {
	accord := httptest.NewServer(http.NotFoundHandler())
	defer accord.Close()
	hall, err := townhall.New(townhall.Config{Accord: accord.URL, Communes: []townhall.Commune{{Slug: "valbrume", Tariffs: []townhall.Tariff{{}}}}})
	if err != nil {
		t.Fatal(err)
	}
	if p := post(t, hall, "/valbrume/agent/verifier", "x"); !strings.Contains(p, "Vérification impossible") {
		t.Errorf("the verdict: %s", p)
	}
}

func post(t *testing.T, hall http.Handler, path, document string) string {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(url.Values{"document": {document}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	hall.ServeHTTP(w, r)
	return w.Body.String()
}

func TestAnAgreedAbsenceIsADossierToo(t *testing.T) {
	b, tariff, agent := received(t, start(t), "yann")
	if !tariff.Has("price") || tariff.Has("quotient") {
		t.Fatalf("the tariff page says %s", tariff.Words())
	}
	if p := verdict(t, b, agent, agent.Text("document-1")); p.Text("verdict") != "Document authentique" || p.Has("quotient") {
		t.Errorf("the document kept: %s", p.Words())
	}
}
