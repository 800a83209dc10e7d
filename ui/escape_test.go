package ui

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

const hostile = `"><script>alert(1)</script><img src=x onerror=alert(1)>`

// spoil puts hostile after every text a page shows that others wrote: names,
// purposes, values.
func spoil(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for n := range v.NumField() {
			field := v.Type().Field(n)
			if v.Field(n).CanSet() && field.Name != "Lang" && field.Type != reflect.TypeFor[json.RawMessage]() {
				spoil(v.Field(n))
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			spoil(v.Elem())
		}
	case reflect.Slice:
		for n := range v.Len() {
			spoil(v.Index(n))
		}
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() && strings.ContainsAny(v.String(), " @") {
			v.SetString(v.String() + hostile)
		}
	}
}

// Attack list, row 43: what an approval, a client or a source wrote stands on a
// page as text.
func TestWhatOthersWroteIsTextOnEveryPage(t *testing.T) {
	u, shown := newUI(t, true), 0
	for _, e := range examples() {
		page := reflect.New(reflect.TypeOf(e.page)).Elem()
		page.Set(reflect.ValueOf(e.page))
		spoil(page)
		source := render(t, u, "fr", page.Interface().(Page)).Body.String()
		if strings.Contains(source, "<script>alert") || strings.Contains(source, "<img src=x") {
			t.Errorf("%s: hostile text is markup", e.name)
		}
		if strings.Contains(source, "&lt;script&gt;alert(1)") {
			shown++
		}
	}
	if shown < 8 {
		t.Errorf("only %d pages showed the hostile text: the test proves little", shown)
	}
}
