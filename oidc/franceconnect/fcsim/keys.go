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
	"slices"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// KeyOverlap is how long a key stays published once another has replaced it.
const KeyOverlap = time.Hour

// keys are the platform's two signing keys: a client is registered with one of
// the algorithms, and the JWK Set always shows both, then the retired ones.
// Each is made when first needed, for an RSA key takes a noticeable time.
type keys struct {
	now func() time.Time

	mu      sync.Mutex // guards what follows
	ec, rsa func() jose.JSONWebKey
	old     []retired
}

// retired is a key that signs no more.
type retired struct {
	key   jose.JSONWebKey
	until time.Time // published
}

func newKeys(now func() time.Time) *keys {
	return &keys{now: now, ec: sync.OnceValue(newEC), rsa: sync.OnceValue(firstRSA)}
}

func newEC() jose.JSONWebKey {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	return key("ES256", private, err)
}

// firstRSA is a key under a new kid, whose numbers the simulators of one process
// share: making them is the slowest thing a simulator does.
func firstRSA() jose.JSONWebKey {
	private, err := sharedRSA()
	return key("RS256", private, err)
}

var sharedRSA = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func newRSA() jose.JSONWebKey {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	return key("RS256", private, err)
}

// key panics when the system gives no randomness, as crypto/rand does.
func key(alg string, private any, err error) jose.JSONWebKey {
	if err != nil {
		panic(fmt.Errorf("fcsim: making a key: %w", err))
	}
	return jose.JSONWebKey{Key: private, KeyID: random(16), Algorithm: alg, Use: "sig"}
}

func (k *keys) private(alg string) jose.JSONWebKey {
	k.mu.Lock()
	defer k.mu.Unlock()
	if alg == "RS256" {
		return k.rsa()
	}
	return k.ec()
}

// rotate makes another key sign with alg. The old one stays published.
func (k *keys) rotate(alg string) {
	leaving := k.private(alg)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.old = append(k.old, retired{leaving, k.now().Add(KeyOverlap)})
	if alg == "RS256" {
		k.rsa = sync.OnceValue(newRSA)
	} else {
		k.ec = sync.OnceValue(newEC)
	}
}

// public gives what the JWK Set shows.
func (k *keys) public() []jose.JSONWebKey {
	ec, rsa := k.private("ES256"), k.private("RS256")
	shown := []jose.JSONWebKey{ec.Public(), rsa.Public()}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.old = slices.DeleteFunc(k.old, func(r retired) bool { return k.now().After(r.until) })
	for _, r := range k.old {
		shown = append(shown, r.key.Public())
	}
	return shown
}

// sign gives a compact JWS whose header is alg and kid, nothing else.
func (k *keys) sign(alg string, claims map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("encoding claims: %w", err)
	}
	return signBy(jose.SignatureAlgorithm(alg), k.private(alg), payload)
}

func signBy(alg jose.SignatureAlgorithm, key any, payload []byte) (string, error) {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, nil)
	if err != nil {
		return "", fmt.Errorf("making a signer: %w", err)
	}
	jws, err := signer.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("signing: %w", err)
	}
	return jws.CompactSerialize()
}

// open verifies a token of ours, expired or not, by a published key.
func (k *keys) open(alg, compact string) (claims map[string]any, ok bool) {
	jws, err := jose.ParseSignedCompact(compact, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(alg)})
	if err != nil {
		return nil, false
	}
	payload, err := jws.Verify(jose.JSONWebKeySet{Keys: k.public()})
	return claims, err == nil && json.Unmarshal(payload, &claims) == nil
}

// RotateKeys makes a new key sign from now on, under a new kid. The old one
// stays published for KeyOverlap.
func (s *Simulator) RotateKeys() { s.keys.rotate(s.options.SigningAlg) }

func (s *Simulator) jwks(w http.ResponseWriter, _ *http.Request) {
	shown := s.keys.public()
	if more := s.lie("").keys; more != nil {
		shown = more(shown)
	}
	w.Header().Set("Cache-Control", "public, max-age=600")
	writeJSON(w, http.StatusOK, "application/jwk-set+json", jose.JSONWebKeySet{Keys: shown})
}

// random gives n random bytes, base64url.
func random(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the process instead
	return base64.RawURLEncoding.EncodeToString(b)
}
