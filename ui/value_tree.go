package ui

import (
	"encoding/json"
	"strconv"
)

// The kinds of node.
const (
	null = iota
	boolean
	number
	text
	array
	object
)

// A node is one JSON value with its members in the order they came.
type node struct {
	kind     int
	name     string // member name in its object
	text     string // of a scalar: the string, or the digits as they came
	children []*node
}

func (n *node) isNull() bool { return n.kind == null }

func readValue(d *json.Decoder) (*node, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch v := token.(type) {
	case json.Delim:
		return readInside(d, v)
	case json.Number:
		return &node{kind: number, text: v.String()}, nil
	case string:
		return &node{kind: text, text: v}, nil
	case bool:
		return &node{kind: boolean, text: strconv.FormatBool(v)}, nil
	}
	return &node{kind: null}, nil
}

func readInside(d *json.Decoder, open json.Delim) (*node, error) {
	n := &node{kind: array}
	if open == '{' {
		n.kind = object
	}
	for d.More() {
		name, err := readName(d, n.kind)
		if err != nil {
			return nil, err
		}
		child, err := readValue(d)
		if err != nil {
			return nil, err
		}
		child.name = name
		n.children = append(n.children, child)
	}
	_, err := d.Token() // the closing delimiter
	return n, err
}

func readName(d *json.Decoder, kind int) (string, error) {
	if kind == array {
		return "", nil
	}
	token, err := d.Token()
	if err != nil {
		return "", err
	}
	name, _ := token.(string) // the decoder only gives strings here
	return name, nil
}

// contextual members say when or by whom a value was made; they follow it.
func contextual(name string) bool {
	switch name {
	case "fournisseur", "annee", "mois", "annee_calcul", "mois_calcul", "annee_revenus", "annee_impots", "given_name_array":
		return true
	}
	return false
}

// split finds the value itself and the context that follows it: it walks
// down while one member alone is not contextual. Several such members, as in
// an address, are the value together.
func (n *node) split() (main *node, context []*node) {
	for n.kind == object {
		inner, around := n.parts()
		context = append(context, around...)
		if len(inner) != 1 {
			return &node{kind: object, name: n.name, children: inner}, context
		}
		if inner[0].kind != object {
			return inner[0], context
		}
		n = inner[0]
	}
	return n, context
}

func (n *node) parts() (inner, around []*node) {
	for _, c := range n.children {
		if contextual(c.name) && c.kind != object && (c.kind != array || c.name == "given_name_array") {
			around = append(around, c)
			continue
		}
		inner = append(inner, c)
	}
	return inner, around
}

// member gives the text of a scalar member, empty when absent or null.
func (n *node) member(name string) string {
	for _, c := range n.children {
		if c.name == name {
			return c.text
		}
	}
	return ""
}
