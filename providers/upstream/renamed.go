package upstream

import (
	"encoding/json"
	"reflect"
	"strings"
	"sync"
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
	names := knownTo(t)
	for _, k := range names {
		for given, value := range members {
			if strings.EqualFold(given, k.name) {
				found = append(found, member{value, k.as})
			}
		}
	}
	return len(names) - len(found), found, len(members) - len(found)
}

// A named member that a type knows.
type named struct {
	name string
	as   reflect.Type
}

// known holds what knownTo found, by type: there are as many as documents.
var known sync.Map

func knownTo(t reflect.Type) []named {
	if found, ok := known.Load(t); ok {
		return found.([]named)
	}
	var all []named
	for _, field := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" && name != "-" {
			all = append(all, named{name, field.Type})
		}
	}
	known.Store(t, all)
	return all
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
