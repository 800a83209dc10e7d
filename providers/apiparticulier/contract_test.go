package apiparticulier_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"accord/providers"
	sim "accord/providers/apiparticulier/apiparticuliersim"

	"github.com/goccy/go-yaml"
)

// fixtures is the folder of API Particulier's own descriptions, read where it
// is and not kept here.
func fixtures(t *testing.T) string {
	t.Helper()
	folder := filepath.Join("..", "..", "..", "shared", "fixtures", "apistration")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("no descriptions of API Particulier beside the project; the shapes of its answers are not compared")
	}
	return folder
}

var described = sync.OnceValues(func() (map[string]any, error) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "fixtures", "apistration", "commons", "swagger", "openapi-particulier.yaml"))
	if err != nil {
		return nil, err
	}
	var all map[string]any
	return all, yaml.Unmarshal(data, &all)
})

// schemaOf is the schema of a path's 200.
func schemaOf(t *testing.T, path string) map[string]any {
	t.Helper()
	all, err := described()
	if err != nil {
		t.Fatal(err)
	}
	var at any = all
	for _, name := range []string{"paths", path, "get", "responses", "200", "content", "application/json", "schema"} {
		m, _ := at.(map[string]any)
		if at = m[name]; at == nil {
			t.Fatalf("%s: no %s in the description", path, name)
		}
	}
	schema, _ := at.(map[string]any)
	return schema
}

// What the simulator sends and what the connector gives are both what API
// Particulier describes, under a token that opens everything.
func TestAnswersAndDocumentsAreAsAPIParticulierDescribes(t *testing.T) {
	fixtures(t)
	for resource, query := range contracts() {
		t.Run(resource, func(t *testing.T) {
			a, s, server := account(t, sim.Scopes())
			var sent []byte
			s.SetMutation(func(b []byte) []byte { sent = slices.Clone(b); return b })
			query.Attempt = attempt
			answer := a.Source(sources()[query.Resource]).Query(t.Context(), query)
			if answer.Outcome != providers.Found {
				t.Fatalf("outcome %s (%v)", answer.Outcome, answer.Cause)
			}
			paths := server.Paths()
			schema := schemaOf(t, paths[len(paths)-1])
			if err := valid("answer", schema, decoded(t, sent)); err != nil {
				t.Errorf("simulator: %v", err)
			}
			properties, _ := schema["properties"].(map[string]any)
			data, _ := properties["data"].(map[string]any)
			if err := valid("document", data, decoded(t, answer.Document)); err != nil {
				t.Errorf("connector: %v", err)
			}
		})
	}
}

func contracts() map[string]providers.Query {
	all := map[string]providers.Query{}
	for resource := range sources() {
		all[resource] = queryOf(resource, ines(), true)
	}
	for _, resource := range []string{"mesri/statut_etudiant", "cnous/etudiant_boursier"} {
		all[resource+" by INE"] = with(all[resource], func(q *providers.Query) { q.Inputs["ine"] = "100200300AB" })
	}
	return all
}

func decoded(t *testing.T, b []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// valid checks as much of a schema as this description uses, and fails on what
// it does not know.
func valid(path string, schema map[string]any, v any) error {
	for keyword := range schema {
		if !slices.Contains(strings.Fields("type title description example properties required nullable enum format additionalProperties items minItems pattern minimum maximum"), keyword) {
			return fmt.Errorf("%s: schema keyword %s is not checked", path, keyword)
		}
	}
	if v == nil {
		if schema["nullable"] != true {
			return fmt.Errorf("%s is null", path)
		}
		return nil
	}
	switch schema["type"] {
	case "object":
		return validObject(path, schema, v)
	case "array":
		list, ok := v.([]any)
		if !ok {
			return fmt.Errorf("%s is no array", path)
		}
		items, _ := schema["items"].(map[string]any)
		for n, one := range list {
			if err := valid(fmt.Sprintf("%s[%d]", path, n), items, one); err != nil {
				return err
			}
		}
		return nil
	}
	return validScalar(path, schema, v)
}

func validObject(path string, schema map[string]any, v any) error {
	object, ok := v.(map[string]any)
	if !ok {
		return fmt.Errorf("%s is no object", path)
	}
	required, _ := schema["required"].([]any)
	for _, name := range required {
		if _, ok := object[fmt.Sprint(name)]; !ok {
			return fmt.Errorf("%s.%v is missing", path, name)
		}
	}
	properties, _ := schema["properties"].(map[string]any)
	for name, member := range object {
		p, ok := properties[name].(map[string]any)
		if !ok && properties != nil {
			return fmt.Errorf("%s.%s is not described", path, name)
		}
		if ok {
			if err := valid(path+"."+name, p, member); err != nil {
				return err
			}
		}
	}
	return nil
}

func validScalar(path string, schema map[string]any, v any) error {
	text, isText := v.(string)
	number, isNumber := v.(float64)
	_, isBool := v.(bool)
	ok := map[string]bool{
		"string": isText, "number": isNumber, "boolean": isBool, "integer": isNumber && number == float64(int(number)),
	}[fmt.Sprint(schema["type"])]
	if !ok {
		return fmt.Errorf("%s is no %v", path, schema["type"])
	}
	if list, _ := schema["enum"].([]any); len(list) > 0 && !slices.ContainsFunc(list, func(e any) bool { return fmt.Sprint(e) == fmt.Sprint(v) }) {
		return fmt.Errorf("%s is none of %v", path, list)
	}
	if pattern, _ := schema["pattern"].(string); pattern != "" && !regexp.MustCompile(pattern).MatchString(text) {
		return fmt.Errorf("%s does not match %s", path, pattern)
	}
	if _, err := time.Parse(time.DateOnly, text); schema["format"] == "date" && err != nil {
		return errors.New(path + " is no date")
	}
	return nil
}

// Every 200 of API Particulier's own mocks is one more case: each member it
// has can be wanted and is given as it was sent.
func TestMocksOfAPIParticulier(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(fixtures(t), "mocks", "payloads", "*", "*.yaml"))
	if err != nil || len(files) < 40 {
		t.Fatalf("%d mocks (%v)", len(files), err)
	}
	found := 0
	for _, file := range files {
		folder := filepath.Base(filepath.Dir(file))
		resource := resourceOf(folder)
		var mock struct {
			Status  int    `yaml:"status"`
			Payload string `yaml:"payload"`
		}
		data, err := os.ReadFile(file)
		if err == nil {
			err = yaml.Unmarshal(data, &mock)
		}
		if err != nil {
			t.Fatal(err)
		}
		if mock.Status != 200 || resource == "" {
			continue
		}
		found++
		t.Run(folder+"/"+filepath.Base(file), func(t *testing.T) { checkMock(t, resource, mock.Payload) })
	}
	if found < 18 {
		t.Errorf("only %d mocks of 200 were read", found)
	}
}

// resourceOf reads api_particulier_v3_cnav_quotient_familial_with_civility.
func resourceOf(folder string) string {
	for resource := range sources() {
		name := strings.Replace(strings.Replace(resource, "dss/", "cnav/", 1), "/", "_", 1)
		if strings.Contains(folder, "_"+name+"_with_") && !strings.Contains(folder, "_v3_cnous_") {
			return resource
		}
	}
	return ""
}

func checkMock(t *testing.T, resource, payload string) {
	var envelope struct {
		Data map[string]any `json:"data"`
	}
	if err := loosely([]byte(payload), &envelope); err != nil {
		t.Fatal(err)
	}
	q := queryOf(resource, personIn(envelope.Data), true)
	q.Year, q.Month = periodIn(envelope.Data)
	bend(&q, envelope.Data)
	q.Data = wantedOf(resource, envelope.Data)
	a := answeredAt(t, q, 200, payload)
	if a.Outcome != providers.Found {
		t.Fatalf("outcome %s (%v)", a.Outcome, a.Cause)
	}
	var given map[string]any
	if err := loosely(a.Document, &given); err != nil {
		t.Fatal(err)
	}
	if err := same("data", given, envelope.Data); err != nil || len(given) != len(envelope.Data) {
		t.Errorf("%d members of %d: %v", len(given), len(envelope.Data), err)
	}
}
