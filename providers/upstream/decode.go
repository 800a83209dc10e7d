package upstream

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxDepth = 12  // of nested arrays and objects
	maxText  = 300 // bytes of one text
)

// Decode reads exactly one JSON value into v. Unlike encoding/json it refuses
// repeated and unknown members, invalid UTF-8, deep nesting and anything after
// the value: such an answer is not the source's, or not the one we know. Every
// error is ErrShape, since the library's own quote what they met.
func Decode(body []byte, v any) error {
	if !utf8.Valid(body) || !plain(body) {
		return ErrShape
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if d.Decode(v) != nil {
		return ErrShape
	}
	if _, err := d.Token(); err != io.EOF {
		return ErrShape
	}
	return nil
}

// Text says whether s can stand in a document: 300 bytes at most, no control
// character.
func Text(s string) bool {
	return len(s) <= maxText && strings.IndexFunc(s, unicode.IsControl) < 0
}

// plain walks the tokens of body: one value, no member twice in an object
// (letter case aside, as encoding/json matches names so), bounded depth.
func plain(body []byte) bool {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	return value(d, 0)
}

func value(d *json.Decoder, depth int) bool {
	token, err := d.Token()
	if err != nil || depth > maxDepth {
		return false
	}
	switch token {
	case json.Delim('{'):
		return object(d, depth)
	case json.Delim('['):
		return array(d, depth)
	}
	return true
}

func object(d *json.Decoder, depth int) bool {
	seen := make(map[string]bool)
	for d.More() {
		token, err := d.Token()
		name, ok := token.(string)
		folded := strings.ToLower(strings.ToUpper(name))
		if err != nil || !ok || seen[folded] || !value(d, depth+1) {
			return false
		}
		seen[folded] = true
	}
	_, err := d.Token()
	return err == nil
}

func array(d *json.Decoder, depth int) bool {
	for d.More() {
		if !value(d, depth+1) {
			return false
		}
	}
	_, err := d.Token()
	return err == nil
}
