package audit

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// encodePlain is JSON on one line, without HTML's escapes.
func encodePlain(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encoding: %w", err)
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// writesBackAs tells whether v, decoded from b, encodes to b again: then no
// member is unknown, doubled, null, out of order or in another spelling, and
// two readers cannot understand the same bytes differently.
func writesBackAs(v any, b []byte) bool {
	again, err := encodePlain(v)
	return err == nil && bytes.Equal(again, b)
}
