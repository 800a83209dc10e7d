package broker_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"accord/broker/apidoc"
	"accord/consent/receipt/schematest"
)

// described is the schema of one document, from the served description. A
// description names its schemas elsewhere than a schema by itself does.
func described(t *testing.T, name string) *schematest.Schema {
	t.Helper()
	var all struct {
		Components struct{ Schemas map[string]any }
	}
	if err := yaml.Unmarshal(apidoc.Document(), &all); err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(map[string]any{"$ref": "#/$defs/" + name, "$defs": all.Components.Schemas})
	if err != nil {
		t.Fatal(err)
	}
	s, err := schematest.Compile(bytes.ReplaceAll(raw, []byte("#/components/schemas/"), []byte("#/$defs/")))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return s
}

// TestNoUndeclaredMemberIsSent: what leaves keeps the description, whose objects
// allow nothing else.
func TestNoUndeclaredMemberIsSent(t *testing.T) {
	c := theCountry(t)
	_, tok := token(t, c, canteen(t, c, "cnaf_enfants"), "camille")
	got := read(t, c, tok, quotient)
	data, err := json.Marshal(got.Data)
	if err != nil || got.Status != http.StatusOK {
		t.Fatalf("%d %v", got.Status, err)
	}
	schema := described(t, "dss_quotient_familial")
	if breaches, err := schema.Check(data); err != nil || len(breaches) > 0 {
		t.Errorf("%v %v", breaches, err)
	}
	more := strings.Replace(string(data), "{", `{"adresse_ip":"x",`, 1)
	if breaches, err := schema.Check([]byte(more)); err != nil || len(breaches) == 0 {
		t.Errorf("an undeclared member passes: %v", err)
	}
	if status, header, body := fetched(t, c.Accord+"/openapi.yaml"); status != http.StatusOK || header.Get("Content-Type") != "application/yaml; charset=utf-8" || body != string(apidoc.Document()) {
		t.Errorf("served: %d %s", status, header.Get("Content-Type"))
	}
}
