// Package schematest judges JSON documents by a JSON Schema, for tests only:
// as much of draft 2020-12 as Accord's schemas use, and strictly, so that a
// keyword it does not know is an error and never passed over.
//
//	schema ─ Compile ─▶ Schema ─ Check(document) ─▶ breaches by JSON pointer
package schematest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A Schema is one that Compile accepted.
type Schema struct {
	root     map[string]any
	patterns map[string]*regexp.Regexp
}

// Compile reads a schema. It refuses unknown keywords, keywords of the wrong
// type, references that lead nowhere and, in properties, a required name that
// is not described.
func Compile(schema []byte) (*Schema, error) {
	root, err := decode(schema)
	if err != nil {
		return nil, fmt.Errorf("reading schema: %w", err)
	}
	object, ok := root.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("reading schema: not an object")
	}
	s := &Schema{object, map[string]*regexp.Regexp{}}
	if err := s.compile(object, "#"); err != nil {
		return nil, fmt.Errorf("reading schema: %w", err)
	}
	return s, nil
}

// Check lists what in the document breaks the schema, as "/pointer: keyword";
// nothing when it keeps it.
func (s *Schema) Check(document []byte) ([]string, error) {
	v, err := decode(document)
	if err != nil {
		return nil, fmt.Errorf("reading document: %w", err)
	}
	return s.check(s.root, v, ""), nil
}

func decode(data []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if dec.More() {
		return nil, fmt.Errorf("more than one value")
	}
	return v, nil
}

// resolve follows a reference within the schema, "#/$defs/name".
func (s *Schema) resolve(ref string) (map[string]any, error) {
	name, found := strings.CutPrefix(ref, "#/$defs/")
	defs, _ := s.root["$defs"].(map[string]any)
	target, ok := defs[name].(map[string]any)
	if !found || !ok {
		return nil, fmt.Errorf("reference %q leads nowhere", ref)
	}
	return target, nil
}

func (s *Schema) check(schema map[string]any, v any, at string) []string {
	var breaches []string
	for _, keyword := range slices.Sorted(keys(schema)) {
		breaches = append(breaches, s.apply(keyword, schema, v, at)...)
	}
	return breaches
}

func (s *Schema) holds(schema any, v any) bool {
	return len(s.check(schema.(map[string]any), v, "")) == 0
}
