package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/consent/audit"
)

// Browsers enforce form-action along the whole chain of redirects that a form
// begins: a service provider whose callback leads on to another of its hosts
// must be reached all the same.
func TestAServiceProviderMayRedirectOnToASecondHost(t *testing.T) {
	for _, button := range []string{"#accept", "#refuse"} {
		t.Run(button[1:], func(t *testing.T) {
			last := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				fmt.Fprintf(w, `<!doctype html><html lang=fr><title>fin</title><h1 id="arrived">%s</h1>`, r.URL.Query().Get("with"))
			}))
			t.Cleanup(last.Close)
			first := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				outcome := "code"
				if r.URL.Query().Get("code") == "" {
					outcome = r.URL.Query().Get("error")
				}
				http.Redirect(w, r, strings.Replace(last.URL, "127.0.0.1", "localhost", 1)+"/fin?with="+outcome, http.StatusSeeOther)
			}))
			t.Cleanup(first.Close)
			b := open(t)
			c := own(t, country.Options{Clients: registered(t, first.URL+"/retour")})
			client, err := c.Client(country.Editor, "valbrume-cantine", "cnaf_quotient_familial")
			if err != nil {
				t.Fatal(err)
			}
			client.ID, client.RedirectURI = "deux-hotes", first.URL+"/retour"
			b.goTo(client.Begin().URL(nil)).click("#accept")
			identify(b, "camille").click(button).expect("#arrived")
			wants(t, b.text("#arrived"), map[string]string{"#accept": "code", "#refuse": "access_denied"}[button])
		})
	}
}

// registered is a folder with one more client, in the form accord serve reads.
func registered(t *testing.T, redirectURI string) string {
	t.Helper()
	dir := t.TempDir()
	file := fmt.Sprintf("id: deux-hotes\nname: Deux hôtes\nauth_method: client_secret_basic\nsecret_hash: %q\nredirect_uris:\n  - %s\napprovals:\n  - valbrume-cantine\n",
		audit.Digest([]byte("a secret of a test, thirty-two characters")), redirectURI)
	if err := os.WriteFile(filepath.Join(dir, "deux-hotes.yaml"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}
