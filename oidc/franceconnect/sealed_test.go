package franceconnect

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Attack list, row 87: what is encrypted to us is opened by the registered
// algorithms alone, and never blown up.
func TestAnEncryptedTokenThatWouldCostMuchIsRefused(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ours := jose.JSONWebKey{Key: key, KeyID: "ours", Algorithm: string(jose.ECDH_ES)}
	rp := &RelyingParty{config: Config{DecryptionKeys: []jose.JSONWebKey{ours}}}
	seal := func(plain []byte, options *jose.EncrypterOptions) string {
		encrypter, err := jose.NewEncrypter(jose.A256GCM, jose.Recipient{Algorithm: jose.ECDH_ES, Key: key.Public(), KeyID: "ours"}, options)
		if err != nil {
			t.Fatal(err)
		}
		jwe, err := encrypter.Encrypt(plain)
		if err != nil {
			t.Fatal(err)
		}
		compact, _ := jwe.CompactSerialize()
		return compact
	}
	raw := func(header, key string) string {
		return base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + key + ".AAAA.AAAA.AAAA"
	}
	if got, err := rp.unseal("x", seal([]byte("a.b.c"), nil)); err != nil || got != "a.b.c" {
		t.Fatalf("control: %q, %v", got, err)
	}
	good := seal([]byte("a.b.c"), nil)
	for strings.Contains(good, "_.") {
		good = seal([]byte("a.b.c"), nil)
	}
	for name, jwe := range map[string]string{
		"zip of 10 MB":           seal(bytes.Repeat([]byte("0"), 10<<20), &jose.EncrypterOptions{Compression: jose.DEFLATE}),
		"zip of a good one":      seal([]byte("a.b.c"), &jose.EncrypterOptions{Compression: jose.DEFLATE}),
		"PBES2 of 10^9 rounds":   raw(`{"alg":"PBES2-HS256+A128KW","enc":"A256GCM","kid":"ours","p2c":1000000000,"p2s":"c2FsdA"}`, "AAAA"),
		"an empty key":           raw(`{"alg":"ECDH-ES+A256KW","enc":"A256GCM","kid":"ours"}`, ""),
		"an empty key, RSA":      raw(`{"alg":"RSA-OAEP-256","enc":"A256GCM","kid":"ours"}`, ""),
		"direct, no epk":         raw(`{"alg":"ECDH-ES","enc":"A256GCM","kid":"ours"}`, ""),
		"a point off the curve":  raw(`{"alg":"ECDH-ES","enc":"A256GCM","kid":"ours","epk":{"kty":"EC","crv":"P-256","x":"AQ","y":"AQ"}}`, ""),
		"a tag cut":              good[:len(good)-2],
		"a content of another":   good[:strings.LastIndex(good, ".")-1] + "_" + good[strings.LastIndex(good, "."):],
		"four parts":             good[:strings.LastIndex(good, ".")],
		"a signature for sealed": "a.b.c",
	} {
		began := time.Now()
		if got, err := rp.unseal("x", jwe); err == nil {
			t.Errorf("%s: opened as %.20q", name, got)
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("%s took %s", name, took)
		}
	}
	nested := seal([]byte(good), nil)
	inside, err := rp.unseal("x", nested)
	if err != nil || inside != good {
		t.Fatalf("nested: %v", err)
	}
	if _, _, err := rp.open(t.Context(), "x", inside); err == nil { // one layer is opened, and the next is no JWS
		t.Error("a JWE inside a JWE was taken")
	}
}
