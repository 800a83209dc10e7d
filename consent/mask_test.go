package consent

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const household = `{
 "quotient_familial": {"fournisseur": "CNAF", "valeur": 872, "annee": 2026, "mois": 10, "annee_calcul": 2026, "mois_calcul": 10},
 "allocataires": [{"nom_naissance": "ROUVRAY", "nom_usage": null, "prenoms": "CÉLINE ANNE", "date_naissance": "1988-04-00", "sexe": "F", "jour_date_de_naissance": "00"}],
 "enfants": [],
 "adresse": {"destinataire": "MADAME ROUVRAY CÉLINE", "lieu_dit": null, "pays": "FRANCE"}
}`

func TestMaskKeepsExactlyTheAgreedLeaves(t *testing.T) {
	c := DefaultCatalogue()
	for _, tc := range []struct{ scopes, want string }{
		{"cnaf_quotient_familial", `{"quotient_familial":{"annee":2026,"annee_calcul":2026,"fournisseur":"CNAF","mois":10,"mois_calcul":10,"valeur":872}}`},
		{"cnaf_allocataires", `{"allocataires":[{"date_naissance":"1988-04-00","nom_naissance":"ROUVRAY","nom_usage":null,"prenoms":"CÉLINE ANNE","sexe":"F"}]}`},
		{"cnaf_enfants", `{"enfants":[]}`},
		{"cnaf_adresse", `{"adresse":{"destinataire":"MADAME ROUVRAY CÉLINE","lieu_dit":null,"pays":"FRANCE"}}`},
		{"dgfip_rfr", `{}`},
	} {
		data, _, _ := c.Select([]string{tc.scopes})
		got, err := Mask(json.RawMessage(household), Paths(data, data[0].Resource))
		if err != nil || string(got) != tc.want {
			t.Errorf("%s: %s, %v", tc.scopes, got, err)
		}
	}
}

func TestMaskKeepsNumbersAsTheyWereWritten(t *testing.T) {
	doc := `{"nombre_parts": 2.50, "revenu_fiscal_reference": 12345678901234567890, "annee_revenus": "2025"}`
	got, err := Mask(json.RawMessage(doc), []string{"nombre_parts", "revenu_fiscal_reference"})
	if want := `{"nombre_parts":2.50,"revenu_fiscal_reference":12345678901234567890}`; err != nil || string(got) != want {
		t.Errorf("%s, %v", got, err)
	}
}

func TestMaskRefusesWhatItDoesNotUnderstand(t *testing.T) {
	for doc, why := range map[string]string{
		``:                           "nothing",
		`null`:                       "no object",
		`[1]`:                        "an array",
		`"x"`:                        "a scalar",
		`{"a":1}{}`:                  "two documents",
		`{"a":1,"a":2}`:              "a member twice",
		`{"a":1,"\u0061":2}`:         "a member twice, escaped",
		`{"a":{"z":1}}`:              "an object where a leaf is named",
		`{"a":[1]}`:                  "an array where a leaf is named",
		`{"o":1}`:                    "a scalar where an object is named",
		`{"o":[{"b":1}]}`:            "an array where an object is named",
		`{"l":{"b":1}}`:              "an object where an array is named",
		`{"l":[1]}`:                  "a scalar element where objects are named",
		`{"l":[null]}`:               "a null element where objects are named",
		`{"s":[{}]}`:                 "an object element where scalars are named",
		"{\"a\":\"\xff\"}":           "not UTF-8",
		`{"o":{"b":1,"b":2}}`:        "a member twice, below",
		`{"a":1` + "\x00" + `}`:      "not JSON",
		strings.Repeat("[", 20_000):  "too deep",
		`{"l":[{"b":{"deeper":1}}]}`: "an object where a leaf of an element is named",
	} {
		got, err := Mask(json.RawMessage(doc), []string{"a", "o.b", "l[].b", "s[]"})
		if !errors.Is(err, ErrShape) || got != nil {
			t.Errorf("%s: %s, %v", why, got, err)
		}
	}
}

func TestMaskErrorsNeverShowAValue(t *testing.T) {
	_, err := Mask(json.RawMessage(`{"revenu":{"SECRETKEY":"SECRETVALUE"}}`), []string{"revenu"})
	if err == nil || strings.Contains(err.Error(), "SECRET") {
		t.Errorf("%v", err)
	}
}

func TestAbsentStaysAbsentAndIsNeverNull(t *testing.T) {
	paths := []string{"o.b", "l[].b", "a", "s[]"}
	for doc, want := range map[string]string{
		`{}`:                              `{}`,
		`{"o":null,"l":null,"s":null}`:    `{}`,
		`{"a":null}`:                      `{"a":null}`,
		`{"o":{}}`:                        `{}`,
		`{"o":{"z":1}}`:                   `{}`,
		`{"l":[{"z":1},{"b":2}]}`:         `{"l":[{},{"b":2}]}`,
		`{"s":[1, "x" ,null], "z":[[1]]}`: `{"s":[1,"x",null]}`,
		`{"o.b":1,"l[]":2,"a.":3}`:        `{}`,
	} {
		got, err := Mask(json.RawMessage(doc), paths)
		if err != nil || string(got) != want {
			t.Errorf("%s: %s, %v", doc, got, err)
		}
	}
}

// leaves flattens a document: concrete place ("l[0].b") → literal, and the
// path that names it ("l[].b"). Written apart from Mask on purpose.
func leaves(t interface{ Fatal(...any) }, doc []byte) (values, paths map[string]string) {
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	var root any
	if err := d.Decode(&root); err != nil {
		t.Fatal(err, string(doc))
	}
	values, paths = make(map[string]string), make(map[string]string)
	var walk func(v any, at, path string)
	walk = func(v any, at, path string) {
		switch v := v.(type) {
		case map[string]any:
			for k, below := range v {
				walk(below, strings.TrimPrefix(at+"."+k, "."), strings.TrimPrefix(path+"."+k, "."))
			}
		case []any:
			for i, below := range v {
				walk(below, fmt.Sprintf("%s[%d]", at, i), path+"[]")
			}
		default:
			literal, _ := json.Marshal(v)
			values[at], paths[at] = string(literal), path
		}
	}
	walk(root, "", "")
	return values, paths
}

// drawDocument draws an object of few member names, so that paths hit it.
func drawDocument(t *rapid.T) []byte {
	var value func(depth int) any
	object := func(depth int) map[string]any {
		o := make(map[string]any)
		for _, k := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c", "d"}), 0, 4, rapid.ID).Draw(t, "members") {
			o[k] = value(depth - 1)
		}
		return o
	}
	value = func(depth int) any {
		kind := rapid.IntRange(0, 5).Draw(t, "kind")
		switch {
		case kind == 0 && depth > 0:
			return object(depth)
		case kind == 1 && depth > 0:
			var list []any
			for range rapid.IntRange(1, 3).Draw(t, "length") {
				list = append(list, value(depth-1))
			}
			return list
		case kind == 2:
			return nil
		case kind == 3:
			return json.Number(rapid.SampledFrom([]string{"0", "1.50", "-2e3", "31250"}).Draw(t, "number"))
		}
		return rapid.String().Draw(t, "text")
	}
	doc, err := json.Marshal(object(3))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// drawPaths draws paths, most of which name leaves of the document.
func drawPaths(t *rapid.T, doc []byte) []string {
	_, named := leaves(t, doc)
	known := append(slices.Sorted(maps.Values(named)), "a", "b.c", "c[].a", "d[]", "zz")
	return rapid.SliceOf(rapid.SampledFrom(known)).Draw(t, "paths")
}

func TestMaskNeverLetsOutALeafThatWasNotNamed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawDocument(t)
		paths := drawPaths(t, doc)
		out, err := Mask(doc, paths)
		if err != nil {
			return
		}
		before, _ := leaves(t, doc)
		after, names := leaves(t, out)
		for at, value := range after {
			if before[at] != value || !slices.Contains(paths, names[at]) {
				t.Fatalf("%s = %s came out of %s by %v", at, value, doc, paths)
			}
		}
		_, named := leaves(t, doc)
		for at, path := range named {
			if _, ok := after[at]; !ok && slices.Contains(paths, path) {
				t.Fatalf("%s is lost from %s by %v", at, doc, paths)
			}
		}
	})
}

func TestMaskingTwiceIsMaskingOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawDocument(t)
		paths := drawPaths(t, doc)
		once, err := Mask(doc, paths)
		if err != nil {
			return
		}
		twice, err := Mask(once, paths)
		if err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("%s, then %s (%v)", once, twice, err)
		}
	})
}

func TestEqualDocumentsMaskToEqualBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawDocument(t)
		paths := drawPaths(t, doc)
		out, err := Mask(doc, paths)
		again, err2 := Mask(reordered(t, doc), slices.Concat(paths, paths))
		if (err == nil) != (err2 == nil) || !bytes.Equal(out, again) {
			t.Fatalf("%s (%v) and %s (%v)", out, err, again, err2)
		}
	})
}

// reordered writes the top members in another order, with blanks between.
func reordered(t *rapid.T, doc []byte) []byte {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(doc, &members); err != nil {
		t.Fatal(err)
	}
	names := rapid.Permutation(slices.Sorted(maps.Keys(members))).Draw(t, "order")
	var parts []string
	for _, n := range names {
		parts = append(parts, fmt.Sprintf(" %q :\n%s ", n, members[n]))
	}
	return []byte("{" + strings.Join(parts, ",") + "}")
}

func TestAgreeingToMoreNeverShowsLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawDocument(t)
		few := drawPaths(t, doc)
		less, err := Mask(doc, few)
		more, err2 := Mask(doc, append(drawPaths(t, doc), few...))
		if err != nil || err2 != nil {
			return
		}
		kept, _ := leaves(t, less)
		all, _ := leaves(t, more)
		for at, value := range kept {
			if all[at] != value {
				t.Fatalf("%s is lost: %s, then %s", at, less, more)
			}
		}
	})
}

func FuzzMask(f *testing.F) {
	f.Add([]byte(household), "quotient_familial.valeur,allocataires[].prenoms,enfants[].sexe")
	f.Add([]byte(`{"given_name_array":["CÉLINE","ANNE"],"x":{"given_name_array":1}}`), "given_name_array[]")
	f.Add([]byte(`{"a":[[1,2],[3]]}`), "a[][]")
	f.Add([]byte(`{"":{"":1}}`), ".")
	f.Fuzz(func(t *testing.T, doc []byte, list string) {
		paths := strings.Split(list, ",")
		out, err := Mask(doc, paths)
		if err != nil {
			if !errors.Is(err, ErrShape) {
				t.Fatal(err)
			}
			return
		}
		again, err := Mask(out, paths)
		if err != nil || !bytes.Equal(out, again) || !json.Valid(out) || len(out) > 6*len(doc)+2 {
			t.Fatalf("%q gives %q, then %q (%v)", doc, out, again, err)
		}
	})
}
