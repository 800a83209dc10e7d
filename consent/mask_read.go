package consent

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// readObject splits an object of a document known to be valid JSON into its
// members, values untouched. A member named twice is refused: two readers could
// see two documents.
func readObject(object json.RawMessage, at string) (map[string]json.RawMessage, error) {
	rest := bytes.TrimLeft(object, space)
	if len(rest) == 0 || rest[0] != '{' {
		return nil, fmt.Errorf("%s is no object: %w", place(at), ErrShape)
	}
	members := make(map[string]json.RawMessage)
	for rest = after(rest, '{'); rest[0] != '}'; rest = after(rest, ',') {
		var quoted, value []byte
		quoted, rest = cutValue(rest)
		value, rest = cutValue(after(rest, ':'))
		name, err := readName(quoted)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", place(at), ErrShape)
		}
		if _, twice := members[name]; twice {
			return nil, fmt.Errorf("%s names a member twice: %w", place(at), ErrShape)
		}
		members[name] = value
	}
	return members, nil
}

func readName(quoted []byte) (name string, err error) {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return string(quoted[1 : len(quoted)-1]), nil
	}
	err = json.Unmarshal(quoted, &name)
	return name, err
}

// space is what may stand between the tokens of JSON (RFC 8259 §2).
const space = " \t\r\n"

// after skips space, and mark with its space if it is there.
func after(rest []byte, mark byte) []byte {
	rest = bytes.TrimLeft(rest, space)
	if rest[0] == mark {
		rest = bytes.TrimLeft(rest[1:], space)
	}
	return rest
}

// cutValue splits the value that valid JSON begins with from what follows it.
func cutValue(b []byte) (value, rest []byte) {
	depth, quoted := 0, false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case depth > 0 && (c == '}' || c == ']'):
			depth--
		case depth == 0 && strings.IndexByte(space+",:}]", c) >= 0:
			return b[:i], b[i:]
		}
	}
	return b, nil
}

// writeName writes a member's name as JSON; what is escaped for HTML reads the
// same.
func writeName(out *bytes.Buffer, name string) {
	quoted, _ := json.Marshal(name) // a string always encodes
	out.Write(quoted)
	out.WriteByte(':')
}

func place(at string) string {
	if at == "" {
		return "the document"
	}
	return at
}
