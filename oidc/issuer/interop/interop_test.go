// Package interop_test drives Accord, the whole demonstration country, by
// clients we did not write: here npm's openid-client, certified by the OpenID
// Foundation. It needs node and what `npm ci --ignore-scripts` puts beside it
// (make interop); without them it says so and is skipped, unless
// ACCORD_REQUIRE_NODE=1.
package interop_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

// given is what the script is told, and what it needs to know of the country.
type given struct {
	Profile     string            `json:"profile"`
	Issuer      string            `json:"issuer"`
	ClientID    string            `json:"clientId"`
	Key         any               `json:"key,omitempty"` // private JWK
	Secret      string            `json:"secret,omitempty"`
	RedirectURI string            `json:"redirectUri"`
	Scope       string            `json:"scope"`
	Parameters  map[string]string `json:"parameters"`
	Later       map[string]string `json:"later,omitempty"`
	Data        string            `json:"data"`
	Bye         string            `json:"bye"`
}

func needed(t *testing.T) {
	t.Helper()
	_, errNode := exec.LookPath("node")
	_, errModules := os.Stat("node_modules/openid-client")
	if errNode == nil && errModules == nil {
		return
	}
	if os.Getenv("ACCORD_REQUIRE_NODE") == "1" {
		t.Fatalf("node: %v; openid-client: %v", errNode, errModules)
	}
	t.Skip("NOT RUN: node or openid-client is absent; make interop installs it")
}

func TestOpenIDClientGoesTheWholeWay(t *testing.T) {
	needed(t)
	c, err := country.Start(t.Context(), country.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	approval, err := c.Client(country.FamilyPortal, "valbrume-cantine")
	if err != nil {
		t.Fatal(err)
	}
	base := given{
		Issuer: c.Accord, RedirectURI: c.TownHallURL + "/retour", Scope: "openid cnaf_quotient_familial", Bye: c.TownHallURL + "/",
		Parameters: map[string]string{"purpose": "tarification-cantine", "recipient": approval.Recipient},
		Data:       c.Accord + "/v3/dss/quotient_familial?recipient=" + approval.Recipient,
	}
	fapi, oidc := base, base
	fapi.Profile, fapi.ClientID, fapi.Key = "fapi2", country.FamilyPortal, c.PortalKey
	fapi.Later = map[string]string{"until": time.Now().AddDate(0, 2, 0).Format(time.DateOnly), "fetches": "3"}
	oidc.Profile, oidc.ClientID, oidc.Secret = "oidc", country.Editor, c.Secrets[country.Editor]
	for _, g := range []given{fapi, oidc} {
		t.Run(g.Profile, func(t *testing.T) { run(t, c, g) })
	}
}

// run starts the script and is the citizen and the browser for it.
func run(t *testing.T, c *country.Country, g given) {
	config, err := json.Marshal(g)
	if err != nil {
		t.Fatal(err)
	}
	script := exec.CommandContext(t.Context(), "node", "client.mjs")
	script.Env = append(os.Environ(), "ACCORD_INTEROP="+string(config))
	script.Stderr = &said{t: t}
	in, errIn := script.StdinPipe()
	out, errOut := script.StdoutPipe()
	if errIn != nil || errOut != nil {
		t.Fatal(errIn, errOut)
	}
	if err := script.Start(); err != nil {
		t.Fatal(err)
	}
	done := follow(t, c, g, in, out)
	if err := script.Wait(); err != nil || !done {
		t.Errorf("openid-client did not come to its end: %v", err)
	}
}

func follow(t *testing.T, c *country.Country, g given, in io.WriteCloser, out io.Reader) (done bool) {
	t.Helper()
	defer in.Close()
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		word, rest, _ := strings.Cut(lines.Text(), " ")
		switch word {
		case "OK":
			t.Log(rest)
		case "GO":
			back, err := browse(c, g, rest)
			if err != nil {
				t.Error(err)
				return false
			}
			if _, err := io.WriteString(in, back.String()+"\n"); err != nil {
				t.Error(err)
			}
		case "DONE":
			done = true
		}
	}
	return done
}

// browse is Camille, who agrees to what is asked, today and later.
func browse(c *country.Country, g given, address string) (*url.URL, error) {
	w := &country.Walk{Browser: headless.New().StopAt(c.TownHallURL), Country: c}
	var err error
	if w.Page, err = w.Get(address); err != nil || w.Page.Stopped != nil {
		return w.Page.Stopped, err
	}
	if err := w.See("camille"); err != nil {
		return nil, err
	}
	more := url.Values{}
	if g.Later != nil {
		more.Set("suite", "1")
	}
	if w.Page, err = w.Press(w.Page, "accept", more); err != nil {
		return nil, err
	}
	return w.Page.Stopped, nil
}

// said puts what the script complains of into the test's own words.
type said struct{ t *testing.T }

func (s *said) Write(p []byte) (int, error) {
	s.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}
