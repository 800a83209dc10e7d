package receipt

import (
	"bytes"
	"encoding/json"
	"strings"
)

// DoubledName tells whether any object of one JSON value, already known to be
// valid, has two members of one name: two readers could take different ones.
// Case is folded, as encoding/json does. RFC 8259 §4.
func DoubledName(value []byte) bool {
	return doubled(json.NewDecoder(bytes.NewReader(value)))
}

func doubled(d *json.Decoder) bool {
	opening, _ := d.Token()
	delimiter, nested := opening.(json.Delim)
	if !nested {
		return false
	}
	seen := map[string]bool{}
	for d.More() {
		if delimiter == '{' {
			token, _ := d.Token()
			name, _ := token.(string)
			if name = strings.ToLower(strings.ToUpper(name)); seen[name] {
				return true
			}
			seen[name] = true
		}
		if doubled(d) {
			return true
		}
	}
	_, _ = d.Token()
	return false
}
