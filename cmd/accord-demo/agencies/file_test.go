package agencies_test

import (
	"net/url"
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

func start(t *testing.T) *country.Country {
	t.Helper()
	c, err := country.Start(t.Context(), country.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() }) // the test has said what it had to
	return c
}

// apply walks the région's form to the decision, and opens the agents' page.
func apply(t *testing.T, c *country.Country, persona string) (decision, agent *headless.Page, b *headless.Browser) {
	t.Helper()
	b = headless.New()
	p, err := b.Get(c.TownHallURL + "/region/demande")
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
	if agent, err = b.Get(c.TownHallURL + "/region/agent"); err != nil {
		t.Fatal(err)
	}
	return p, agent, b
}

func TestAnAgencysDecisionRestsOnDocumentsItsAgentCanVerify(t *testing.T) {
	decision, agent, b := apply(t, start(t), "lucas")
	if decision.Text("decision") != "Votre carte de transport est gratuite" {
		t.Fatalf("the decision: %s", decision.Words())
	}
	if told := agent.Text("dossier-1"); !strings.Contains(told, decision.Text("decision")) {
		t.Errorf("the agent's file says %q", told)
	}
	for _, n := range []string{"1-0", "1-1"} {
		p, err := b.Press(agent, "verify-"+n, nil)
		if err != nil || p.Text("verdict") != "Document authentique" {
			t.Errorf("document %s: %v, %s", n, err, p.Words())
		}
	}
	swapped := agent.Text("document-1-0")
	swapped = swapped[:strings.LastIndex(swapped, ".")] + agent.Text("document-1-1")[strings.LastIndex(agent.Text("document-1-1"), "."):]
	for name, document := range map[string]string{"another's signature": swapped, "nothing": "x"} {
		p, err := b.Press(agent, "verify-1-0", url.Values{"document": {document}})
		if err != nil || p.Text("verdict") != "Document refusé" || p.Has("said") {
			t.Errorf("%s: %v, %s", name, err, p.Words())
		}
	}
}

// A document of one agency is none of another's.
func TestADocumentOfAnotherAgencyIsRefused(t *testing.T) {
	c := start(t)
	_, agent, b := apply(t, c, "lucas")
	document := agent.Text("document-1-0")
	p, err := b.Send(agent, "POST", c.TownHallURL+"/ministere/agent/verifier", url.Values{"document": {document}})
	if err != nil || p.Text("verdict") != "Document refusé" || !strings.Contains(p.Text("why"), "autre organisme") {
		t.Errorf("%v, %s", err, p.Words())
	}
	if other, err := b.Get(c.TownHallURL + "/ministere/agent"); err != nil || !other.Has("empty") {
		t.Errorf("the ministry's file holds the région's: %v", err)
	}
}

func TestUnderTheHoodTellsEachCallAndItsPlaceInTheLog(t *testing.T) {
	decision, _, _ := apply(t, start(t), "lucas")
	for _, want := range []string{"POST /par", "POST /token", "GET /v3/cnous/etudiant_boursier → 200", "/log/1#"} {
		if !strings.Contains(decision.Words(), want) {
			t.Errorf("not told: %s in %s", want, decision.Words())
		}
	}
}
