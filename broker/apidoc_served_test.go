package broker_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"accord/broker/apidoc"
	"accord/cmd/accord-demo/country"
	"accord/consent/audit"
	"accord/oidc/issuer"
)

// forAnyone are the public documents, by their schema in the description.
func forAnyone() map[string]string {
	return map[string]string{
		"statistics": "/stats.json", "catalogue": "/donnees.json", "approvals": "/habilitations.json", "keys": "/api/france_connect_jwks",
	}
}

// TestWhatAnyoneMayReadKeepsItsSchema: the public documents, full and with an
// approval suspended, hold what the description says and nothing else; no
// private member of a key, for one.
func TestWhatAnyoneMayReadKeepsItsSchema(t *testing.T) {
	c := ownCountry(t, nil)
	for range audit.FewestCounted {
		_, tok := token(t, c, canteen(t, c), "camille")
		read(t, c, tok, quotient)
	}
	figuresOf(t, c, audit.FewestCounted)
	suspend(t, c, "misuse")
	for name, path := range forAnyone() {
		status, _, body := fetched(t, c.Accord+path)
		if status != http.StatusOK || !strings.Contains(string(apidoc.Document()), "\n  "+path+":\n") {
			t.Errorf("%s: %d, or not described", path, status)
		}
		if breaches, err := described(t, name).Check([]byte(body)); err != nil || len(breaches) > 0 {
			t.Errorf("%s: %v %v", path, breaches, err)
		}
		more := strings.Replace(body, "{", `{"de_plus":1,`, 1)
		if breaches, err := described(t, name).Check([]byte(more)); err != nil || len(breaches) == 0 {
			t.Errorf("%s: an undeclared member passes: %v", path, err)
		}
	}
}

// The errors of the token way keep the schema of every error.
func TestTheWayToAnAgreementKeepsItsSchema(t *testing.T) {
	c := theCountry(t)
	for client, needed := range map[string]string{country.SchoolServices: "authorization_request", country.AnotherProvider: "Autre fournisseur"} {
		d := presentAt(t, c, tokenAt(t, c, client, "helene"), oldWay, valbrume(c))
		breaches, err := described(t, "errors").Check([]byte(d.Body))
		if d.Status != http.StatusForbidden || err != nil || len(breaches) > 0 || !strings.Contains(d.Body, needed) {
			t.Errorf("%s: %d %s: %v %v", client, d.Status, d.Body, breaches, err)
		}
	}
}

// Every parameter of Accord's own is described, in both ways a request is sent.
func TestEveryParameterOfARequestIsDescribed(t *testing.T) {
	var all struct {
		Paths map[string]struct {
			Get struct{ Parameters []struct{ Name string } }
		}
		Components struct {
			Schemas map[string]struct{ Properties map[string]any }
		}
	}
	if err := yaml.Unmarshal(apidoc.Document(), &all); err != nil {
		t.Fatal(err)
	}
	plain := all.Paths["/authorize"].Get.Parameters
	for _, name := range []string{"recipient", "purpose", "annee", "mois", "annee_campagne", "until", "fetches"} {
		if !slices.ContainsFunc(plain, func(p struct{ Name string }) bool { return p.Name == name }) {
			t.Errorf("/authorize lacks %s", name)
		}
		if all.Components.Schemas["authorizationRequest"].Properties[name] == nil {
			t.Errorf("/par lacks %s", name)
		}
	}
}

// What discovery names, a developer finds described.
func TestEveryEndpointInDiscoveryIsDescribed(t *testing.T) {
	c := theCountry(t)
	_, _, body := fetched(t, c.Accord+"/.well-known/openid-configuration")
	var told map[string]any
	var all struct{ Paths map[string]any }
	if err := json.Unmarshal([]byte(body), &told); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(apidoc.Document(), &all); err != nil {
		t.Fatal(err)
	}
	found := 0
	for name, value := range told {
		address, _ := value.(string)
		path, local := strings.CutPrefix(address, c.Accord)
		if !local || name == "issuer" {
			continue
		}
		found++
		if all.Paths[path] == nil && all.Paths[path+"/{grant_id}"] == nil {
			t.Errorf("%s: %s is not described", name, path)
		}
	}
	if found < 9 {
		t.Errorf("%d endpoints in discovery: %s", found, body)
	}
}

// Each error a client may meet stands on the page of errors, with what to do.
func TestEveryErrorOfTheIssuerIsToldToDevelopers(t *testing.T) {
	c := theCountry(t)
	for _, lang := range []string{"fr", "en"} {
		_, _, page := fetched(t, c.Accord+"/developpeurs/erreurs/oauth?lang="+lang)
		if strings.Contains(page, "dev.oauth.") {
			t.Errorf("%s: a text is missing", lang)
		}
		for _, e := range issuer.ErrorCodes() {
			if row := "<strong><code>" + e.Code + "</code>"; strings.Contains(page, row) != (len(e.At) > 0) {
				t.Errorf("%s: %s, met at %v", lang, e.Code, e.At)
			}
		}
	}
}
