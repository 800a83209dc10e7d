package developers

import (
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

func TestAMemberRequiredWithinOneThatMayBeAbsentIsShownWithinIt(t *testing.T) {
	var schema yaml.MapSlice
	if err := yaml.UnmarshalWithOptions([]byte(`
properties:
  cnf: {type: object, required: [jkt], properties: {jkt: {type: string}}}
  data: {type: object, properties: {value: {type: integer}}}
`), &schema, yaml.UseOrderedMap()); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range (description{}).members(schema) {
		name := m.Name
		if m.Required {
			name += "!"
		}
		got = append(got, name)
	}
	if all := strings.Join(got, " "); all != "cnf cnf.jkt! data.value" {
		t.Error(all)
	}
}
