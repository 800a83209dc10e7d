package details

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"accord/consent/receipt/schematest"
)

const whole = `[{"type":"accord_data","purpose":"tarification-cantine","recipient":"99900010200015",` +
	`"required":["cnaf_quotient_familial"],"optional":["cnaf_enfants","dgfip_rfr"],"answers":["cnaf_quotient_familial"],` +
	`"period":{"annee":2026,"mois":10,"annee_campagne":2025,"annee_revenus":"dgfip_annee_n_moins_1"},` +
	`"recurring":{"until":"2027-06-30","fetches":4}}]`

func compiled(t testing.TB) *schematest.Schema {
	t.Helper()
	s, err := schematest.Compile(Schema())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAWholeRequestIsReadWhole(t *testing.T) {
	r, err := Parse(whole)
	if err != nil {
		t.Fatal(err)
	}
	back, err := json.Marshal([]Request{r})
	if err != nil || string(back) != whole {
		t.Errorf("read as %s, %v", back, err)
	}
	if got := fmt.Sprint(r.Scopes()); got != "[cnaf_quotient_familial cnaf_enfants dgfip_rfr dgfip_annee_n_moins_1]" {
		t.Errorf("scopes %s", got)
	}
}

// What the parser takes the published schema takes, and the other way round:
// every member and element replaced, dropped and added to, one at a time.
func TestTheParserAndTheSchemaAgree(t *testing.T) {
	s := compiled(t)
	accepted, refused := 0, 0
	for _, document := range append(mutations(t), whole, `[{"type":"accord_data","required":["a"]}]`, `[{"type":"accord_data","optional":["a"]}]`, `[]`, `{}`, `null`, `"a"`, `1`) {
		breaches, err := s.Check([]byte(document))
		if err != nil {
			t.Fatalf("%s: %v", document, err)
		}
		_, err = Parse(document)
		if (err == nil) != (len(breaches) == 0) {
			t.Errorf("the parser says %v, the schema %v of %s", err, breaches, document)
		}
		if err == nil {
			accepted++
		} else {
			refused++
		}
	}
	if accepted < 20 || refused < 500 {
		t.Fatalf("%d accepted, %d refused: the test proves nothing", accepted, refused)
	}
	t.Logf("%d documents accepted by both, %d refused by both", accepted, refused)
}

// A whole number may be written in any of JSON's ways, and is read as itself; what
// is none by a hair, or beyond every bound, is refused by both.
func TestAWholeNumberIsTakenHoweverItIsWritten(t *testing.T) {
	s := compiled(t)
	for written, want := range map[string]int{
		"4": 4, "4.0": 4, "4.000": 4, "4e0": 4, "0.4e1": 4, "40E-1": 4, "3.66e2": 366, "367.0": 0, "4.5": 0, "4.0001": 0, "1.0": 0, "-4.0": 0, "0.4": 0, "1e99": 0, "1e999": 0, "4e-999": 0,
	} {
		raw := strings.Replace(whole, `"fetches":4`, `"fetches":`+written, 1)
		breaches, _ := s.Check([]byte(raw))
		r, err := Parse(raw)
		if (err == nil) != (want > 0) || (len(breaches) == 0) != (want > 0) {
			t.Errorf("%s: the parser says %v, the schema %v", written, err, breaches)
		}
		if err == nil && r.Recurring.Fetches != want {
			t.Errorf("%s is read as %d", written, r.Recurring.Fetches)
		}
	}
}

// others are what a member may be replaced with.
func others() []any {
	return []any{
		nil, true, "", "a", "accord_data", "A", " ", "é", "99900010200015", "9990001020001", "2027-06-30", "2027-6-30", "dgfip_annee_n",
		strings.Repeat("a", 64), strings.Repeat("a", 65), strings.Repeat("a", 128), strings.Repeat("a", 129), 0, 1, 2, 12, 13, 366, 367, 9999, 10000, -1, 1.5,
		[]any{},
		[]any{"a"},
		[]any{"a", "a"},
		[]any{"a", 1},
		many(64), many(65),
		map[string]any{},
		map[string]any{"x": 1},
	}
}

func many(n int) (all []any) {
	for i := range n {
		all = append(all, fmt.Sprint("a", i))
	}
	return all
}

func mutations(t *testing.T) (all []string) {
	t.Helper()
	for _, at := range [][]any{
		{0},
		{0, "type"},
		{0, "purpose"},
		{0, "recipient"},
		{0, "required"},
		{0, "optional"},
		{0, "answers"},
		{0, "period"},
		{0, "recurring"},
		{0, "unknown"},
		{0, "required", 0},
		{0, "optional", 1},
		{0, "period", "annee"},
		{0, "period", "mois"},
		{0, "period", "annee_campagne"},
		{0, "period", "annee_revenus"},
		{0, "period", "unknown"},
		{0, "recurring", "until"},
		{0, "recurring", "fetches"},
		{0, "recurring", "unknown"},
		{1},
	} {
		for _, other := range append(others(), drop{}) {
			all = append(all, changed(t, at, other))
		}
	}
	return all
}

type drop struct{}

// changed is the whole request with one place changed.
func changed(t *testing.T, at []any, value any) string {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(whole), &v); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(with(v, at, value))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func with(v any, at []any, value any) any {
	if len(at) == 0 {
		return value
	}
	if list, ok := v.([]any); ok {
		n := at[0].(int)
		if n == len(list) {
			list = append(list, nil)
		}
		if value == any(drop{}) && len(at) == 1 {
			return append(list[:n:n], list[n+1:]...)
		}
		list[n] = with(list[n], at[1:], value)
		return list
	}
	object, name := v.(map[string]any), at[0].(string)
	if len(at) == 1 && reflect.TypeOf(value) == reflect.TypeOf(drop{}) {
		delete(object, name)
		return object
	}
	object[name] = with(object[name], at[1:], value)
	return object
}

// What a schema cannot say is refused all the same.
func TestDoubledDeepAndLongRequestsAreRefused(t *testing.T) {
	for name, raw := range map[string]string{
		"doubled member":        strings.Replace(whole, `"type":"accord_data"`, `"type":"accord_data","type":"accord_data"`, 1),
		"doubled in period":     strings.Replace(whole, `"mois":10`, `"mois":10,"mois":11`, 1),
		"another spelling":      strings.Replace(whole, `"type"`, `"Type"`, 1),
		"nested 1000 deep":      strings.Repeat("[", 1000) + strings.Repeat("]", 1000),
		"nested in a member":    strings.Replace(whole, `"annee":2026`, `"annee":[[[[1]]]]`, 1),
		"a second value":        whole + whole,
		"cut short":             whole[:len(whole)-1],
		"no JSON":               "accord_data",
		"empty":                 "",
		"longer than 16 KiB":    strings.Replace(whole, `"type"`, strings.Repeat(" ", MaxBytes)+`"type"`, 1),
		"a comma too many":      strings.Replace(whole, `"fetches":4}`, `"fetches":4,}`, 1),
		"a colon in an array":   `["a":1]`,
		"two commas":            strings.Replace(whole, `","dgfip_rfr"`, `",,"dgfip_rfr"`, 1),
		"a number with decimal": strings.Replace(whole, `"fetches":4`, `"fetches":4.5`, 1),
	} {
		if _, err := Parse(raw); err == nil {
			t.Errorf("%s is taken", name)
		} else if strings.Contains(err.Error(), "2026") || strings.Contains(err.Error(), "cantine") {
			t.Errorf("%s: the error repeats a value: %v", name, err)
		}
	}
}

func TestAnAgreementIsNarrowedAndNeverWidened(t *testing.T) {
	all, err := Parse(whole)
	if err != nil {
		t.Fatal(err)
	}
	narrow := Request{Type: Type, Optional: []string{"dgfip_rfr"}}
	if !narrow.Within(all) || !all.Within(all) {
		t.Error("a part is not within the whole")
	}
	for name, r := range map[string]Request{
		"another datum":      {Required: []string{"cnaf_adresse"}},
		"required of choice": {Required: []string{"dgfip_rfr"}},
		"another recipient":  {Recipient: "99900051600016"},
		"another purpose":    {Purpose: "autre"},
		"another answer":     {Answers: []string{"dgfip_rfr"}},
		"another period":     {Period: &Period{Year: 2025}},
		"a later end":        {Recurring: &Recurring{Until: "2028-06-30", Fetches: 4}},
	} {
		if r.Within(all) {
			t.Errorf("%s is within", name)
		}
	}
	if got := all.Only([]string{"cnaf_enfants"}); len(got.Data()) != 1 || len(got.Answers) != 0 {
		t.Errorf("narrowed to %+v", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(whole)
	s := compiled(f)
	f.Fuzz(func(t *testing.T, raw string) {
		r, err := Parse(raw)
		if err != nil {
			return
		}
		if breaches, err := s.Check([]byte(raw)); err != nil || len(breaches) > 0 {
			t.Errorf("taken, and the schema says %v, %v", breaches, err)
		}
		back, err := json.Marshal([]Request{r})
		if err != nil {
			t.Fatal(err)
		}
		if again, err := Parse(string(back)); err != nil || !reflect.DeepEqual(again, r) {
			t.Errorf("reads back as %+v, %v", again, err)
		}
	})
}
