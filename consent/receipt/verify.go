package receipt

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"time"
)

// What Verify says against a receipt, beside ErrMalformed and ErrContent.
var (
	// ErrUnknownKey: no key of the set has this kid. Nothing is known of the receipt.
	ErrUnknownKey = errors.New("signed with a key that is not in the set")
	// ErrSignature: the signature is not the key's over these bytes.
	ErrSignature = errors.New("signature does not verify")
	// ErrKeyNotValid: signed outside the time in which the key was in use, or
	// naming another certificate than the key's.
	ErrKeyNotValid = errors.New("key not valid when the receipt was signed")
)

// Parse reads a compact JWS that has a receipt's one form, and judges neither
// signature nor content: use Verify before believing any of it. Errors wrap
// ErrMalformed. What it accepts encodes to the same bytes again.
func Parse(jws []byte) (Receipt, Header, error) {
	env, err := openEnvelope(jws)
	if err != nil {
		return Receipt{}, Header{}, fmt.Errorf("parsing receipt: %w", err)
	}
	r, err := decodeReceipt(env.payload)
	if err != nil {
		return Receipt{}, Header{}, fmt.Errorf("parsing receipt: %w", err)
	}
	return r, env.header, nil
}

// Verify returns the receipt if jws is signed by a key of the set, in the time
// in which that key was in use, and its content keeps every rule. Its checks,
// in this order, fail with ErrMalformed (the envelope), ErrUnknownKey,
// ErrSignature, ErrKeyNotValid, ErrContent.
//
// The set must come from a place the caller trusts. A key's end is judged by
// the time the signer wrote: that a retired key did not sign later, only the
// log can show.
func Verify(jws []byte, keys KeySet) (Receipt, error) {
	env, err := openEnvelope(jws)
	if err != nil {
		return Receipt{}, fmt.Errorf("verifying receipt: %w", err)
	}
	key, found := keys.find(env.header.KeyID)
	if !found {
		return Receipt{}, fmt.Errorf("verifying receipt: %w", ErrUnknownKey)
	}
	if err := key.verify(jws, env.header); err != nil {
		return Receipt{}, fmt.Errorf("verifying receipt: %w", err)
	}
	r, err := decodeReceipt(env.payload)
	if err != nil {
		return Receipt{}, fmt.Errorf("verifying receipt: %w: %w", ErrContent, err)
	}
	if err := checkContent(r, env.header); err != nil {
		return Receipt{}, fmt.Errorf("verifying receipt: %w", err)
	}
	return r, nil
}

func (k Key) verify(jws []byte, h Header) error {
	if !k.signed(jws) {
		return ErrSignature
	}
	if h.CertificateDigest != base64.RawURLEncoding.EncodeToString(k.CertificateDigest[:]) {
		return fmt.Errorf("%w: x5t#S256 names another certificate", ErrKeyNotValid)
	}
	if at := time.Unix(h.IssuedAt, 0); !k.inUse(at) {
		return fmt.Errorf("%w: signed %s", ErrKeyNotValid, at.UTC().Format(time.RFC3339))
	}
	return nil
}

// signed tells whether the signature of an envelope that openEnvelope took
// apart is the key's: ES256 over all before the last point. RFC 7518 §3.4. An
// auditor checks whole logs: to parse the JWS a second time by a library would
// cost a tenth of it.
func (k Key) signed(jws []byte) bool {
	point := bytes.LastIndexByte(jws, '.')
	signature, ok := decodeBase64URL(string(jws[point+1:]))
	if !ok || len(signature) != signatureSize || k.Public == nil || k.Public.Curve != elliptic.P256() {
		return false
	}
	digest := sha256.Sum256(jws[:point])
	r, s := new(big.Int).SetBytes(signature[:signatureSize/2]), new(big.Int).SetBytes(signature[signatureSize/2:])
	return ecdsa.Verify(k.Public, digest[:], r, s)
}

// inUse: nbf ≤ at ≤ retired_at, in whole seconds as iat counts.
func (k Key) inUse(at time.Time) bool {
	return at.Unix() >= k.NotBefore.Unix() && (k.RetiredAt == nil || at.Unix() <= k.RetiredAt.Unix())
}
