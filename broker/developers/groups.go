package developers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"accord/ui"
)

// A description is what is read of the OpenAPI document, in its own order.
type description struct {
	Paths      yaml.MapSlice
	Components yaml.MapSlice
}

// groupsOf parts the description into pages: one for each tag but data, whose
// addresses have one for each resource, its versions together.
func groupsOf(document []byte) ([]ui.APIGroup, error) {
	var d description
	if err := yaml.UnmarshalWithOptions(document, &d, yaml.UseOrderedMap()); err != nil {
		return nil, fmt.Errorf("reading the description: %w", err)
	}
	var groups []ui.APIGroup
	for _, path := range d.Paths {
		address, operations := text(path.Key), object(path.Value)
		for _, one := range operations {
			op := d.operation(strings.ToUpper(text(one.Key)), address, object(one.Value))
			id, data := groupOf(address, text(first(get(object(one.Value), "tags"))))
			groups = placed(groups, id, data, op)
		}
	}
	return groups, nil
}

// groupOf names the page an address belongs to.
func groupOf(address, tag string) (id, data string) {
	if tag != "data" {
		return tag, ""
	}
	parts := strings.Split(strings.TrimSuffix(address, "/france_connect"), "/")[2:] // after the version
	if name := strings.Join(parts, "_"); name != "identite" {
		return strings.Join(parts, "-"), name
	}
	return "identite", "identity"
}

// placed puts an operation on its page; the twin of one that is there already
// becomes a line of it.
func placed(groups []ui.APIGroup, id, data string, op ui.APIOperation) []ui.APIGroup {
	at := slices.IndexFunc(groups, func(g ui.APIGroup) bool { return g.Group.ID == id })
	if at < 0 {
		groups = append(groups, ui.APIGroup{Group: ui.APIGroupLink{ID: id, Resource: data}})
		at = len(groups) - 1
	}
	g := &groups[at]
	own, twin := strings.CutSuffix(op.Path, "/france_connect")
	if i := slices.IndexFunc(g.Operations, func(o ui.APIOperation) bool { return o.Path == own }); twin && i >= 0 {
		g.Operations[i].Twin, g.Operations[i].TwinMore = op.Path, more(op, g.Operations[i])
		return groups
	}
	if !slices.Contains(g.Group.Paths, op.Path) {
		g.Group.Paths = append(g.Group.Paths, op.Path)
	}
	g.Operations = append(g.Operations, op)
	return groups
}

// more are the statuses that twin answers and own does not.
func more(twin, own ui.APIOperation) string {
	var known, all []string
	for _, r := range own.Responses {
		known = append(known, strings.Split(r.Statuses, ", ")...)
	}
	for _, r := range twin.Responses {
		for _, status := range strings.Split(r.Statuses, ", ") {
			if !slices.Contains(known, status) {
				all = append(all, status)
			}
		}
	}
	return strings.Join(all, ", ")
}

func (d description) operation(method, path string, o yaml.MapSlice) ui.APIOperation {
	op := ui.APIOperation{ID: text(get(o, "operationId")), Method: method, Path: path, Summary: text(get(o, "summary"))}
	if strings.Contains(path, op.Summary) {
		op.Summary = "" // the resource's name, which the path tells
	}
	for _, p := range list(get(o, "parameters")) {
		p := d.resolved(object(p))
		op.Parameters = append(op.Parameters, ui.APIMember{
			Name: text(get(p, "name")), Type: d.typeOf(object(get(p, "schema"))), Note: text(get(p, "description")), Required: get(p, "required") == true,
		})
	}
	for _, content := range object(get(d.resolved(object(get(o, "requestBody"))), "content")) {
		op.Body = d.members(object(get(object(content.Value), "schema")))
	}
	for _, r := range object(get(o, "responses")) {
		op.Responses = joined(op.Responses, d.response(text(r.Key), object(r.Value)))
	}
	return op
}

func (d description) response(status string, r yaml.MapSlice) ui.APIResponse {
	r = d.resolved(r)
	told := ui.APIResponse{Statuses: status, Description: text(get(r, "description"))}
	var kinds []string
	for _, content := range object(get(r, "content")) {
		body := object(content.Value)
		kinds = append(kinds, text(content.Key))
		schema := object(get(body, "schema"))
		if strings.HasSuffix(text(get(schema, "$ref")), "/errors") {
			told.Error = true
			continue
		}
		told.Members = append(told.Members, d.members(schema)...)
		told.Examples = append(told.Examples, examplesOf(body)...)
	}
	told.Kinds = strings.Join(kinds, ", ")
	return told
}

// joined puts the same answer under all its statuses.
func joined(all []ui.APIResponse, one ui.APIResponse) []ui.APIResponse {
	i := slices.IndexFunc(all, func(r ui.APIResponse) bool {
		same := one
		same.Statuses = r.Statuses
		return reflect.DeepEqual(r, same)
	})
	if i < 0 {
		return append(all, one)
	}
	all[i].Statuses += ", " + one.Statuses
	return all
}

func examplesOf(body yaml.MapSlice) (all []string) {
	if e := get(body, "example"); e != nil {
		all = append(all, pretty(e))
	}
	for _, e := range object(get(body, "examples")) {
		all = append(all, pretty(get(object(e.Value), "value")))
	}
	return all
}

// pretty writes an example as JSON for people.
func pretty(value any) string {
	raw, err := yaml.MarshalWithOptions(value, yaml.JSON())
	if err != nil {
		return ""
	}
	return indented(string(bytes.TrimSpace(raw)))
}

// indented is JSON on several lines; what is none stays as it is.
func indented(body string) string {
	var out bytes.Buffer
	if body == "" || json.Indent(&out, []byte(body), "", "  ") != nil {
		return body
	}
	return out.String()
}
