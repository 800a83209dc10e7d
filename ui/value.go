package ui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// A Line is one line of a shown value. The first line of a datum has no label.
type Line struct {
	Label string // "Organisme"; empty for the value itself
	Text  string
}

// FormatValue writes the masked document of one datum as lines, after its
// catalogue unit: EUR/month, EUR/year, shares, count, persons, address, text,
// date, enum:<name>, commune, country, benefit, record, list. Every scalar of raw appears in some
// line, because what the citizen saw is what is sent; a member that has no
// words of its own is shown under its own name. Without a value, or with
// bytes that are no JSON, one line says so. lang is fr or en.
func (u *UI) FormatValue(unit string, raw json.RawMessage, lang string) []Line {
	s, ok := u.speech[lang]
	if !ok {
		s = u.speech[fallback]
	}
	return s.value(unit, raw)
}

func (s *speech) value(unit string, raw json.RawMessage) []Line {
	root, err := readNode(raw)
	if err != nil || root == nil {
		return []Line{{Text: s.text("value.none")}}
	}
	if factual(unit) {
		return s.factual(root)
	}
	main, context := root.split()
	lines := s.unit(unit, main)
	if len(lines) == 0 {
		lines = []Line{{Text: s.text("value.none")}}
	}
	return append(lines, s.around(context)...)
}

// around writes what follows a value: year and month together, the rest alone.
func (s *speech) around(context []*node) []Line {
	n := &node{kind: object, children: context}
	var lines []Line
	var done []string
	for _, suffix := range []string{"", "_calcul"} {
		if p := n.member("annee"+suffix) + "-" + n.member("mois"+suffix); s.period(p) != p {
			lines = append(lines, Line{Label: s.text("member.period" + suffix), Text: s.period(p)})
			done = append(done, "annee"+suffix, "mois"+suffix)
		}
	}
	return append(lines, s.rest(n, done...)...)
}

// unit formats the value itself.
func (s *speech) unit(unit string, n *node) []Line {
	switch {
	case n == nil || n.isNull():
		return nil
	case n.kind == array:
		return s.persons(n)
	case n.kind == object && unit == "address":
		return s.address(n)
	case n.kind == object && unit == "persons":
		return s.persons(&node{kind: array, children: []*node{n}})
	case n.kind == object:
		return s.rest(n)
	}
	return []Line{{Text: s.scalar(unit, n)}}
}

// scalar formats one string, number or boolean by its unit.
func (s *speech) scalar(unit string, n *node) string {
	name, enum := strings.CutPrefix(unit, "enum:")
	switch {
	case enum || n.kind == boolean:
		return s.enum(name, n.text)
	case n.kind == number && strings.HasPrefix(unit, "EUR"):
		return s.text("value.euros", "n", s.digits(n.text))
	case n.kind == number && unit == "shares":
		return s.plural(n.text, "value.shares")
	case n.kind == number:
		return s.digits(n.text)
	case unit == "date":
		return s.day8601(n.text)
	case unit == "commune":
		return s.text("value.commune", "code", n.text)
	case unit == "country":
		return s.country(n.text)
	}
	return n.text
}

// enum writes a value in words. When the words are not the value itself the
// value follows, because it is the value that is sent.
func (s *speech) enum(name, value string) string {
	for _, key := range []string{"enum." + name + "." + value, "enum.any." + value} {
		if s.has(key) {
			return s.text(key)
		}
	}
	return value
}

func (s *speech) country(code string) string {
	if s.has("country.c" + code) {
		return s.text("value.country", "name", s.text("country.c"+code), "code", code)
	}
	return s.text("value.country_code", "code", code)
}

func (s *speech) day8601(value string) string {
	if words, ok := s.birth(value); ok {
		return words
	}
	return value
}

// digits groups the integer part by threes and changes the decimal mark. It
// works on the digits as they came: a number is never read as a float. What is
// written with an exponent is shown as it came.
func (s *speech) digits(number string) string {
	if strings.ContainsAny(number, "eE") {
		return number
	}
	sign := ""
	if strings.HasPrefix(number, "-") {
		sign, number = "−", number[1:]
	}
	whole, fraction, decimal := strings.Cut(number, ".")
	whole = group(whole, s.text("number.group"))
	if !decimal {
		return sign + whole
	}
	return sign + whole + s.text("number.decimal") + fraction
}

func group(digits, separator string) string {
	var out strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out.WriteString(separator)
		}
		out.WriteRune(d)
	}
	return out.String()
}

// plural chooses the noun of a decimal number: French says "1,5 part" and
// "2 parts", English "1.5 shares".
func (s *speech) plural(number, key string) string {
	whole, fraction, _ := strings.Cut(number, ".")
	one := whole == "1" && strings.Trim(fraction, "0") == ""
	if s.zeroIsOne() {
		one = whole == "0" || whole == "1"
	}
	form := ".many"
	if one {
		form = ".one"
	}
	return s.text(key+form, "n", s.digits(number))
}

// readNode reads JSON keeping the order of members and the digits of numbers.
// It gives nil without bytes.
func readNode(raw json.RawMessage) (*node, error) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	n, err := readValue(d)
	if err != nil {
		return nil, fmt.Errorf("ui: reading a value: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("ui: reading a value: more than one")
	}
	return n, nil
}
