package receipt

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"accord/consent/receipt/schematest"
)

func compiled(t testing.TB) *schematest.Schema {
	t.Helper()
	s, err := schematest.Compile(Schema())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// keepsSchema tells whether the schema accepts a payload.
func keepsSchema(t testing.TB, s *schematest.Schema, payload []byte) bool {
	t.Helper()
	breaches, err := s.Check(payload)
	if err != nil {
		t.Fatal(err)
	}
	return len(breaches) == 0
}

func TestSchemaStandsAtTheAddressReceiptsName(t *testing.T) {
	var head struct {
		ID    string `json:"$id"`
		Draft string `json:"$schema"`
	}
	if err := json.Unmarshal(Schema(), &head); err != nil {
		t.Fatal(err)
	}
	if head.ID != SchemaVersion || head.Draft != "https://json-schema.org/draft/2020-12/schema" {
		t.Errorf("%+v", head)
	}
	Schema()[0] = 'x'
	if Schema()[0] == 'x' {
		t.Error("a reader can change the schema")
	}
}

func TestSchemaAcceptsEveryReceipt(t *testing.T) {
	s := compiled(t)
	for name, r := range allShapes(t) {
		payload, err := encode(r)
		if err != nil {
			t.Fatal(err)
		}
		if breaches, err := s.Check(payload); err != nil || len(breaches) > 0 {
			t.Errorf("%s: %v %v", name, breaches, err)
		}
	}
}

// allShapes are the vectors and what else a receipt may hold or leave out.
func allShapes(t testing.TB) map[string]Receipt {
	all := vectors(t)
	session := grantedReceipt() // served from the web session
	session.Subject.Auth.Evidence = ""
	repeated := grantedReceipt()
	repeated.Purposes[0].Fetch = Fetch{Mode: "repeated", Max: 12, Period: "P1M"}
	english := grantedReceipt()
	english.Language = "en-GB"
	all["session"], all["repeated"], all["english"] = session, repeated, english
	for name, r := range all {
		if err := r.Validate(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	return all
}

// What the reader refuses for its shape the schema refuses, and what it
// accepts the schema accepts: members absent, null, empty, of another type,
// unknown, at every place of every receipt.
func TestSchemaAndReaderRefuseTheSameShapes(t *testing.T) {
	s := compiled(t)
	refused := 0
	for name, r := range allShapes(t) {
		if name == "english" || name == "session" {
			continue // alike
		}
		payload, err := encode(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range mutations(t, payload, name == "granted") {
			accepted := readable(m.document)
			if beyondSchema(m.about) {
				continue
			}
			if keepsSchema(t, s, m.document) != accepted {
				t.Errorf("%s, %s: the reader accepts it: %v; the schema: %v", name, m.about, accepted, !accepted)
			}
			if !accepted {
				refused++
			}
		}
	}
	if refused < 3000 {
		t.Errorf("only %d mutations were refused", refused)
	}
}

// beyondSchema: that the complaint among the rights goes to the authority
// named elsewhere, a schema cannot say.
func beyondSchema(about string) bool { return strings.HasPrefix(about, "/legal/authority = ") }

// readable judges a payload as the reader does, but for the order of members.
func readable(document []byte) bool {
	dec := json.NewDecoder(bytes.NewReader(document))
	dec.DisallowUnknownFields()
	var r Receipt
	if dec.Decode(&r) != nil || r.Validate() != nil {
		return false
	}
	again, err := encode(r)
	return err == nil && reflect.DeepEqual(generic(again), generic(document))
}

func generic(document []byte) any {
	var v any
	if json.Unmarshal(document, &v) != nil {
		return nil
	}
	return v
}

type mutation struct {
	about    string
	document []byte
}

// mutations changes each member of the document, one at a time: removes it,
// empties it, or with all gives it each value of others.
func mutations(t testing.TB, document []byte, all bool) []mutation {
	t.Helper()
	root := generic(document)
	var made []mutation
	emit := func(about string) {
		b, err := json.Marshal(root)
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, mutation{about, b})
	}
	walk(root, "", all, emit)
	return made
}

// walk mutates within v and puts each change back after emit.
func walk(v any, at string, all bool, emit func(string)) {
	if list, ok := v.([]any); ok {
		for i, item := range list[:min(2, len(list))] { // the others are alike
			walk(item, fmt.Sprint(at, "/", i), all, emit)
		}
	}
	object, ok := v.(map[string]any)
	if !ok {
		return
	}
	object["extra"] = 1
	emit(at + "/extra added")
	delete(object, "extra")
	for _, name := range slices.Sorted(maps.Keys(object)) {
		was := object[name]
		walk(was, at+"/"+name, all, emit)
		delete(object, name)
		emit(at + "/" + name + " removed")
		for _, other := range others(was, all) {
			object[name] = other
			emit(fmt.Sprintf("%s/%s = %v", at, name, other))
		}
		object[name] = was
	}
}

// others are values of another type, or of no content.
func others(was any, all bool) []any {
	values := []any{nil, "", "?", 0, -1, 1.5, true, false, []any{}, map[string]any{}, []any{""}, []any{nil}, []any{1}}
	if !all {
		return []any{nil, ""}
	}
	if s, ok := was.(string); ok {
		values = append(values, s+" ", " "+s, strings.ToUpper(s)+"_")
	}
	return slices.DeleteFunc(values, func(v any) bool { return reflect.DeepEqual(v, was) })
}
