package fcsim

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/go-jose/go-jose/v4"
)

// keys are the platform's two signing keys: a client is registered with one of
// the algorithms, and the JWK Set always shows both.
type keys struct {
	set     jose.JSONWebKeySet
	private map[string]jose.JSONWebKey // by algorithm
}

// newKeys panics when the system gives no randomness, as crypto/rand does.
func newKeys() keys {
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(fmt.Errorf("fcsim: making a key: %w", err))
	}
	rs, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(fmt.Errorf("fcsim: making a key: %w", err))
	}
	k := keys{private: map[string]jose.JSONWebKey{}}
	k.add("ES256", ec)
	k.add("RS256", rs)
	return k
}

func (k *keys) add(alg string, private any) {
	jwk := jose.JSONWebKey{Key: private, KeyID: random(16), Algorithm: alg, Use: "sig"}
	k.private[alg] = jwk
	k.set.Keys = append(k.set.Keys, jwk.Public())
}

// sign gives a compact JWS whose header is alg and kid, nothing else.
func (k *keys) sign(alg string, claims map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("encoding claims: %w", err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(alg), Key: k.private[alg]}, nil)
	if err != nil {
		return "", fmt.Errorf("making a signer: %w", err)
	}
	jws, err := signer.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("signing: %w", err)
	}
	return jws.CompactSerialize()
}

// open verifies a token of ours, expired or not.
func (k *keys) open(alg, compact string) (claims map[string]any, ok bool) {
	jws, err := jose.ParseSignedCompact(compact, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(alg)})
	if err != nil {
		return nil, false
	}
	payload, err := jws.Verify(k.set)
	return claims, err == nil && json.Unmarshal(payload, &claims) == nil
}

func (s *Simulator) jwks(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Cache-Control", "public, max-age=600")
	writeJSON(w, http.StatusOK, "application/jwk-set+json", s.keys.set)
}

// random gives n random bytes, base64url.
func random(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the process instead
	return base64.RawURLEncoding.EncodeToString(b)
}
