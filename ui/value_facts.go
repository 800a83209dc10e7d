package ui

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// factual units hold several facts, none of which is the value itself.
func factual(unit string) bool { return unit == "benefit" || unit == "record" || unit == "list" }

// factual writes the whole document, fact by fact.
func (s *speech) factual(root *node) []Line {
	if lines := s.facts(root, ""); len(lines) > 0 {
		return lines
	}
	return []Line{{Text: s.text("value.none")}}
}

// facts writes one line a scalar, "Depuis le : 1er mai 2026", under the words of
// the group it stands in where the same member stands in several.
func (s *speech) facts(n *node, group string) []Line {
	switch n.kind {
	case object:
		return s.factsOf(n, s.named("group."+n.name, group))
	case array:
		return s.entries(n)
	}
	return []Line{{Text: s.fact(n, group)}}
}

func (s *speech) factsOf(n *node, group string) []Line {
	var lines []Line
	for _, c := range n.children {
		lines = append(lines, s.facts(c, group)...)
	}
	return lines
}

// entries writes one line an element of a list, its facts side by side.
func (s *speech) entries(list *node) []Line {
	if len(list.children) == 0 {
		return []Line{{Text: s.text("value.nothing")}}
	}
	var lines []Line
	for _, c := range list.children {
		if c.name == "" {
			c.name = list.name
		}
		var parts []string
		for _, l := range s.facts(c, "") {
			parts = append(parts, l.Text)
		}
		lines = append(lines, Line{Text: strings.Join(parts, s.text("value.beside"))})
	}
	return lines
}

// fact writes "Label : value"; what has no words of its own is shown under its
// own name.
func (s *speech) fact(n *node, group string) string {
	label := s.named("member."+n.name, n.name)
	if group != "" {
		label = group + ", " + lowerFirst(label)
	}
	return s.text("value.fact", "label", label, "text", s.factText(n))
}

func (s *speech) factText(n *node) string {
	switch {
	case n.isNull() || n.kind == text && n.text == "":
		return s.text("value.none")
	case n.kind == number && euros(n.name):
		return s.text("value.euros", "n", s.digits(n.text))
	case n.kind == number && !strings.Contains(n.name, "annee"):
		return s.digits(n.text)
	case n.kind == text && strings.HasPrefix(n.name, "date_"):
		return s.day8601(n.text)
	}
	return s.enum(n.name, n.text)
}

// euros tells the members that are amounts.
func euros(name string) bool { return strings.HasPrefix(name, "montant_") || name == "valeur" }

// lowerFirst writes a label inside a sentence; one that begins with an
// abbreviation stays.
func lowerFirst(label string) string {
	first, size := utf8.DecodeRuneInString(label)
	second, _ := utf8.DecodeRuneInString(label[size:])
	if unicode.IsUpper(second) || size == 0 {
		return label
	}
	return string(unicode.ToLower(first)) + label[size:]
}
