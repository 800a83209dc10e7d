package developers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"accord/ui"
)

const deepest = 12 // members within members; the description has fewer

// members lists those of a schema by their path.
func (d description) members(schema yaml.MapSlice) []ui.APIMember {
	return d.under("", schema, 0)
}

func (d description) under(path string, schema yaml.MapSlice, depth int) (all []ui.APIMember) {
	schema = d.resolved(schema)
	if depth > deepest {
		return nil
	}
	if items := get(schema, "items"); items != nil {
		return d.leafOrUnder(path+"[]", object(items), ui.APIMember{}, depth)
	}
	var needed []string
	for _, name := range list(get(schema, "required")) {
		needed = append(needed, text(name))
	}
	for _, p := range object(get(schema, "properties")) {
		name := text(p.Key)
		m := ui.APIMember{Required: slices.Contains(needed, name)}
		all = append(all, d.leafOrUnder(joinPath(path, name), object(p.Value), m, depth)...)
	}
	if more := object(get(schema, "additionalProperties")); more != nil {
		all = append(all, d.under(joinPath(path, "*"), more, depth+1)...)
	}
	return all
}

// leafOrUnder is one member, and those within it. One that may be absent, with
// nothing said of it, is left to those within, unless they are required: they
// would seem to be there always.
func (d description) leafOrUnder(path string, schema yaml.MapSlice, m ui.APIMember, depth int) []ui.APIMember {
	full := d.resolved(schema)
	m.Name, m.Type, m.Note = path, d.typeOf(schema), text(get(full, "description"))
	within := d.under(path, full, depth+1)
	if len(within) > 0 && m.Note == "" && !m.Required && !slices.ContainsFunc(within, required) {
		return within
	}
	return append([]ui.APIMember{m}, within...)
}

func required(m ui.APIMember) bool { return m.Required }

func joinPath(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// typeOf writes a schema's type in OpenAPI's words.
func (d description) typeOf(schema yaml.MapSlice) string {
	schema = d.resolved(schema)
	if c := get(schema, "const"); c != nil {
		return text(c)
	}
	if enum := list(get(schema, "enum")); enum != nil {
		return words(enum)
	}
	switch kind := get(schema, "type").(type) {
	case string:
		return kind
	case []any:
		return words(kind)
	}
	return "any"
}

func words(values []any) string {
	var all []string
	for _, v := range values {
		all = append(all, text(v))
	}
	return strings.Join(all, " | ")
}

// resolved follows one reference into the components.
func (d description) resolved(o yaml.MapSlice) yaml.MapSlice {
	ref, ok := strings.CutPrefix(text(get(o, "$ref")), "#/components/")
	if !ok {
		return o
	}
	at := d.Components
	for part := range strings.SplitSeq(ref, "/") {
		at = object(get(at, part))
	}
	return at
}

func get(o yaml.MapSlice, name string) any {
	for _, item := range o {
		if item.Key == name {
			return item.Value
		}
	}
	return nil
}

func object(v any) yaml.MapSlice {
	o, _ := v.(yaml.MapSlice)
	return o
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}

func first(v any) any {
	if l := list(v); len(l) > 0 {
		return l[0]
	}
	return nil
}

func text(v any) string {
	if v == nil {
		return ""
	}
	return strings.TrimSpace(fmt.Sprint(v))
}
