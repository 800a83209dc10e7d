package issuer

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// FuzzProof: nothing panics; what is accepted is its own and only encoding,
// verifies by the standard library's means with the key it carries, and says
// what this very request wants.
func FuzzProof(f *testing.F) {
	sample := proofFuzzFixture(f)
	for _, bad := range badProofs(sample, http.MethodPost, pathToken, nil) {
		f.Add(bad, []byte(`{}`))
	}
	good, _ := json.Marshal(sample.proofClaims(http.MethodPost, pathToken, nil))
	f.Add(sample.proof(http.MethodPost, pathToken, nil), good)
	f.Add(sign(f, sample.proofClaims(http.MethodPost, pathToken, nil), jose.PS256, sample.rsa, proofHeaders(sample.rsa.Public())), []byte(`null`))
	f.Add("e30.e30.AA", []byte(`{"jti":"\u0000","htm":"POST","htu":"http://localhost:8080/token#","iat":19000000.00e2}`))
	f.Fuzz(func(t *testing.T, compact string, payload []byte) {
		fix := proofFuzzFixture(t)
		tryProof(t, fix, compact)
		tryProof(t, fix, sign(t, payload, jose.ES256, holderKey, proofHeaders(holderKey.Public())))
	})
}

// proofFuzzFixture has a clock and a nonce that are the same in every process.
func proofFuzzFixture(t testing.TB) *fixture {
	f := newFixture(t)
	f.clock.t = time.Unix(1_900_000_000, 0)
	f.issuer.nonces.secret = [32]byte{1}
	return f
}

func tryProof(t *testing.T, f *fixture, compact string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, testIssuer+pathToken, nil)
	r.Header["Dpop"] = []string{compact}
	p, e := f.issuer.proof(r, pathToken, "")
	if p == nil || e != nil {
		return
	}
	parts := strings.Split(compact, ".")
	var header struct {
		Alg, Typ string
		JWK      jose.JSONWebKey
	}
	decoded := make([][]byte, 3)
	for n := range decoded {
		decoded[n], _ = base64.RawURLEncoding.DecodeString(parts[n])
		if base64.RawURLEncoding.EncodeToString(decoded[n]) != parts[n] {
			t.Fatalf("accepted, but is not its own encoding: %q", compact)
		}
	}
	if err := json.Unmarshal(decoded[0], &header); err != nil || header.Typ != "dpop+jwt" || !signedBy(header.JWK.Key, parts[0]+"."+parts[1], decoded[2]) {
		t.Fatalf("accepted, but does not verify: %q, %v", compact, err)
	}
	if p.thumbprint != thumbprintOf(t, header.JWK.Key) || p.Nonce != f.issuer.Nonce() || p.Method != http.MethodPost || p.ID == "" {
		t.Fatalf("accepted %+v", p)
	}
	if age := float64(f.clock.now().Unix()) - *p.IssuedAt; age > 300 || age < -60 {
		t.Fatalf("accepted at an age of %v s", age)
	}
}

// signedBy verifies with the standard library alone.
func signedBy(key any, input string, signature []byte) bool {
	sum := sha256.Sum256([]byte(input))
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		return len(signature) == 64 && ecdsa.Verify(k, sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:]))
	case *rsa.PublicKey:
		return k.N.BitLen() >= 2048 && rsa.VerifyPSS(k, 5, sum[:], signature, nil) == nil // crypto.SHA256
	case ed25519.PublicKey:
		return ed25519.Verify(k, []byte(input), signature)
	}
	return false
}
