package townhall_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

// quotient is Camille's as a number of its own: random ids hold its digits.
var quotient = regexp.MustCompile(`\b742\b`)

// saysQuotient walks a JSON document: no number in it, and no text of it, tells
// the quotient.
func saysQuotient(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if quotient.MatchString(name) || saysQuotient(member) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, saysQuotient)
	default:
		return quotient.MatchString(fmt.Sprint(v))
	}
	return false
}

// Saint-Aubin's approval fixes its tariff grid: what is kept in the file is the
// band, and the signed delivery proves it.
func TestACommuneWithBandsKeepsTheBandAndNeverTheQuotient(t *testing.T) {
	c := start(t)
	b := headless.New()
	p, err := b.Get(c.TownHallURL + "/saint-aubin/cantine")
	for _, button := range []string{"ask", "accept", "persona-camille", "continue", "accept"} {
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
	if p.Text("band") != "B" || p.Text("price") != "3,50 € le repas" || quotient.MatchString(p.Words()) {
		t.Errorf("the tariff page says %s", p.Words())
	}
	agent, err := b.Get(c.TownHallURL + "/saint-aubin/agent")
	if err != nil {
		t.Fatal(err)
	}
	document := agent.Text("document-1")
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(document, ".")[1])
	var said any
	if err != nil || json.Unmarshal(payload, &said) != nil || saysQuotient(said) || !strings.Contains(string(payload), `"code":"B"`) {
		t.Errorf("the delivery kept says %s, %v", payload, err)
	}
	if v := verdict(t, b, agent, document); v.Text("verdict") != "Document authentique" || v.Text("band") != "B" {
		t.Errorf("the verdict: %s", v.Words())
	}
}
