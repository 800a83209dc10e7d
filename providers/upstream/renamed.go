package upstream

import (
	"encoding/json"
	"reflect"
	"strings"
)

// renamed tells whether some object of body both holds a member that t does not
// know and lacks one that it does. body is valid JSON without repeated members.
func renamed(body []byte, t reflect.Type) bool {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Struct:
		return renamedMember(body, t)
	case reflect.Slice:
		return t != reflect.TypeFor[json.RawMessage]() && renamedElement(body, t.Elem())
	}
	return false
}

func renamedMember(object []byte, t reflect.Type) bool {
	var members map[string]json.RawMessage
	if json.Unmarshal(object, &members) != nil || members == nil {
		return false // another kind of value: the decoder's to refuse
	}
	known, unknown := 0, len(members)
	for _, field := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		known++
		for given, value := range members {
			if !strings.EqualFold(given, name) {
				continue
			}
			known, unknown = known-1, unknown-1
			if renamed(value, field.Type) {
				return true
			}
		}
	}
	return known > 0 && unknown > 0
}

func renamedElement(array []byte, t reflect.Type) bool {
	var elements []json.RawMessage
	if json.Unmarshal(array, &elements) != nil {
		return false
	}
	for _, e := range elements {
		if renamed(e, t) {
			return true
		}
	}
	return false
}
