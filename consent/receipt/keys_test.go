package receipt

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestKeySetReadsBack(t *testing.T) {
	_, keys := testKeys(t)
	jwks, err := keys.JWKS()
	if err != nil {
		t.Fatal(err)
	}
	got, err := ParseKeySet(jwks)
	if err != nil || !reflect.DeepEqual(got, keys) {
		t.Errorf("read back %+v: %v", got, err)
	}
	again, err := got.JWKS()
	if err != nil || !bytes.Equal(again, jwks) {
		t.Errorf("written back %s: %v", again, err)
	}
}

func TestKeySetPassesOverWhatItDoesNotKnow(t *testing.T) {
	_, keys := testKeys(t)
	jwks, _ := keys.JWKS()
	text := strings.Replace(string(jwks), `{"keys":[`, `{ "more": {"a":[1,{"b":null}]}, "keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"},`, 1)
	text = strings.ReplaceAll(text, `"kty":"EC",`, `"kty":"EC", "use":"sig",`)
	if got, err := ParseKeySet([]byte(text)); err != nil || !reflect.DeepEqual(got, keys) {
		t.Errorf("read %+v: %v", got, err)
	}
}

// Known answer: the key of the formats' worked example, named by another program.
func TestKeyIDIsTheThumbprint(t *testing.T) {
	public, err := jwk{
		Curve: "P-256", X: "WGV28U1czfz3nSk8UkCBYX3CnEFhB1y_ArSr2i9fiFc",
		Y: "-LarFKgt8WGyV8t7DQDwj0J3EzHIL-6UCIyXNgrZvP0",
	}.public()
	if err != nil {
		t.Fatal(err)
	}
	if id, err := KeyID(public); err != nil || id != "cC9F78zNZeHbRwUk" {
		t.Errorf("named %q: %v", id, err)
	}
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, public := range map[string]*ecdsa.PublicKey{"none": nil, "P-384": &p384.PublicKey} {
		if id, err := KeyID(public); !errors.Is(err, ErrKeySet) {
			t.Errorf("%s: named %q: %v", name, id, err)
		}
	}
}

func TestUnusableKeySetsAreRefused(t *testing.T) {
	_, keys := testKeys(t)
	jwks, _ := keys.JWKS()
	good := string(jwks)
	one, _ := keys[1:].JWKS()
	key := strings.TrimSuffix(strings.TrimPrefix(string(one), `{"keys":[`), `]}`)
	swap := func(from, to string) string {
		if !strings.Contains(good, from) {
			t.Fatalf("no %s in %s", from, good)
		}
		return strings.ReplaceAll(good, from, to)
	}
	for name, text := range map[string]string{
		"nothing": "", "no object": "[]", "no keys": "{}", "null": `{"keys":null}`, "cut": good[:len(good)-2],
		"other curve":         swap(`P-256`, `P-384`),
		"kid of another":      swap(keys[0].KeyID, keys[1].KeyID),
		"key twice":           `{"keys":[` + key + `,` + key + `]}`,
		"member twice":        swap(`"crv":"P-256"`, `"crv":"P-384","crv":"P-256"`),
		"twice in other case": swap(`"nbf"`, `"NBF":1,"nbf"`),
		"keys twice":          strings.Replace(good, `{"keys"`, `{"keys":[],"keys"`, 1),
		"no nbf":              swap(`"nbf"`, `"other"`),
		"retired before used": swap(`"retired_at":`, `"retired_at":1,"was":`),
		"negative log index":  swap(`"log_index":`, `"log_index":-`),
		"no certificate":      swap(`x5t#S256`, `x5t`),
		"not on the curve":    swap(`"x":"`, `"x":"AAAA`),
		"oversize":            good + strings.Repeat(" ", MaxKeySet),
	} {
		if got, err := ParseKeySet([]byte(text)); !errors.Is(err, ErrKeySet) {
			t.Errorf("%s: read %+v: %v", name, got, err)
		}
	}
}

func TestSignRefusesKeysAndTimesItsVerifierWould(t *testing.T) {
	signer, _ := testKeys(t)
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	nameless := signer
	nameless.KeyID = ""
	sign := func(s Signer, change func(*Receipt), at time.Time) error {
		r := grantedReceipt()
		change(&r)
		_, err := Sign(r, s, at)
		return err
	}
	same := func(*Receipt) {}
	for name, err := range map[string]error{
		"P-384":         sign(Signer{KeyID: "x", Key: p384}, same, actTime),
		"no key id":     sign(nameless, same, actTime),
		"long before":   sign(signer, same, actTime.Add(-6*time.Minute)),
		"long after":    sign(signer, same, actTime.Add(6*time.Minute)),
		"not UTF-8":     sign(signer, func(r *Receipt) { r.Parties[0].Name = "a\xff" }, actTime),
		"over the size": sign(signer, func(r *Receipt) { r.Parties[0].Name = strings.Repeat("a", MaxSize) }, actTime),
	} {
		if err == nil {
			t.Errorf("%s: signed", name)
		}
	}
	if err := sign(signer, same, actTime.Add(4*time.Minute)); err != nil {
		t.Errorf("signed again after a key change: %v", err)
	}
}

func FuzzKeySet(f *testing.F) {
	_, keys := testKeys(f)
	jwks, _ := keys.JWKS()
	f.Add(jwks)
	f.Fuzz(func(t *testing.T, data []byte) {
		set, err := ParseKeySet(data)
		if err != nil {
			return
		}
		written, err := set.JWKS()
		if err != nil {
			t.Fatal(err)
		}
		if again, err := ParseKeySet(written); err != nil || !reflect.DeepEqual(again, set) {
			t.Errorf("read %+v, then %+v: %v", set, again, err)
		}
	})
}

func BenchmarkSign(b *testing.B) {
	signer, _ := testKeys(b)
	for b.Loop() {
		if _, err := Sign(grantedReceipt(), signer, actTime); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	jws, keys := signed(b, grantedReceipt())
	for b.Loop() {
		if _, err := Verify(jws, keys); err != nil {
			b.Fatal(err)
		}
	}
}
