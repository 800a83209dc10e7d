package issuer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// A member of a JSON object, its value as written.
type written struct{ name, value string }

func writtenIn(t testing.TB, object []byte) (all []written) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(object))
	if _, err := d.Token(); err != nil {
		t.Fatal(err)
	}
	for d.More() {
		name, err := d.Token()
		var value json.RawMessage
		if err == nil {
			err = d.Decode(&value)
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, written{name.(string), string(value)})
	}
	return all
}

func textOf(all ...written) string {
	var members []string
	for _, m := range all {
		members = append(members, fmt.Sprintf("%q:%s", m.name, m.value))
	}
	return "{" + strings.Join(members, ",") + "}"
}

// objects are an object with one thing wrong: each member away, twice, of
// another type or under another name, and the whole no longer one object. The
// name of each mutant begins with the member's.
func objects(t testing.TB, object []byte) map[string]string {
	t.Helper()
	good := writtenIn(t, object)
	text := textOf(good...)
	all := map[string]string{
		"all in an array": "[" + text + "]", "all as a string": fmt.Sprintf("%q", text), "all twice": text + text,
		"all and more": text + "x", "all after a mark": "\ufeff" + text, "all but the end": text[:len(text)-1],
		"all and a comma": text[:len(text)-1] + ",}", "all after a comment": "/**/" + text, "none": "{}", "null": "null", "nothing": "",
	}
	for at, m := range good {
		others := append(append([]written{}, good[:at]...), good[at+1:]...)
		all[m.name+" away"] = textOf(others...)
		all[m.name+" twice"] = textOf(append(good, m)...)
		all[m.name+" with a rival before"] = textOf(append([]written{{m.name, `"other"`}}, good...)...)
		all[m.name+" with a rival behind"] = textOf(append(good[:len(good):len(good)], written{m.name, `"other"`})...)
		all[m.name+" with a rival in escapes"] = text[:len(text)-1] + fmt.Sprintf(`,"\u%04x%s":"other"}`, m.name[0], m.name[1:])
		all[m.name+" in capitals"] = textOf(append(others[:len(others):len(others)], written{strings.ToUpper(m.name), m.value})...)
		for what, value := range retyped(m.value) {
			all[m.name+" "+what] = textOf(append(others[:len(others):len(others)], written{m.name, value})...)
		}
	}
	return all
}

// retyped are values of every other type, and the same one in an array and in
// a string.
func retyped(value string) map[string]string {
	all := map[string]string{
		"null": "null", "true": "true", "a number": "7", "a string": `"7"`, "an empty string": `""`, "an empty array": "[]",
		"an empty object": "{}", "in an array": "[" + value + "]", "in two": "[" + value + `,"other"]`, "as a string": fmt.Sprintf("%q", value),
		"a huge number": "1e999", "not UTF-8": "\"\xff\xfe\"",
	}
	if value[0] != '"' && value[0] != '{' { // a number of another value is no mutant
		delete(all, "a number")
	}
	return all
}
