package configuration

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// The library's strict decoding stops at the first unknown key. This walk of
// its syntax tree finds them all, remembers where each key stands, and leaves
// scalars and types with a decoding of their own to the library.

func (d *document) decodeRoot(root ast.Node, into any) {
	defer func() {
		if recover() != nil {
			d.at(line(root), "cannot be read")
		}
	}()
	d.decode(root, "$", reflect.ValueOf(into).Elem())
}

// decode writes node into v; on a mistake v keeps its zero value.
func (d *document) decode(node ast.Node, path string, v reflect.Value) {
	if _, ok := node.(*ast.NullNode); ok || node == nil {
		return
	}
	switch kind := node.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode:
		d.wrong(node, path, "anchors, aliases and tags are not accepted: write the value itself")
		return
	case *ast.MappingValueNode: // a mapping of one key
		node = ast.Mapping(kind.GetToken(), false, kind)
	}
	switch {
	case decodesItself(v):
		d.leave(node, path, v)
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.decode(node, path, v.Elem())
	case v.Kind() == reflect.Struct:
		d.structure(node, path, v)
	case v.Kind() == reflect.Map:
		d.mapping(node, path, v)
	case v.Kind() == reflect.Slice:
		d.sequence(node, path, v)
	case v.Kind() == reflect.String:
		d.text(node, path, v)
	default:
		d.leave(node, path, v)
	}
}

// decodesItself tells types that the library decodes as a whole.
func decodesItself(v reflect.Value) bool {
	switch v.Addr().Interface().(type) {
	case yaml.BytesUnmarshaler, yaml.InterfaceUnmarshaler, yaml.NodeUnmarshaler, encoding.TextUnmarshaler, *time.Time, *time.Duration:
		return true
	}
	return false
}

func (d *document) structure(node ast.Node, path string, v reflect.Value) {
	fields := fieldsOf(v.Type())
	d.pairs(node, path, func(key string, at int, value ast.Node) {
		index, ok := fields[key]
		if !ok {
			d.at(at, "%s", unknownKey(path, key, fields))
			return
		}
		d.decode(value, path+"."+key, v.FieldByIndex(index))
	})
}

func (d *document) mapping(node ast.Node, path string, v reflect.Value) {
	v.Set(reflect.MakeMap(v.Type()))
	d.pairs(node, path, func(key string, _ int, value ast.Node) {
		item := reflect.New(v.Type().Elem()).Elem()
		d.decode(value, path+"."+key, item)
		v.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), item)
	})
}

// pairs goes through a mapping and refuses keys that are no word or stand
// twice.
func (d *document) pairs(node ast.Node, path string, each func(key string, line int, value ast.Node)) {
	m, ok := node.(*ast.MappingNode)
	if !ok {
		d.wrong(node, path, "write keys and values below it, as key: value")
		return
	}
	seen := map[string]bool{}
	for _, pair := range m.Values {
		word, ok := pair.Key.(*ast.StringNode)
		if !ok {
			d.at(line(pair.Key), "%s: a key is a plain word", strings.TrimPrefix(path, "$."))
			continue
		}
		if seen[word.Value] {
			d.at(line(pair.Key), "%s stands twice: keep one", word.Value)
			continue
		}
		seen[word.Value] = true
		d.lines[path+"."+word.Value] = line(pair.Key)
		each(word.Value, line(pair.Key), pair.Value)
	}
}

func (d *document) sequence(node ast.Node, path string, v reflect.Value) {
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		d.wrong(node, path, "write a list: one entry a line, each after a hyphen")
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(list.Values), len(list.Values)))
	for i, item := range list.Values {
		at := fmt.Sprintf("%s[%d]", path, i)
		d.lines[at] = line(item)
		d.decode(item, at, v.Index(i))
	}
}

// text takes a scalar as it is written: a SIRET or a version looks like a
// number, and a number would lose its leading or trailing zeros.
func (d *document) text(node ast.Node, path string, v reflect.Value) {
	switch n := node.(type) {
	case *ast.StringNode:
		v.SetString(n.Value)
	case *ast.LiteralNode:
		v.SetString(n.Value.Value)
	case ast.ScalarNode:
		v.SetString(n.GetToken().Value)
	default:
		d.wrong(node, path, "write one text")
	}
}

func (d *document) leave(node ast.Node, path string, v reflect.Value) {
	d.remember(node, path)
	into := reflect.New(v.Type())
	err := yaml.NodeToValue(node, into.Interface(), yaml.Strict())
	if err == nil {
		v.Set(into.Elem())
		return
	}
	var located yaml.Error
	if errors.As(err, &located) {
		d.wrong(node, path, "write "+wanted(v))
		return
	}
	d.wrong(node, path, firstLine(err.Error()))
}

func (d *document) wrong(node ast.Node, path, message string) {
	d.told[path] = true
	d.at(line(node), "%s: %s", strings.TrimPrefix(path, "$."), message)
}
