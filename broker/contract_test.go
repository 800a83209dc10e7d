package broker_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"accord/broker/resource"
	"accord/consent"
)

// particulier is API Particulier's own description, read beside the project and
// not kept in it.
func particulier(t *testing.T) map[string]any {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "shared", "fixtures", "apistration", "commons", "swagger", "openapi-particulier.yaml"))
	if err != nil {
		t.Skip("no description of API Particulier beside the project: Accord's answers are not compared with it")
	}
	var all map[string]any
	if err := yaml.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestWhatAccordAnswersIsAsAPIParticulierDescribes: each recorded answer has the
// members, types and enumerations API Particulier publishes for that address,
// but that a member outside the agreement is absent.
func TestWhatAccordAnswersIsAsAPIParticulierDescribes(t *testing.T) {
	described := particulier(t)
	compared := 0
	for _, a := range resource.Addresses() {
		if a.Resource == consent.ResourceIdentity || a.Resource == consent.ResourceSituationIR || strings.HasSuffix(a.Path, "/france_connect") {
			continue // Accord's own, or a twin
		}
		schema := successOf(described, a.Path)
		if schema == nil {
			t.Errorf("%s is not described there", a.Path)
			continue
		}
		var answer any
		if err := json.Unmarshal([]byte(text(t, filepath.Join("apidoc", "examples", exampleName(a)+".json"))), &answer); err != nil {
			t.Fatal(err)
		}
		for _, breach := range differs("", schema, answer) {
			t.Errorf("%s%s", a.Path, breach)
		}
		compared++
	}
	if compared < 18 {
		t.Errorf("only %d addresses were compared", compared)
	}
}

// TestErrorsAreAsAPIParticulierDescribes: every error object of /v3 has the
// members of the published one.
func TestErrorsAreAsAPIParticulierDescribes(t *testing.T) {
	schema, _ := under(particulier(t), "paths", "/v3/dss/quotient_familial/identite", "get", "responses", "401", "content", "application/json", "schema").(map[string]any)
	if schema == nil {
		t.Fatal("the error is not described there")
	}
	c := theCountry(t)
	for _, access := range []string{"acc_unknown", ""} {
		d := readFor(t, c, access, quotient, "99900010200015")
		var answer any
		if err := json.Unmarshal([]byte(d.Body), &answer); err != nil {
			t.Fatal(err)
		}
		for _, breach := range differs("", schema, answer) {
			t.Errorf("%s: %s", d.Body, breach)
		}
	}
}

// successOf is the schema of a path's 200 in one of the modes it has there: by
// the INE first, whose answer alone tells whom the file names.
func successOf(described map[string]any, path string) map[string]any {
	for _, mode := range []string{"/ine", "/france_connect", "/identite", "/identifiant"} {
		schema, ok := under(described, "paths", path+mode, "get", "responses", "200", "content", "application/json", "schema").(map[string]any)
		if ok {
			return schema
		}
	}
	return nil
}

func under(at any, names ...string) any {
	for _, name := range names {
		m, _ := at.(map[string]any)
		at = m[name]
	}
	return at
}

// differs lists where a value is not what a schema (OpenAPI 3.0) describes.
// What is required there may be absent here.
func differs(at string, schema map[string]any, v any) []string {
	if v == nil {
		return nil // a source may say null where the description forgets it
	}
	switch v := v.(type) {
	case map[string]any:
		properties, _ := schema["properties"].(map[string]any)
		var all []string
		for name, member := range v {
			sub, described := properties[name].(map[string]any)
			if !described {
				if len(properties) > 0 {
					all = append(all, fmt.Sprintf("%s/%s is not described", at, name))
				}
				continue
			}
			all = append(all, differs(at+"/"+name, sub, member)...)
		}
		return all
	case []any:
		items, _ := schema["items"].(map[string]any)
		var all []string
		for i, element := range v {
			all = append(all, differs(fmt.Sprint(at, "/", i), items, element)...)
		}
		return all
	}
	return scalarDiffers(at, schema, v)
}

func scalarDiffers(at string, schema map[string]any, v any) []string {
	kinds := map[string]bool{}
	switch v.(type) {
	case string:
		kinds["string"] = true
	case bool:
		kinds["boolean"] = true
	case float64:
		kinds["integer"], kinds["number"] = true, true
	}
	if kind, told := schema["type"].(string); told && !kinds[kind] {
		return []string{fmt.Sprintf("%s is no %s", at, kind)}
	}
	if allowed, told := schema["enum"].([]any); told && !slices.ContainsFunc(allowed, func(a any) bool { return fmt.Sprint(a) == fmt.Sprint(v) }) {
		return []string{fmt.Sprintf("%s: %v is not one of %v", at, v, allowed)}
	}
	return nil
}
