package receipt

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"
)

// jwk is one key as published. RFC 7517 §4, and three members of our own.
type jwk struct {
	KeyType           string `json:"kty"`
	Curve             string `json:"crv"`
	X                 string `json:"x"`
	Y                 string `json:"y"`
	KeyID             string `json:"kid"`
	CertificateDigest string `json:"x5t#S256"`
	NotBefore         int64  `json:"nbf"`        // seconds since 1970
	RetiredAt         *int64 `json:"retired_at"` // seconds since 1970, or null
	LogIndex          *int64 `json:"log_index"`  // or null
}

type jwkSet struct {
	Keys []jwk `json:"keys"`
}

// JWKS gives the set as it is published: a JWK set whose keys carry kid,
// x5t#S256, nbf, retired_at and log_index.
func (s KeySet) JWKS() ([]byte, error) {
	set := jwkSet{Keys: []jwk{}}
	for _, k := range s {
		encoded, err := k.jwk()
		if err != nil {
			return nil, fmt.Errorf("encoding key set: key %q: %w", k.KeyID, err)
		}
		set.Keys = append(set.Keys, encoded)
	}
	return encode(set)
}

func (k Key) jwk() (jwk, error) {
	x, y, err := coordinates(k.Public)
	if err != nil {
		return jwk{}, err
	}
	out := jwk{
		KeyType: "EC", Curve: "P-256", X: x, Y: y, KeyID: k.KeyID,
		CertificateDigest: base64.RawURLEncoding.EncodeToString(k.CertificateDigest[:]),
		NotBefore:         k.NotBefore.Unix(), LogIndex: k.LogIndex,
	}
	if k.RetiredAt != nil {
		seconds := k.RetiredAt.Unix()
		out.RetiredAt = &seconds
	}
	return out, nil
}

// ParseKeySet reads a JWK set. As RFC 7517 has it, members and key types it
// does not know are passed over; names standing twice are refused. An EC key
// without x5t#S256 or nbf, or whose kid is not its KeyID, makes the whole set
// unusable: the JWK set of ID tokens is not that of receipts. Errors wrap
// ErrKeySet.
func ParseKeySet(data []byte) (KeySet, error) {
	set, err := decodeKeySet(data)
	if err != nil {
		return nil, fmt.Errorf("reading key set: %w", err)
	}
	keys := KeySet{}
	for i, j := range set.Keys {
		if j.KeyType != "EC" {
			continue
		}
		k, err := j.key()
		if err != nil {
			return nil, fmt.Errorf("reading key set: key %d: %w", i+1, err)
		}
		if _, doubled := keys.find(k.KeyID); doubled {
			return nil, fmt.Errorf("reading key set: key %d is there twice: %w", i+1, ErrKeySet)
		}
		keys = append(keys, k)
	}
	return keys, nil
}

func decodeKeySet(data []byte) (jwkSet, error) {
	if len(data) > MaxKeySet {
		return jwkSet{}, fmt.Errorf("%d bytes: %w", len(data), ErrKeySet)
	}
	var set jwkSet
	if err := json.Unmarshal(data, &set); err != nil || set.Keys == nil {
		return jwkSet{}, fmt.Errorf("not a JWK set: %w", ErrKeySet)
	}
	if DoubledName(data) {
		return jwkSet{}, fmt.Errorf("a member stands twice: %w", ErrKeySet)
	}
	return set, nil
}

func (j jwk) key() (Key, error) {
	public, err := j.public()
	if err != nil {
		return Key{}, err
	}
	kid, err := KeyID(public)
	if err != nil || kid != j.KeyID {
		return Key{}, fmt.Errorf("kid is not the key's thumbprint: %w", ErrKeySet)
	}
	sum, ok := decodeBase64URL(j.CertificateDigest)
	if !ok || len(sum) != sha256.Size {
		return Key{}, fmt.Errorf("x5t#S256 is not a digest: %w", ErrKeySet)
	}
	k := Key{KeyID: kid, Public: public, CertificateDigest: [32]byte(sum), NotBefore: time.Unix(j.NotBefore, 0).UTC(), LogIndex: j.LogIndex}
	if j.RetiredAt != nil {
		at := time.Unix(*j.RetiredAt, 0).UTC()
		k.RetiredAt = &at
	}
	return k, j.checkTimes()
}

func (j jwk) checkTimes() error {
	if j.NotBefore <= 0 || (j.RetiredAt != nil && *j.RetiredAt < j.NotBefore) || (j.LogIndex != nil && *j.LogIndex < 0) {
		return fmt.Errorf("nbf, retired_at or log_index out of range: %w", ErrKeySet)
	}
	return nil
}

func (j jwk) public() (*ecdsa.PublicKey, error) {
	x, okX := decodeBase64URL(j.X)
	y, okY := decodeBase64URL(j.Y)
	if j.Curve != "P-256" || !okX || !okY || len(x) != 32 || len(y) != 32 {
		return nil, fmt.Errorf("not an EC key on P-256: %w", ErrKeySet)
	}
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), bytes.Join([][]byte{{4}, x, y}, nil))
	if err != nil {
		return nil, fmt.Errorf("not a point of P-256: %w", ErrKeySet)
	}
	return public, nil
}
