package upstream_test

import (
	"encoding/json"
	"errors"
	"testing"

	"accord/providers/upstream"
)

// TestWhatASourceAddsIsDroppedUntilItIsKnown: an added member changes nothing,
// and one that takes the place of another is no answer.
func TestWhatASourceAddsIsDroppedUntilItIsKnown(t *testing.T) {
	type child struct {
		Name *string `json:"nom"`
	}
	type inner struct {
		Year *int `json:"annee"`
	}
	type answer struct {
		inner
		Children *[]child        `json:"enfants"` // left out when there are none
		Raw      json.RawMessage `json:"brut"`
		Inner    *inner          `json:"calcul"`
	}
	const whole = `{"annee":1,"enfants":[{"nom":"a"}],"brut":{"x":1},"calcul":{"annee":2}`
	for name, c := range map[string]struct {
		body string
		ok   bool
	}{
		"whole":                          {whole + `}`, true},
		"a member added":                 {whole + `,"nouveau":{"a":[1]}}`, true},
		"added in an element":            {`{"annee":1,"enfants":[{"nom":"a","age":3}],"brut":1,"calcul":{"annee":2}}`, true},
		"added below":                    {`{"annee":1,"enfants":[],"brut":1,"calcul":{"annee":2,"mois":3}}`, true},
		"left out":                       {`{"annee":1,"brut":1,"calcul":{"annee":2}}`, true},
		"under another name":             {`{"annee":1,"descendants":[{"nom":"a"}],"brut":1,"calcul":{"annee":2}}`, false},
		"an element's under another":     {`{"annee":1,"enfants":[{"nom":"a"},{"prenom":"b"}],"brut":1,"calcul":{"annee":2}}`, false},
		"below under another":            {`{"annee":1,"enfants":[],"brut":1,"calcul":{"an":2}}`, false},
		"embedded under another":         {`{"an":1,"enfants":[],"brut":1,"calcul":{"annee":2}}`, false},
		"twice":                          {whole + `,"annee":1}`, false},
		"twice, in another case":         {whole + `,"ANNEE":1}`, false},
		"null":                           {`null`, true},
		"an array where an object stood": {`{"annee":1,"enfants":{},"brut":1,"calcul":[]}`, false},
	} {
		var a answer
		if err := upstream.Decode([]byte(c.body), &a); (err == nil) != c.ok || err != nil && !errors.Is(err, upstream.ErrShape) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
