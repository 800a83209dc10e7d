package schematest

import (
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"regexp"
	"slices"
)

func keys(m map[string]any) iter.Seq[string] { return maps.Keys(m) }

// compile walks over all subschemas.
func (s *Schema) compile(schema map[string]any, at string) error {
	for keyword, value := range schema {
		if err := s.keyword(keyword, value, at+"/"+keyword); err != nil {
			return err
		}
	}
	return s.described(schema, at)
}

// described holds each schema of an object to the names it lists, so that a
// slip of the pen in either list shows.
func (s *Schema) described(schema map[string]any, at string) error {
	properties, _ := schema["properties"].(map[string]any)
	if schema["additionalProperties"] != false {
		return nil
	}
	required, _ := schema["required"].([]any)
	for _, name := range required {
		if properties[name.(string)] == nil {
			return fmt.Errorf("%s: %s is required, not described", at, name)
		}
	}
	return nil
}

func (s *Schema) keyword(keyword string, value any, at string) error {
	switch keyword {
	case "$schema", "$id", "title", "description":
		return is[string](value, at)
	case "type":
		return types(value, at)
	case "pattern":
		return s.pattern(value, at)
	case "$ref":
		ref, _ := value.(string)
		_, err := s.resolve(ref)
		return err
	case "const":
		return nil
	case "enum":
		return is[[]any](value, at)
	case "required":
		return texts(value, at)
	case "minItems", "maxItems", "minLength", "minimum", "maximum":
		return is[json.Number](value, at)
	case "uniqueItems":
		return is[bool](value, at)
	case "additionalProperties":
		if _, ok := value.(bool); ok {
			return nil
		}
		return s.sub(value, at)
	}
	return s.subschemas(keyword, value, at)
}

func (s *Schema) subschemas(keyword string, value any, at string) error {
	switch keyword {
	case "items", "contains", "not", "if", "then", "else":
		return s.sub(value, at)
	case "properties", "$defs":
		members, ok := value.(map[string]any)
		if !ok {
			return fmt.Errorf("%s: not an object", at)
		}
		for name, sub := range members {
			if err := s.sub(sub, at+"/"+name); err != nil {
				return err
			}
		}
		return nil
	case "allOf":
		all, ok := value.([]any)
		if !ok {
			return fmt.Errorf("%s: not an array", at)
		}
		for i, sub := range all {
			if err := s.sub(sub, fmt.Sprint(at, "/", i)); err != nil {
				return err
			}
		}
		return nil
	}
	return fmt.Errorf("%s: keyword not known here", at)
}

func (s *Schema) sub(value any, at string) error {
	schema, ok := value.(map[string]any)
	if !ok {
		return fmt.Errorf("%s: not a schema", at)
	}
	return s.compile(schema, at)
}

func (s *Schema) pattern(value any, at string) error {
	text, ok := value.(string)
	compiled, err := regexp.Compile(text)
	if !ok || err != nil {
		return fmt.Errorf("%s: not a pattern", at)
	}
	s.patterns[text] = compiled
	return nil
}

func is[T any](value any, at string) error {
	if _, ok := value.(T); !ok {
		return fmt.Errorf("%s: of the wrong type", at)
	}
	return nil
}

// types is one type, or a list of several.
func types(value any, at string) error {
	several, ok := value.([]any)
	if !ok {
		several = []any{value}
	}
	for _, one := range several {
		if err := oneOf(one, at, "object", "array", "string", "integer", "number", "boolean", "null"); err != nil {
			return err
		}
	}
	return nil
}

func oneOf(value any, at string, allowed ...string) error {
	if text, ok := value.(string); !ok || !slices.Contains(allowed, text) {
		return fmt.Errorf("%s: not one of %v", at, allowed)
	}
	return nil
}

func texts(value any, at string) error {
	list, ok := value.([]any)
	for _, item := range list {
		if _, text := item.(string); !text {
			ok = false
		}
	}
	if !ok {
		return fmt.Errorf("%s: not texts", at)
	}
	return nil
}
