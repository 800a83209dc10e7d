package broker_test

import (
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"accord/consent"
)

// TestEveryLeafOfTheCatalogueHasWords: a citizen never reads the name of a JSON
// member.
func TestEveryLeafOfTheCatalogueHasWords(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		var words struct {
			Member, Source, Datum, Paper map[string]any
		}
		if err := yaml.Unmarshal([]byte(text(t, "../ui/locales/"+lang+".yaml")), &words); err != nil {
			t.Fatal(err)
		}
		for _, resource := range consent.Resources(consent.DefaultCatalogue().Data()) {
			if words.Paper[strings.ReplaceAll(resource, "/", "_")] == nil {
				t.Errorf("%s: no word for the paper that %s replaces", lang, resource)
			}
		}
		for _, d := range consent.DefaultCatalogue().Data() {
			if words.Source[d.Source] == nil || words.Datum[d.ID] == nil {
				t.Errorf("%s: %s of %s has no words", lang, d.ID, d.Source)
			}
			for _, path := range d.Paths {
				leaf := strings.TrimSuffix(path[strings.LastIndex(path, ".")+1:], "[]")
				if d.Type != consent.TypeIdentity && words.Member[leaf] == nil {
					t.Errorf("%s: member.%s of %s has no words", lang, leaf, d.ID)
				}
			}
		}
	}
}
