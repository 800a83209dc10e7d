package consent

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// readObject splits an object into its members, values untouched. A member
// named twice is refused: two readers could see two documents.
func readObject(object json.RawMessage, at string) (map[string]json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(object))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil, fmt.Errorf("%s is no object: %w", place(at), ErrShape)
	}
	members := make(map[string]json.RawMessage)
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", place(at), ErrShape)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, fmt.Errorf("%s: %w", place(at), ErrShape)
		}
		key, _ := name.(string)
		if _, twice := members[key]; twice {
			return nil, fmt.Errorf("%s names a member twice: %w", place(at), ErrShape)
		}
		members[key] = value
	}
	return members, nil
}

// writeName writes a member's name as JSON. Only names of the allow-list come
// here, so HTML escaping has nothing to escape.
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
