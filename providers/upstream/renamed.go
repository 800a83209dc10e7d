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
	missing, found, unknown := compare(object, t)
	for _, m := range found {
		if renamed(m.value, m.as) {
			return true
		}
	}
	return missing > 0 && unknown > 0
}

// foreign tells an object none of whose members t knows.
func foreign(body []byte, t reflect.Type) bool {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return false
	}
	_, found, unknown := compare(body, t)
	return len(found) == 0 && unknown > 0
}

// A member of an object, and what it is read as.
type member struct {
	value json.RawMessage
	as    reflect.Type
}

// compare holds the members of an object to those t knows, names as
// encoding/json matches them. Another kind of value has none: it is the
// decoder's to refuse.
func compare(object []byte, t reflect.Type) (missing int, found []member, unknown int) {
	var members map[string]json.RawMessage
	if json.Unmarshal(object, &members) != nil || members == nil {
		return 0, nil, 0
	}
	known := 0
	for _, field := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		known++
		for given, value := range members {
			if strings.EqualFold(given, name) {
				found = append(found, member{value, field.Type})
			}
		}
	}
	return known - len(found), found, len(members) - len(found)
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
