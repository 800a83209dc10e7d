package issuer

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

// FuzzHint: nothing panics; a hint that is taken is its own and only encoding,
// verifies with our key by the standard library's means, and names us and who
// it is about; one that another key signed is never taken.
func FuzzHint(f *testing.F) {
	fix := newFixture(f)
	good := fix.idToken("basic")
	body := string(partsOf(f, good).bytes(1))
	for _, payload := range []string{body, "null", "{}", `{"iss":1}`, `{"iss":"` + testIssuer + `","sub":"s","aud":["a",null],"exp":1e400}`} {
		f.Add(good, []byte(payload))
	}
	f.Fuzz(func(t *testing.T, compact string, payload []byte) {
		tryHint(t, fix, compact)
		tryHint(t, fix, sign(t, payload, jose.ES256, fix.keys.ec, map[jose.HeaderKey]any{"kid": "es-1"}))
		foreign := sign(t, payload, jose.ES256, strangerKey, map[jose.HeaderKey]any{"kid": "es-1"})
		if _, err := fix.issuer.verifyHint(t.Context(), foreign); err == nil {
			t.Fatalf("another key signed %q", payload)
		}
	})
}

func tryHint(t *testing.T, f *fixture, compact string) {
	t.Helper()
	got, err := f.issuer.verifyHint(t.Context(), compact)
	if err != nil {
		return
	}
	j := partsOf(t, compact)
	for part := range j {
		if bytesOf(j.bytes(part)) != j[part] {
			t.Fatalf("taken, but is not its own encoding: %q", compact)
		}
	}
	var claims struct{ Iss, Sub string }
	if err := json.Unmarshal(j.bytes(1), &claims); err != nil || claims.Iss != testIssuer || claims.Sub == "" || claims.Sub != got.Subject {
		t.Fatalf("taken for %q: %s, %v", got.Subject, j.bytes(1), err)
	}
	if !signedBy(f.keys.ec.Public(), j[0]+"."+j[1], j.bytes(2)) {
		t.Fatalf("taken, but does not verify: %q", compact)
	}
}

// FuzzProofAddress: an htu that is taken for the token endpoint leads there, as
// net/url reads it, and to nobody else.
func FuzzProofAddress(f *testing.F) {
	const address = "https://accord.example/token"
	for _, htu := range []string{
		address, "HTTPS://ACCORD.example:443/token?x#y", "https://accord.example//token", "https://accord.example/%74oken", "https://u@accord.example/token",
		"https://accord.example.evil.example/token", "https:accord.example/token", "https://accord.example:443:443/token", "https://accord.example/x/../token", "",
	} {
		f.Add(htu)
	}
	f.Fuzz(func(t *testing.T, htu string) {
		if !sameAddress(htu, address) {
			return
		}
		u, err := url.Parse(htu)
		if err != nil || u.Scheme != "https" || u.User != nil || !strings.EqualFold(u.Hostname(), "accord.example") ||
			!slices.Contains([]string{"", "443"}, u.Port()) || u.Path != "/token" {
			t.Fatalf("%q is taken for %s: %v", htu, address, err)
		}
	})
}
