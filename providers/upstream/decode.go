package upstream

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxDepth = 12  // of nested arrays and objects
	maxText  = 300 // bytes of one text
)

// Decode reads exactly one JSON value into v. Unlike encoding/json it refuses
// repeated members, invalid UTF-8, deep nesting and anything after the value:
// such an answer is not the source's, or not the one we know. A member that the
// source added is dropped, unless one we know is missing beside it: then it may
// be that one under another name, and nothing tells absence from a renaming.
// Every error is ErrShape, since the library's own quote what they met.
func Decode(body []byte, v any) error {
	if decode(body, v) != nil || renamed(body, reflect.TypeOf(v)) {
		return ErrShape
	}
	return nil
}

// DecodeWanted is Decode for answers whose members come and go with what was
// asked: what is not known is dropped, and the caller insists on each member it
// wanted. An object of which no member is known is not the source's.
func DecodeWanted(body []byte, v any) error {
	if decode(body, v) != nil || foreign(body, reflect.TypeOf(v)) {
		return ErrShape
	}
	return nil
}

func decode(body []byte, v any) error {
	if !utf8.Valid(body) || !plain(body) {
		return ErrShape
	}
	d := json.NewDecoder(bytes.NewReader(body))
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

// plain tells whether body is one JSON value of bounded depth with no member
// twice in an object (letter case aside, as encoding/json matches names so).
func plain(body []byte) bool {
	if !json.Valid(body) {
		return false
	}
	var open []map[string]bool // the names seen in each object around; nil for an array
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '{':
			open = append(open, make(map[string]bool))
		case '[':
			open = append(open, nil)
		case '}', ']':
			open = open[:len(open)-1]
		case '"':
			text := textAt(body[i:])
			i += len(text) - 1
			if isName(body[i+1:]) && !fresh(open[len(open)-1], text) {
				return false
			}
		}
		if len(open) > maxDepth {
			return false
		}
	}
	return true
}

// textAt is the quoted text that valid JSON begins with.
func textAt(b []byte) []byte {
	end := 1
	for b[end] != '"' {
		if b[end] == '\\' {
			end++
		}
		end++
	}
	return b[:end+1]
}

// isName tells by what follows a text whether it names a member.
func isName(rest []byte) bool {
	rest = bytes.TrimLeft(rest, " \t\r\n")
	return len(rest) > 0 && rest[0] == ':'
}

// fresh notes a name, and tells whether it is new to its object.
func fresh(seen map[string]bool, quoted []byte) bool {
	name := string(quoted[1 : len(quoted)-1])
	if strings.Contains(name, `\`) && json.Unmarshal(quoted, &name) != nil {
		return false
	}
	folded := strings.ToLower(strings.ToUpper(name))
	if seen[folded] {
		return false
	}
	seen[folded] = true
	return true
}
