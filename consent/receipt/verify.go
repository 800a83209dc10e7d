package receipt

import (
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"
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
	signed, err := jose.ParseSignedCompact(string(jws), []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	if _, err := signed.Verify(k.Public); err != nil {
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

// inUse: nbf ≤ at ≤ retired_at, in whole seconds as iat counts.
func (k Key) inUse(at time.Time) bool {
	return at.Unix() >= k.NotBefore.Unix() && (k.RetiredAt == nil || at.Unix() <= k.RetiredAt.Unix())
}
