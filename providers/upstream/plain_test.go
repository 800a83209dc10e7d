package upstream

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// plainByTokens is what plain must answer, by the standard library's tokens.
func plainByTokens(body []byte) bool {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	return json.Valid(body) && valueByTokens(d, 0)
}

func valueByTokens(d *json.Decoder, depth int) bool {
	token, _ := d.Token()
	open, nested := token.(json.Delim)
	if !nested {
		return true
	}
	seen := make(map[string]bool)
	for d.More() {
		if open == '{' {
			name, _ := d.Token()
			folded := strings.ToLower(strings.ToUpper(name.(string)))
			if seen[folded] {
				return false
			}
			seen[folded] = true
		}
		if !valueByTokens(d, depth+1) {
			return false
		}
	}
	_, _ = d.Token()
	return depth < maxDepth
}

func TestAMemberTwiceIsFoundHoweverItIsWritten(t *testing.T) {
	pieces := []string{
		`{`, `}`, `[`, `]`, `,`, `:`, ` `, "\n", `"a"`, `"A"`, `"\u0061"`, `"b\"}"`, `"ſ"`, `"S"`, `"\\"`, `"\ud800"`, `1`, `null`, `-2.5e3`,
		`{"a":1,"A":2}`, `{"a":{"a":[{"a":1}]}}`, `{"a":"a","b":"a"}`, `{"s" : 1 , "ſ":2}`, `[{"a":1},{"a":2}]`, `{"\u0061":1,"a":2}`, `"{\"a\":1,\"a\":2}"`,
	}
	rapid.Check(t, func(t *rapid.T) {
		body := []byte(strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 12).Draw(t, "pieces"), ""))
		if got, want := plain(body), plainByTokens(body); got != want {
			t.Fatalf("%s: plain says %v, want %v", body, got, want)
		}
	})
	for _, inside := range pieces {
		for depth := range maxDepth + 2 {
			body := []byte(strings.Repeat(`{"x":[`, depth/2) + inside + strings.Repeat(`]}`, depth/2))
			if got, want := plain(body), plainByTokens(body); got != want {
				t.Fatalf("%s: plain says %v, want %v", body, got, want)
			}
		}
	}
}
