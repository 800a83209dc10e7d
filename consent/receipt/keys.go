package receipt

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"
)

// ErrKeySet is returned for a key set that cannot be used.
var ErrKeySet = errors.New("key set not usable")

// MaxKeySet bounds a JWK set in bytes.
const MaxKeySet = 1 << 20

// A Key is one public key that signs or signed receipts. Keys stay in the set
// as long as a receipt of theirs lives.
type Key struct {
	KeyID             string           // KeyID(Public)
	Public            *ecdsa.PublicKey // P-256
	CertificateDigest [32]byte         // SHA-256 of the seal certificate
	NotBefore         time.Time        // first second of use
	RetiredAt         *time.Time       // last second of use; nil while in use
	LogIndex          *int64           // leaf of its key.activated; nil until logged
}

// A KeySet is the history of keys, /.well-known/accord/jwks.json.
type KeySet []Key

// KeyID names a P-256 key so that the name cannot lie: the first 16 characters
// of its RFC 7638 thumbprint.
func KeyID(public *ecdsa.PublicKey) (string, error) {
	x, y, err := coordinates(public)
	if err != nil {
		return "", fmt.Errorf("naming key: %w", err)
	}
	sum := sha256.Sum256([]byte(`{"crv":"P-256","kty":"EC","x":"` + x + `","y":"` + y + `"}`))
	return base64.RawURLEncoding.EncodeToString(sum[:])[:16], nil
}

func coordinates(public *ecdsa.PublicKey) (x, y string, err error) {
	if public == nil || public.Curve != elliptic.P256() {
		return "", "", fmt.Errorf("not a P-256 key: %w", ErrKeySet)
	}
	point, err := public.Bytes() // 0x04 ‖ x ‖ y
	if err != nil {
		return "", "", fmt.Errorf("%w: %w", ErrKeySet, err)
	}
	return base64.RawURLEncoding.EncodeToString(point[1:33]), base64.RawURLEncoding.EncodeToString(point[33:]), nil
}

func (s KeySet) find(kid string) (Key, bool) {
	for _, k := range s {
		if k.KeyID == kid {
			return k, true
		}
	}
	return Key{}, false
}
