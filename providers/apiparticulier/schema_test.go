package apiparticulier_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

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
