package receipt

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/cryptosigner"
)

// signingDelay is how far a receipt's signature may be from the act: clocks,
// and a receipt signed again because its key was retired meanwhile.
const signingDelay = 5 * time.Minute

// A Signer seals receipts.
type Signer struct {
	KeyID             string        // KeyID of the public key
	Key               crypto.Signer // ECDSA P-256; a file, a token or an HSM
	CertificateDigest [32]byte      // SHA-256 of the seal certificate, DER
}

// Sign gives the receipt as a compact JWS signed at the given time (iat, cut
// to the second). A receipt that Validate refuses, that is signed more than
// five minutes from its act, or that is longer than MaxSize is not signed.
// ETSI TS 119 182-1 (JAdES B-B); RFC 7515.
func Sign(r Receipt, s Signer, at time.Time) ([]byte, error) {
	header := Header{
		Algorithm: algorithm, ContentType: contentType, IssuedAt: at.Unix(), KeyID: s.KeyID,
		Type: envelopeType, CertificateDigest: base64.RawURLEncoding.EncodeToString(s.CertificateDigest[:]),
	}
	if err := checkContent(r, header); err != nil {
		return nil, fmt.Errorf("signing receipt: %w", err)
	}
	payload, err := encode(r)
	if err != nil {
		return nil, fmt.Errorf("signing receipt: %w", err)
	}
	// What a reader would refuse must never be signed: text that is not UTF-8.
	if _, err := decodeReceipt(payload); err != nil {
		return nil, fmt.Errorf("signing receipt: %w: %w", ErrContent, err)
	}
	jws, err := seal(payload, header, s)
	if err != nil {
		return nil, fmt.Errorf("signing receipt: %w", err)
	}
	if len(jws) > MaxSize {
		return nil, fmt.Errorf("signing receipt: %w: %d bytes", ErrContent, len(jws))
	}
	return jws, nil
}

func seal(payload []byte, h Header, s Signer) ([]byte, error) {
	public, ok := s.Key.Public().(*ecdsa.PublicKey)
	if !ok || public.Curve != elliptic.P256() || s.KeyID == "" {
		return nil, fmt.Errorf("the key is not on P-256 or has no id")
	}
	options := &jose.SignerOptions{ExtraHeaders: map[jose.HeaderKey]any{
		"cty": h.ContentType, "iat": h.IssuedAt, "kid": h.KeyID, "typ": h.Type, "x5t#S256": h.CertificateDigest,
	}}
	key := jose.SigningKey{Algorithm: jose.ES256, Key: cryptosigner.Opaque(s.Key)}
	signer, err := jose.NewSigner(key, options)
	if err != nil {
		return nil, fmt.Errorf("preparing the key: %w", err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return nil, fmt.Errorf("using the key: %w", err)
	}
	compact, err := signed.CompactSerialize()
	return []byte(compact), err
}

// checkContent holds a receipt to its rules and to the time of its signature.
func checkContent(r Receipt, h Header) error {
	if err := r.Validate(); err != nil {
		return err
	}
	apart := time.Unix(h.IssuedAt, 0).Sub(r.Event.Time.Time())
	if apart.Abs() > signingDelay {
		return fmt.Errorf("%w: event.time: %s from the signature", ErrContent, apart)
	}
	return nil
}

// Digest names a receipt, as in log events and previous_receipt: "sha-256:"
// and the base64url of SHA-256 over the whole compact JWS.
func Digest(jws []byte) string {
	sum := sha256.Sum256(jws)
	return "sha-256:" + base64.RawURLEncoding.EncodeToString(sum[:])
}
