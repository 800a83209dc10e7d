package configuration

import (
	"strings"
	"testing"

	"accord/consent"
)

const firstResource = "      participation_familiale_eaje:\n"

// more puts a resource before the example's own.
func more(name, keys string) string {
	return "      " + name + ":\n        url: https://cnav.example/more\n        scope: MORE\n" + keys + firstResource
}

func TestResourcesOfTheHubMayShareItsClientOrHaveTheirOwn(t *testing.T) {
	w := newWorld(t)
	w.write(t, "secrets/cnav-aah", strings.Repeat("h", 32)+"\n", 0o400)
	w.edit(t, "accord.yaml", firstResource, more("allocation_adulte_handicape", "        client_id: AAH-CLIENT\n        client_secret_file: secrets/cnav-aah\n"))
	c, mistakes := Load(w.accord)
	if c == nil {
		t.Fatalf("refused:%s", list(mistakes))
	}
	all := c.Settings.Sources.CNAV.Resources
	aah, eaje := all["allocation_adulte_handicape"], all["participation_familiale_eaje"]
	if len(all) != 2 || aah == nil || eaje == nil {
		t.Fatalf("%d resources", len(all))
	}
	if aah.ClientID != "AAH-CLIENT" || aah.ClientSecret.Reveal() != strings.Repeat("h", 32) || aah.Scope != "MORE" {
		t.Errorf("own client: id %q, scope %q, secret read: %t", aah.ClientID, aah.Scope, aah.ClientSecret != Secret{})
	}
	if eaje.ClientID != "" || eaje.URL != "https://cnav.example/participation-familiale-eaje" {
		t.Errorf("shared client: %q at %s", eaje.ClientID, eaje.URL)
	}
}

func TestMistakesInResourcesAreNamedWithTheirLine(t *testing.T) {
	const prime = "prime_activite"
	for name, c := range map[string]struct{ text, at, says string }{
		"unknown resource":            {more("prime_activité", ""), "prime_activité:", "write one of allocation_adulte_handicape"},
		"quotient familial again":     {more("quotient_familial", ""), "      quotient_familial:", "the quotient familial stands above"},
		"unknown key":                 {more(prime, "        uri: x\n"), "uri: x", `"uri" is not a key in sources.cnav.resources.prime_activite`},
		"secret in line":              {more(prime, "        client_secret: hunter2\n"), "client_secret: hunter2", "a secret is never written here"},
		"client without secret":       {more(prime, "        client_id: OTHER\n"), prime + ":", "prime_activite.client_secret_file: is missing"},
		"secret without client":       {more(prime, "        client_secret_file: secrets/cnav # here\n"), "secrets/cnav # here", "is of no client"},
		"secret file not there":       {more(prime, "        client_id: OTHER\n        client_secret_file: secrets/none\n"), "secrets/none", "does not exist"},
		"one client with two secrets": {more(prime, "        client_id: CNAV-CLIENT-ID\n        client_secret_file: secrets/dgfip # other\n"), "secrets/dgfip # other", "another secret than elsewhere"},
		"http beyond loopback":        {strings.Replace(more(prime, ""), "https://cnav.example/more", "http://cnav.example/more", 1), "http://cnav.example/more", "write an https address"},
		"empty":                       {"      " + prime + ":\n" + firstResource, prime + ":", "prime_activite: is empty"},
		"no address":                  {strings.Replace(more(prime, ""), "        url: https://cnav.example/more\n", "", 1), prime + ":", "prime_activite.url: is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			if strings.Contains(c.text, "secrets/dgfip") {
				w.write(t, "secrets/dgfip", strings.Repeat("d", 32)+"\n", 0o400)
			}
			w.edit(t, "accord.yaml", firstResource, c.text)
			conf, mistakes := Load(w.accord)
			if conf != nil || !told(mistakes, "accord.yaml", w.lineOf(t, "accord.yaml", c.at), c.says) {
				t.Errorf("want line %d: %s; got:%s", w.lineOf(t, "accord.yaml", c.at), c.says, list(mistakes))
			}
			if len(mistakes) != 3 { // with the examples' two warnings
				t.Errorf("%d mistakes, want this one and the warnings of the examples:%s", len(mistakes), list(mistakes))
			}
		})
	}
}

func TestOnlyTheHubHasResources(t *testing.T) {
	w := newWorld(t)
	w.edit(t, "accord.yaml", "    client_id: DGFIP-CLIENT-ID", "    resources:\n      prime_activite:\n        url: https://dgfip.example/x\n    client_id: DGFIP-CLIENT-ID")
	c, mistakes := Load(w.accord)
	if c != nil || !told(mistakes, "accord.yaml", w.lineOf(t, "accord.yaml", "    resources:\n      prime_activite"), "belong to cnav alone") {
		t.Errorf("accepted, or told otherwise:%s", list(mistakes))
	}
}

// The hub would refuse without a call what no account is for.
func TestADatumOfAResourceNotConnectedIsAMistake(t *testing.T) {
	datum := func(source, resource string) consent.Datum { return consent.Datum{Source: source, Resource: resource} }
	s := &Source{Resources: map[string]*SourceResource{"prime_activite": {}}}
	for name, c := range map[string]struct {
		source *Source
		datum  consent.Datum
		want   string
	}{
		"not connected":     {s, datum(consent.SourceCNAV, "dss/revenu_solidarite_active"), "revenu_solidarite_active"},
		"connected":         {s, datum(consent.SourceCNAV, "dss/prime_activite"), ""},
		"quotient familial": {s, datum(consent.SourceCNAV, consent.ResourceQuotientFamilial), ""},
		"another source's":  {s, datum(consent.SourceDGFiP, consent.ResourceSituationIR), ""},
		"no hub at all":     {nil, datum(consent.SourceCNAV, "dss/revenu_solidarite_active"), ""},
	} {
		if got := missingResource(c.source, c.datum); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// A set of credentials is asked of under its own client, never another's.
func TestAFurtherAccountAsksOnlyWhatIsUnderTheSourcesClient(t *testing.T) {
	s := Source{
		ClientID:    "A",
		Resources:   map[string]*SourceResource{"prime_activite": {}, "allocation_adulte_handicape": {ClientID: "B"}},
		Credentials: map[string]*Credential{"valbrume": {ClientID: "C"}},
	}
	if as := s.As("valbrume"); as.ClientID != "C" || len(as.Resources) != 1 || as.Resources["prime_activite"] == nil || len(s.Resources) != 2 {
		t.Errorf("client %q, resources %v; the source's own %v", as.ClientID, as.Resources, s.Resources)
	}
}
