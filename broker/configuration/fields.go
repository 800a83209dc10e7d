package configuration

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// fieldsOf gives the yaml names of a struct's fields with their places, and
// those of an inlined struct as its own.
func fieldsOf(t reflect.Type) map[string][]int {
	fields := map[string][]int{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if name == "-" || !f.IsExported() {
			continue
		}
		if options == "inline" {
			for inner, at := range fieldsOf(f.Type) {
				fields[inner] = append([]int{i}, at...)
			}
			continue
		}
		if name == "" {
			name = strings.ToLower(f.Name)
		}
		fields[name] = []int{i}
	}
	return fields
}

func unknownKey(path, key string, fields map[string][]int) string {
	where := strings.TrimPrefix(strings.TrimPrefix(path, "$"), ".")
	if where != "" {
		where = " in " + where
	}
	if _, ok := fields[key+"_file"]; ok {
		return fmt.Sprintf("%s%s: a secret is never written here: put it in a file of mode 0400, write its path as %s_file, and change the secret", key, where, key)
	}
	var known []string
	for name := range fields {
		known = append(known, name)
	}
	slices.Sort(known)
	return fmt.Sprintf("%q is not a key%s: write one of %s", cut(key), where, strings.Join(known, ", "))
}

func cut(s string) string {
	if len(s) > 64 {
		return s[:64] + "…"
	}
	return s
}

// wanted says what a scalar must be.
func wanted(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64, reflect.Uint, reflect.Uint64:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	}
	return "what the documented example shows there"
}

// remember notes where everything below a node stands that the library decodes
// as a whole.
func (d *document) remember(node ast.Node, path string) {
	switch n := node.(type) {
	case *ast.MappingNode:
		for _, pair := range n.Values {
			at := path + "." + pair.Key.GetToken().Value
			d.lines[at] = line(pair.Key)
			d.remember(pair.Value, at)
		}
	case *ast.SequenceNode:
		for i, item := range n.Values {
			at := fmt.Sprintf("%s[%d]", path, i)
			d.lines[at] = line(item)
			d.remember(item, at)
		}
	}
}
