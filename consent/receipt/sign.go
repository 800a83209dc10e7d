package receipt

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"time"
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

// seal makes the envelope that openEnvelope takes apart: ES256 over all before
// the last point. RFC 7515 §5.1. As in verifying, a library would copy the
// receipt several times for it.
func seal(payload []byte, h Header, s Signer) ([]byte, error) {
	public, ok := s.Key.Public().(*ecdsa.PublicKey)
	if !ok || public.Curve != elliptic.P256() || s.KeyID == "" {
		return nil, fmt.Errorf("the key is not on P-256 or has no id")
	}
	header, err := encode(h)
	if err != nil {
		return nil, err
	}
	jws := base64.RawURLEncoding.AppendEncode(nil, header)
	jws = base64.RawURLEncoding.AppendEncode(append(jws, '.'), payload)
	signature, err := s.sign(sha256.Sum256(jws))
	if err != nil {
		return nil, fmt.Errorf("using the key: %w", err)
	}
	return base64.RawURLEncoding.AppendEncode(append(jws, '.'), signature), nil
}

// sign gives R ‖ S, 32 bytes each (RFC 7518 §3.4), where a crypto.Signer gives
// an ASN.1 SEQUENCE of the two (RFC 3279 §2.2.3).
func (s Signer) sign(digest [sha256.Size]byte) ([]byte, error) {
	der, err := s.Key.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		return nil, err
	}
	var pair struct{ R, S *big.Int }
	rest, err := asn1.Unmarshal(der, &pair)
	if err != nil || len(rest) > 0 || pair.R.Sign() <= 0 || pair.S.Sign() <= 0 || max(pair.R.BitLen(), pair.S.BitLen()) > 256 {
		return nil, errors.New("what it gave is no signature on P-256")
	}
	raw := make([]byte, signatureSize)
	pair.R.FillBytes(raw[:signatureSize/2])
	pair.S.FillBytes(raw[signatureSize/2:])
	return raw, nil
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
