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
	"sync"

	"github.com/go-jose/go-jose/v4"
)

// keys are the platform's two signing keys: a client is registered with one of
// the algorithms, and the JWK Set always shows both. Each is made when first
// needed, for an RSA key takes a noticeable time.
type keys struct{ ec, rsa func() jose.JSONWebKey }

func newKeys() *keys {
	return &keys{
		ec: sync.OnceValue(func() jose.JSONWebKey {
			private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
			return key("ES256", private, err)
		}),
		rsa: sync.OnceValue(func() jose.JSONWebKey {
			private, err := rsa.GenerateKey(rand.Reader, 2048)
			return key("RS256", private, err)
		}),
	}
}

// key panics when the system gives no randomness, as crypto/rand does.
func key(alg string, private any, err error) jose.JSONWebKey {
	if err != nil {
		panic(fmt.Errorf("fcsim: making a key: %w", err))
	}
	return jose.JSONWebKey{Key: private, KeyID: random(16), Algorithm: alg, Use: "sig"}
}

func (k *keys) private(alg string) jose.JSONWebKey {
	if alg == "RS256" {
		return k.rsa()
	}
	return k.ec()
}

func (k *keys) public(alg string) jose.JSONWebKey {
	private := k.private(alg)
	return private.Public()
}

// sign gives a compact JWS whose header is alg and kid, nothing else.
func (k *keys) sign(alg string, claims map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("encoding claims: %w", err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(alg), Key: k.private(alg)}, nil)
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
	payload, err := jws.Verify(k.public(alg))
	return claims, err == nil && json.Unmarshal(payload, &claims) == nil
}

func (s *Simulator) jwks(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Cache-Control", "public, max-age=600")
	writeJSON(w, http.StatusOK, "application/jwk-set+json", jose.JSONWebKeySet{
		Keys: []jose.JSONWebKey{s.keys.public("ES256"), s.keys.public("RS256")},
	})
}

// random gives n random bytes, base64url.
func random(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the process instead
	return base64.RawURLEncoding.EncodeToString(b)
}
