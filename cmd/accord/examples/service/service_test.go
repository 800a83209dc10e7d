package main

import (
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

// The page for service providers, played: register, start Accord with the
// client, click, read the first datum; and be refused.
func TestTheFirstServiceGetsItsFirstDatum(t *testing.T) {
	dir := t.TempDir()
	server := httptest.NewUnstartedServer(nil)
	home := "http://" + server.Listener.Addr().String()
	if err := writeClient(dir, home); err != nil {
		t.Fatal(err)
	}
	c, err := country.Start(t.Context(), country.Options{Clients: filepath.Join(dir, "clients")})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if server.Config.Handler, err = newService(dir, c.Accord, home); err != nil {
		t.Fatal(err)
	}
	server.Start()
	defer server.Close()
	for button, want := range map[string]string{"accept": `&#34;valeur&#34;:742`, "refuse": "rien ne nous a été transmis"} {
		w := &country.Walk{Browser: headless.New(), Country: c}
		if w.Page, err = w.Get(home + "/"); err == nil {
			w.Page, err = w.Press(w.Page, "ask", nil)
		}
		if err == nil {
			err = w.See("camille")
		}
		if err == nil {
			err = w.Do(button)
		}
		if err != nil || !strings.Contains(w.Page.Body, want) {
			t.Fatalf("%s: %v: %.400s", button, err, w.Page.Body)
		}
		if again, err := w.Get(w.Page.URL.String()); err != nil || again.Status != 400 {
			t.Errorf("%s: loaded again: %v, %d", button, err, again.Status)
		}
	}
}
