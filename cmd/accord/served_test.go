package main

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"accord/broker/admin"
	"accord/broker/configuration"
	"accord/consent"
	"accord/providers"
	"accord/providers/apiparticulier"
)

func TestAPIParticuliersSourcesAreServedAndWatched(t *testing.T) {
	metrics := admin.NewMetrics()
	a := &configuration.APIParticulier{URL: "https://particulier.example", Serves: apiparticulier.IDs(), Parties: map[string]consent.Party{"mesr": {Name: "MESR"}}}
	if _, err := newServed(a, nil, metrics); err == nil {
		t.Fatal("connected without a token")
	}
	sources, err := newServed(nil, nil, metrics)
	if err != nil || len(sources) != 0 {
		t.Fatalf("%d sources of none, %v", len(sources), err)
	}
	s := configuration.Settings{Sources: configuration.Sources{APIParticulier: a}}
	if got := sourceParties(s)["mesr"].Name; got != "MESR" {
		t.Errorf("party %q", got)
	}
}

// What may be written under serves is what the connector has.
func TestEveryServableSourceIsOneOfTheConnectors(t *testing.T) {
	dir := readyFolder(t)
	file := dir + "/accord.yaml"
	replace(t, file, "  # apiparticulier:", "  apiparticulier:\n    url: https://particulier.example\n    token_file: secrets/cnav\n    serves: [personne]\n  # apiparticulier:")
	_, mistakes := configuration.Load(file)
	var told string
	for _, m := range mistakes {
		told += m.Message + "\n"
	}
	if !strings.Contains(told, "write one of "+strings.Join(apiparticulier.IDs(), ", ")) {
		t.Errorf("the connector has %v; told:\n%s", apiparticulier.IDs(), told)
	}
	ids := strings.Join(slices.DeleteFunc(apiparticulier.IDs(), func(id string) bool { return id == "cnav" }), ", ")
	text := "    serves: [" + ids + "]\n    parties:\n"
	for id := range strings.SplitSeq(ids, ", ") {
		text += "      " + id + ": {name: N, siret: \"99900030000015\", address: A, dpo: https://a.example/dpo}\n"
	}
	replace(t, file, "    serves: [personne]\n", text)
	c, mistakes := configuration.Load(file)
	if c == nil {
		t.Fatalf("refused: %v", mistakes)
	}
	metrics := admin.NewMetrics()
	sources, err := newSources(c.Settings.Sources, slog.New(slog.DiscardHandler), metrics)
	if err != nil || len(sources) != 2+len(apiparticulier.IDs())-1 {
		t.Fatalf("%d sources, %v", len(sources), err)
	}
	w := httptest.NewRecorder()
	admin.Handler(admin.Config{Health: &admin.Health{}, Metrics: metrics}).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if body, _ := io.ReadAll(w.Result().Body); !strings.Contains(string(body), `accord_source_breaker_open{source="sdh"} 0`) {
		t.Error("metrics lack sdh")
	}
}

// Each recipient that has a token of its own is asked about under that one.
func TestARecipientsTokenIsAnAccountOfItsOwn(t *testing.T) {
	account := func(token string) *apiparticulier.Account {
		a, err := apiparticulier.New(apiparticulier.Config{URL: "https://particulier.example", Token: token})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	source, err := served("mesr", account("operators"), map[string]*apiparticulier.Account{"valbrume": account("valbrumes")}, admin.NewMetrics())
	if err != nil || source.ID() != "mesr" {
		t.Fatalf("%v, %v", source, err)
	}
	by, ok := source.(providers.ByCredential)
	if !ok || by.Named["valbrume"] == nil || by.Named["valbrume"] == by.Own {
		t.Errorf("%+v", source)
	}
}
