package schematest

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"unicode/utf8"
)

// apply judges v by one keyword of schema. As the specification has it, a
// keyword for values of one type says nothing of values of another.
func (s *Schema) apply(keyword string, schema map[string]any, v any, at string) []string {
	value := schema[keyword]
	switch keyword {
	case "$ref":
		target, _ := s.resolve(value.(string))
		return s.check(target, v, at)
	case "allOf":
		var breaches []string
		for _, sub := range value.([]any) {
			breaches = append(breaches, s.check(sub.(map[string]any), v, at)...)
		}
		return breaches
	case "if":
		return s.branch(schema, v, at)
	case "properties", "items":
		return s.within(keyword, value, v, at)
	case "additionalProperties":
		return s.additional(schema, v, at)
	}
	if s.keeps(keyword, value, v) {
		return nil
	}
	return []string{at + ": " + keyword}
}

func (s *Schema) branch(schema map[string]any, v any, at string) []string {
	next := "else"
	if s.holds(schema["if"], v) {
		next = "then"
	}
	sub, ok := schema[next].(map[string]any)
	if !ok {
		return nil
	}
	return s.check(sub, v, at)
}

func (s *Schema) within(keyword string, value, v any, at string) []string {
	var breaches []string
	if list, ok := v.([]any); ok && keyword == "items" {
		for i, item := range list {
			breaches = append(breaches, s.check(value.(map[string]any), item, fmt.Sprint(at, "/", i))...)
		}
	}
	if object, ok := v.(map[string]any); ok && keyword == "properties" {
		for name, sub := range value.(map[string]any) {
			if member, has := object[name]; has {
				breaches = append(breaches, s.check(sub.(map[string]any), member, at+"/"+name)...)
			}
		}
	}
	return breaches
}

func (s *Schema) additional(schema map[string]any, v any, at string) []string {
	object, ok := v.(map[string]any)
	if !ok || schema["additionalProperties"] == true {
		return nil
	}
	properties, _ := schema["properties"].(map[string]any)
	others, described := schema["additionalProperties"].(map[string]any)
	var breaches []string
	for name, member := range object {
		switch _, known := properties[name]; {
		case known:
		case described:
			breaches = append(breaches, s.check(others, member, at+"/"+name)...)
		default:
			breaches = append(breaches, at+"/"+name+": additionalProperties")
		}
	}
	return breaches
}

// keeps judges by the keywords that look at one value only.
func (s *Schema) keeps(keyword string, value, v any) bool {
	switch keyword {
	case "type":
		return isType(v, value)
	case "const":
		return reflect.DeepEqual(v, value)
	case "enum":
		return slices.ContainsFunc(value.([]any), func(allowed any) bool { return reflect.DeepEqual(v, allowed) })
	case "not":
		return !s.holds(value, v)
	}
	switch v := v.(type) {
	case string:
		return s.text(keyword, value, v)
	case json.Number:
		return (keyword != "minimum" || number(v) >= number(value)) && (keyword != "maximum" || number(v) <= number(value))
	case []any:
		return s.list(keyword, value, v)
	case map[string]any:
		return keyword != "required" || !slices.ContainsFunc(value.([]any), func(name any) bool { return !has(v, name) })
	}
	return true
}

func (s *Schema) text(keyword string, value any, v string) bool {
	switch keyword {
	case "pattern":
		return s.patterns[value.(string)].MatchString(v)
	case "minLength":
		return float64(utf8.RuneCountInString(v)) >= number(value)
	}
	return true
}

func (s *Schema) list(keyword string, value any, v []any) bool {
	switch keyword {
	case "minItems":
		return float64(len(v)) >= number(value)
	case "maxItems":
		return float64(len(v)) <= number(value)
	case "contains":
		return slices.ContainsFunc(v, func(item any) bool { return s.holds(value, item) })
	case "uniqueItems":
		for i := range v {
			if slices.ContainsFunc(v[i+1:], func(other any) bool { return reflect.DeepEqual(v[i], other) }) {
				return false
			}
		}
	}
	return true
}

func has(object map[string]any, name any) bool {
	_, found := object[name.(string)]
	return found
}

func number(v any) float64 {
	f, _ := v.(json.Number).Float64()
	return f
}

// isType judges v by one type or a list of them; every integer is a number.
func isType(v, value any) bool {
	if several, ok := value.([]any); ok {
		return slices.ContainsFunc(several, func(one any) bool { return isType(v, one) })
	}
	_, numeric := v.(json.Number)
	return typeOf(v) == value || value == "number" && numeric
}

func typeOf(v any) string {
	switch v := v.(type) {
	case map[string]any:
		return "object"
	case []any:
		return "array"
	case string:
		return "string"
	case bool:
		return "boolean"
	case json.Number:
		if f := number(v); f != math.Trunc(f) { // JSON Schema validation §6.1.1: 4.0 is an integer
			return "number"
		}
		return "integer"
	}
	return "null"
}
