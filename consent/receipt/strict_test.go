package receipt

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// refusedPayload wants a payload, signed with the real key, refused by both.
func refusedPayload(t *testing.T, name, evil string) {
	t.Helper()
	signer, keys := testKeys(t)
	header, good := goodParts(t)
	if evil == good {
		t.Errorf("%s: nothing was spoilt", name)
	}
	jws := []byte(forge(t, signer, header, evil))
	if _, err := Verify(jws, keys); !errors.Is(err, ErrContent) {
		t.Errorf("%s verifies: %v", name, err)
	}
	if _, _, err := Parse(jws); !errors.Is(err, ErrMalformed) {
		t.Errorf("%s parses: %v", name, err)
	}
}

func TestEachTypeHasOneSpelling(t *testing.T) {
	_, good := goodParts(t)
	swap := func(from, to string) string { return strings.Replace(good, from, to, 1) }
	for name, evil := range map[string]string{
		"number with exponent":    swap(`1795353640`, `1.79535364e9`),
		"number with fraction":    swap(`1795353640`, `1795353640.0`),
		"number with zeros":       swap(`1795353640`, `01795353640`),
		"number with a plus":      swap(`1795353640`, `+1795353640`),
		"number beyond int64":     swap(`1795353640`, `9223372036854775808`),
		"number as text":          swap(`1795353640`, `"1795353640"`),
		"number as hex":           swap(`1795353640`, `0x6b02f000`),
		"not a number":            swap(`1795353640`, `NaN`),
		"minus zero":              swap(`"max":1`, `"max":-0`),
		"boolean as text":         swap(`"optional":false`, `"optional":"false"`),
		"boolean as number":       swap(`"optional":false`, `"optional":0`),
		"boolean in upper case":   swap(`"optional":false`, `"optional":False`),
		"boolean null":            swap(`"optional":false`, `"optional":null`),
		"text null":               swap(`"language":"fr"`, `"language":null`),
		"text as number":          swap(`"language":"fr"`, `"language":1`),
		"object null":             swap(`"event":{`, `"event":null,"x":{`),
		"object as array":         swap(`"approval":{`, `"approval":[{`),
		"array as object":         swap(`"rights":[`, `"rights":{"0":[`),
		"escaped letter":          swap(`"language":"fr"`, `"language":"\u0066r"`),
		"escaped slash":           swap(`https://w3id.org`, `https:\/\/w3id.org`),
		"lone surrogate":          swap(`"language":"fr"`, `"language":"fr\ud800"`),
		"NUL":                     swap(`Valbrume`, "Val\x00brume"),
		"line end in text":        swap(`Valbrume`, "Val\nbrume"),
		"byte order mark":         "\xef\xbb\xbf" + good,
		"comment":                 good + "/* */",
		"comma too many":          swap(`"language":"fr",`, `"language":"fr",,`),
		"comma at the end":        strings.TrimSuffix(good, "}") + ",}",
		"single quotes":           swap(`"fr"`, `'fr'`),
		"member out of order":     swap(`"language":"fr",`, ``)[:1] + `"language":"fr",` + swap(`"language":"fr",`, ``)[1:],
		"doubled, both the same":  swap(`"language":"fr"`, `"language":"fr","language":"fr"`),
		"doubled far apart":       strings.TrimSuffix(good, "}") + `,"language":"en"}`,
		"doubled in a party":      swap(`"role":"controller"`, `"role":"source","role":"controller"`),
		"doubled in a datum":      swap(`"granted":true`, `"granted":false,"granted":true`),
		"doubled whole purpose":   swap(`"purposes":[`, `"purposes":[],"purposes":[`),
		"empty name":              swap(`"language"`, `"":1,"language"`),
		"overlong encoding":       swap(`Valbrume`, "Val\xc1\xa2rume"),
		"surrogates as UTF-8":     swap(`Valbrume`, "Val\xed\xa0\x80rume"),
		"absent spelt as empty":   swap(`"grant_id":`, `"previous_receipt":"","grant_id":`),
		"absent spelt as null":    swap(`"grant_id":`, `"previous_receipt":null,"grant_id":`),
		"only half":               good[:len(good)/2],
		"text alone":              `"receipt"`,
		"number alone":            `1`,
		"null alone":              `null`,
		"nothing but an object":   `{}`,
		"a deep object":           strings.Repeat(`{"a":`, 7_000) + "1" + strings.Repeat("}", 7_000),
		"a thousand members more": strings.TrimSuffix(good, "}") + strings.Repeat(`,"x":1`, 1000) + "}",
	} {
		refusedPayload(t, name, evil)
	}
}

func TestHeaderTypesHaveOneSpelling(t *testing.T) {
	signer, keys := testKeys(t)
	header, payload := goodParts(t)
	swap := func(from, to string) string { return strings.Replace(header, from, to, 1) }
	for name, evil := range map[string]string{
		"iat zero":               swap(`1795353667`, `0`),
		"iat with exponent":      swap(`1795353667`, `1.795353667e9`),
		"iat beyond int64":       swap(`1795353667`, `18446744073709551616`),
		"iat null":               swap(`1795353667`, `null`),
		"iat twice":              swap(`"iat":1795353667`, `"iat":1,"iat":1795353667`),
		"kid twice":              swap(`"kid":`, `"kid":"x","kid":`),
		"kid as number":          swap(`"`+signer.KeyID+`"`, `7`),
		"kid as array":           swap(`"`+signer.KeyID+`"`, `["`+signer.KeyID+`"]`),
		"typ as array":           swap(`"accord-receipt+jws"`, `["accord-receipt+jws"]`),
		"typ with prefix":        swap(`accord-receipt+jws`, `application/accord-receipt+jws`),
		"alg null":               swap(`"ES256"`, `null`),
		"alg nONE":               swap(`"ES256"`, `"nONE"`),
		"alg RS256":              swap(`"ES256"`, `"RS256"`),
		"alg EdDSA":              swap(`"ES256"`, `"EdDSA"`),
		"alg ES256K":             swap(`"ES256"`, `"ES256K"`),
		"alg with space":         swap(`"ES256"`, `"ES256 "`),
		"alg escaped":            swap(`"ES256"`, `"\u0045S256"`),
		"alg name escaped":       swap(`"alg"`, `"\u0061lg"`),
		"certificate, short":     swap(`"x5t#S256":"`, `"x5t#S256":"AA`),
		"certificate, padded":    strings.TrimSuffix(header, `"}`) + `="}`,
		"certificate, SHA-1":     swap(`x5t#S256`, `x5t`),
		"crit null":              swap(`"cty"`, `"crit":null,"cty"`),
		"crit as text":           swap(`"cty"`, `"crit":"exp","cty"`),
		"crit twice":             swap(`"cty"`, `"crit":["b64"],"crit":["b64"],"cty"`),
		"unknown member":         strings.TrimSuffix(header, "}") + `,"zip":"DEF"}`,
		"nonce":                  swap(`,"typ"`, `,"nonce":"n","typ"`),
		"members out of order":   swap(`"alg":"ES256",`, ``)[:1] + swap(`"alg":"ES256",`, ``)[1:len(header)-15] + `,"alg":"ES256"}`,
		"null":                   `null`,
		"a text":                 `"ES256"`,
		"byte order mark before": "\xef\xbb\xbf" + header,
	} {
		if evil == header {
			t.Errorf("%s: nothing was spoilt", name)
		}
		if _, err := Verify([]byte(forge(t, signer, evil, payload)), keys); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEachHMACWithThePublicKeyIsRefusedWhateverTheLength(t *testing.T) {
	_, keys := testKeys(t)
	_, payload := goodParts(t)
	for _, alg := range []string{"HS256", "HS384", "HS512", "none", "A128KW", "dir"} {
		header := fmt.Sprintf(`{"alg":%q,"cty":"json","iat":1795353667,"kid":%q,"typ":"accord-receipt+jws","x5t#S256":%q}`,
			alg, keys[1].KeyID, b64(keys[1].CertificateDigest[:]))
		for _, length := range []int{0, 32, 48, 64} {
			jws := b64([]byte(header)) + "." + b64([]byte(payload)) + "." + b64(make([]byte, length))
			if _, err := Verify([]byte(jws), keys); !errors.Is(err, ErrMalformed) {
				t.Errorf("%s with %d bytes: %v", alg, length, err)
			}
		}
	}
}

// The bound holds for the signer as for the reader, so nothing is signed that
// nobody would read.
func TestSizeHasOneBoundForSignerAndReader(t *testing.T) {
	signer, keys := testKeys(t)
	longest := 0
	for n := 43_000; n < 50_000; n++ {
		r := grantedReceipt()
		r.Purposes[0].Label = strings.Repeat("a", n)
		jws, err := Sign(r, signer, actTime)
		if err != nil {
			if !errors.Is(err, ErrContent) {
				t.Fatal(err)
			}
			break
		}
		longest = len(jws)
		if _, err := Verify(jws, keys); err != nil {
			t.Fatalf("%d bytes signed, not read: %v", len(jws), err)
		}
		n += max(0, (MaxSize-len(jws))*3/4-8)
	}
	if longest > MaxSize || longest < MaxSize-4 {
		t.Errorf("the longest receipt has %d bytes, the bound is %d", longest, MaxSize)
	}
	header, payload := goodParts(t)
	over := strings.Replace(payload, `"language":"fr"`, `"language":"`+strings.Repeat("f", MaxSize)+`"`, 1)
	if _, err := Verify([]byte(forge(t, signer, header, over)), keys); !errors.Is(err, ErrMalformed) {
		t.Errorf("beyond the bound: %v", err)
	}
}
