package receipt

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"
)

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// forge signs any header and payload with the real key: what a careless or
// dishonest holder of it could make.
func forge(t testing.TB, s Signer, header, payload string) string {
	t.Helper()
	input := b64([]byte(header)) + "." + b64([]byte(payload))
	digest := sha256.Sum256([]byte(input))
	r, z, err := ecdsa.Sign(rand.Reader, s.Key.(repeatable).PrivateKey, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	var signature [64]byte
	r.FillBytes(signature[:32])
	z.FillBytes(signature[32:])
	return input + "." + b64(signature[:])
}

// goodParts gives the header and payload of a good receipt, to be spoilt.
func goodParts(t testing.TB) (header, payload string) {
	t.Helper()
	jws, _ := signed(t, grantedReceipt())
	env, err := openEnvelope(jws)
	if err != nil {
		t.Fatal(err)
	}
	h, err := encode(env.header)
	if err != nil {
		t.Fatal(err)
	}
	return string(h), string(env.payload)
}

func TestForgeryHelperMakesGoodReceipts(t *testing.T) {
	signer, keys := testKeys(t)
	header, payload := goodParts(t)
	if _, err := Verify([]byte(forge(t, signer, header, payload)), keys); err != nil {
		t.Fatal(err)
	}
}

// Each row is signed with the real key after its header was spoilt.
func TestEvilHeadersNeverVerify(t *testing.T) {
	signer, keys := testKeys(t)
	header, payload := goodParts(t)
	swap := func(from, to string) string {
		if !strings.Contains(header, from) {
			t.Fatalf("no %s in %s", from, header)
		}
		return strings.Replace(header, from, to, 1)
	}
	for name, evil := range map[string]string{
		"alg none":          swap(`"ES256"`, `"none"`),
		"alg HS256":         swap(`"ES256"`, `"HS256"`),
		"alg ES384":         swap(`"ES256"`, `"ES384"`),
		"alg in lower case": swap(`"ES256"`, `"es256"`),
		"alg twice":         swap(`"alg":"ES256"`, `"alg":"none","alg":"ES256"`),
		"no alg":            swap(`"alg":"ES256",`, ``),
		"unknown crit":      swap(`"cty"`, `"crit":["exp"],"cty"`),
		"crit sigD":         swap(`"cty"`, `"crit":["sigD"],"cty"`),
		"empty crit":        swap(`"cty"`, `"crit":[],"cty"`),
		"wrong typ":         swap(`accord-receipt+jws`, `JWT`),
		"release typ":       swap(`accord-receipt+jws`, `accord-release+jws`),
		"typ in upper case": swap(`accord-receipt+jws`, `ACCORD-RECEIPT+JWS`),
		"wrong cty":         swap(`"json"`, `"text"`),
		"iat and sigT":      swap(`,"typ"`, `,"sigT":"2026-11-22T13:21:07Z","typ"`),
		"sigT for iat":      strings.Replace(header, `"iat":1795353667`, `"sigT":"2026-11-22T13:21:07Z"`, 1),
		"iat as text":       swap(`1795353667`, `"1795353667"`),
		"iat with fraction": swap(`1795353667`, `1795353667.5`),
		"iat negative":      swap(`1795353667`, `-1`),
		"embedded jwk":      swap(`,"kid"`, `,"jwk":{"kty":"EC"},"kid"`),
		"jku":               swap(`,"kid"`, `,"jku":"https://evil.example/jwks","kid"`),
		"x5c":               swap(`"x5t#S256"`, `"x5c":[],"x5t#S256"`),
		"b64 false":         swap(`"cty"`, `"b64":false,"cty"`),
		"other case":        swap(`"kid"`, `"KID"`),
		"empty kid":         swap(signer.KeyID, ``),
		"space":             swap(`,`, `, `),
		"not an object":     `[]`,
		"empty":             ``,
	} {
		if _, err := Verify([]byte(forge(t, signer, evil, payload)), keys); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	other := swap(b64(signer.CertificateDigest[:]), b64(make([]byte, 32)))
	if _, err := Verify([]byte(forge(t, signer, other, payload)), keys); !errors.Is(err, ErrKeyNotValid) {
		t.Errorf("another certificate: %v", err)
	}
}

// Each row is signed with the real key after its payload was spoilt.
func TestEvilPayloadsNeverVerify(t *testing.T) {
	signer, keys := testKeys(t)
	header, payload := goodParts(t)
	for name, evil := range map[string]string{
		"unknown schema_version": strings.Replace(payload, "receipt/1", "receipt/2", 1),
		"no schema_version":      strings.Replace(payload, `"schema_version":"`+SchemaVersion+`",`, ``, 1),
		"unknown member":         strings.Replace(payload, `"language"`, `"extra":1,"language"`, 1),
		"doubled member":         strings.Replace(payload, `"language":"fr"`, `"language":"en","language":"fr"`, 1),
		"doubled within":         strings.Replace(payload, `"state":"given"`, `"state":"refused","state":"given"`, 1),
		"doubled in other case":  strings.Replace(payload, `"language":"fr"`, `"language":"fr","Language":"en"`, 1),
		"doubled by an escape":   strings.Replace(payload, `"language":"fr"`, `"language":"fr","\u006canguage":"en"`, 1),
		"null":                   strings.Replace(payload, `"rights":[`, `"rights":null,"x":[`, 1),
		"space":                  strings.Replace(payload, `,`, `, `, 1),
		"line end":               payload + "\n",
		"second value":           payload + "{}",
		"not UTF-8":              strings.Replace(payload, "Valbrume", "Val\xffbrume", 1),
		"array":                  "[" + payload + "]",
		"empty":                  "",
		"nested deep":            strings.Repeat("[", 20_000),
	} {
		if _, err := Verify([]byte(forge(t, signer, header, evil)), keys); !errors.Is(err, ErrContent) || !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
		if _, _, err := Parse([]byte(forge(t, signer, header, evil))); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s parsed: %v", name, err)
		}
	}
	newer := forge(t, signer, header, strings.Replace(payload, "receipt/1", "receipt/2", 1))
	if _, err := Verify([]byte(newer), keys); !errors.Is(err, ErrUnknownSchema) {
		t.Errorf("a newer schema is not told apart: %v", err)
	}
}

func TestEvilEnvelopesNeverVerify(t *testing.T) {
	_, keys := testKeys(t)
	good, _ := signed(t, grantedReceipt())
	part := strings.Split(string(good), ".")
	flattened := fmt.Sprintf(`{"payload":%q,"protected":%q,"signature":%q}`, part[1], part[0], part[2])
	general := fmt.Sprintf(`{"payload":%q,"signatures":[{"protected":%q,"signature":%q},{"protected":%q,"signature":%q}]}`,
		part[1], part[0], part[2], part[0], part[2])
	noneHeader := b64([]byte(`{"alg":"none","typ":"accord-receipt+jws"}`))
	for name, evil := range map[string]string{
		"flattened JSON":            flattened,
		"general, two signatures":   general,
		"two signatures in compact": string(good) + "." + part[2],
		"none without signature":    noneHeader + "." + part[1] + ".",
		"signature removed":         part[0] + "." + part[1] + ".",
		"signature as DER":          part[0] + "." + part[1] + "." + b64([]byte(strings.Repeat("x", 70))),
		"detached payload":          part[0] + ".." + part[2],
		"padding":                   string(good) + "=",
		"line end":                  string(good) + "\n",
		"line end within":           part[0] + "\n." + part[1] + "." + part[2],
		"space before":              " " + string(good),
		"standard base64":           part[0] + "." + part[1] + "." + strings.Repeat("+/", 43),
		"oversize":                  string(good) + strings.Repeat("A", MaxSize),
		"nothing":                   "",
		"dots":                      "..",
	} {
		if _, err := Verify([]byte(evil), keys); err == nil || errors.Is(err, ErrUnknownKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPublicKeyAsHMACSecretNeverVerifies(t *testing.T) {
	signer, keys := testKeys(t)
	header, payload := goodParts(t)
	header = strings.Replace(header, "ES256", "HS256", 1)
	point, err := signer.public().Bytes()
	if err != nil {
		t.Fatal(err)
	}
	input := b64([]byte(header)) + "." + b64([]byte(payload))
	for _, secret := range [][]byte{point, point[1:], []byte(b64(point))} {
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte(input))
		for _, signature := range [][]byte{mac.Sum(nil), append(mac.Sum(nil), make([]byte, 32)...)} {
			if _, err := Verify([]byte(input+"."+b64(signature)), keys); !errors.Is(err, ErrMalformed) {
				t.Errorf("HS256: %v", err)
			}
		}
	}
}

func TestDegenerateSignaturesNeverVerify(t *testing.T) {
	_, keys := testKeys(t)
	good, _ := signed(t, grantedReceipt())
	input := string(good[:bytes.LastIndexByte(good, '.')])
	n := elliptic.P256().Params().N
	for name, v := range map[string]*big.Int{"zero": new(big.Int), "order": n, "one": big.NewInt(1)} {
		var signature [64]byte
		v.FillBytes(signature[:32])
		v.FillBytes(signature[32:])
		if _, err := Verify([]byte(input+"."+b64(signature[:])), keys); !errors.Is(err, ErrSignature) {
			t.Errorf("r = s = %s: %v", name, err)
		}
	}
}

func TestReceiptWithAFlippedBitNeverVerifies(t *testing.T) {
	good, keys := signed(t, grantedReceipt())
	for i := range good {
		evil := bytes.Clone(good)
		evil[i] ^= 1 << (i % 8)
		if _, err := Verify(evil, keys); err == nil {
			t.Fatalf("bit %d of byte %d flipped, and it verifies", i%8, i)
		}
	}
	for i := len(good) - 3; i < len(good); i++ {
		for bit := range 8 {
			evil := bytes.Clone(good)
			evil[i] ^= 1 << bit
			if _, err := Verify(evil, keys); err == nil {
				t.Fatalf("bit %d of byte %d flipped, and it verifies", bit, i)
			}
		}
	}
}

func TestReceiptIsFalseOutsideItsKeysTime(t *testing.T) {
	signer, keys := testKeys(t)
	at := func(t time.Time) ([]byte, error) {
		r := grantedReceipt()
		r.Event.Time, r.Event.ValidFrom = NewTime(t), NewTime(t)
		r.Event.ValidUntil = NewTime(t.Add(time.Minute))
		return Sign(r, signer, t)
	}
	retired := actTime.Add(time.Hour).Truncate(time.Second)
	keys[1].RetiredAt = &retired
	for _, c := range []struct {
		name  string
		at    time.Time
		valid bool
	}{
		{"before nbf", keysStart.Add(-time.Second), false},
		{"at nbf", keysStart, true},
		{"in between", actTime, true},
		{"at the end", retired, true},
		{"after the end", retired.Add(time.Second), false},
	} {
		jws, err := at(c.at)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Verify(jws, keys); (err == nil) != c.valid || (err != nil && !errors.Is(err, ErrKeyNotValid)) {
			t.Errorf("signed %s: %v", c.name, err)
		}
	}
}

func TestReceiptOfAKeyNotInTheSetIsUnknownNotFalse(t *testing.T) {
	stranger := testSigner(t, "a stranger")
	_, keys := testKeys(t)
	jws, err := Sign(grantedReceipt(), stranger, actTime)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Verify(jws, keys); !errors.Is(err, ErrUnknownKey) {
		t.Errorf("unknown key: %v", err)
	}
	stranger.KeyID = keys[1].KeyID
	jws, err = Sign(grantedReceipt(), stranger, actTime)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Verify(jws, keys); !errors.Is(err, ErrSignature) {
		t.Errorf("stranger under a known kid: %v", err)
	}
}

func FuzzReceiptParse(f *testing.F) {
	for _, r := range vectors(f) {
		jws, _ := signed(f, r)
		f.Add(jws)
	}
	_, keys := testKeys(f)
	f.Fuzz(func(t *testing.T, jws []byte) {
		if r, err := Verify(jws, keys); err == nil && r.Validate() != nil {
			t.Error("verified, but its content is not valid")
		}
		r, h, err := Parse(jws)
		if err != nil {
			return
		}
		header, _ := encode(h)
		payload, _ := encode(r)
		again := b64(header) + "." + b64(payload) + "."
		if !bytes.HasPrefix(jws, []byte(again)) || len(jws) != len(again)+86 {
			t.Errorf("accepted %q, writes back %q", jws, again)
		}
	})
}
