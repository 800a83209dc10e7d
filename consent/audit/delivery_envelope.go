package audit

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/cryptosigner"

	"accord/consent/receipt"
)

const (
	deliveryType  = "accord-delivery+jwt"
	signatureSize = 64 // r ‖ s on P-256
)

// A deliveryHeader is the protected header: exactly these members, in this
// order. RFC 7515 §4; ETSI TS 119 182-1 §5.
type deliveryHeader struct {
	Algorithm         string `json:"alg"` // "ES256"
	IssuedAt          int64  `json:"iat"`
	KeyID             string `json:"kid"`
	Type              string `json:"typ"`
	CertificateDigest string `json:"x5t#S256"`
}

func sealDelivery(payload []byte, iat int64, s receipt.Signer) ([]byte, error) {
	public, ok := s.Key.Public().(*ecdsa.PublicKey)
	if !ok || public.Curve != elliptic.P256() || s.KeyID == "" {
		return nil, errors.New("the key is not on P-256 or has no id")
	}
	options := &jose.SignerOptions{ExtraHeaders: map[jose.HeaderKey]any{
		"iat": iat, "kid": s.KeyID, "typ": deliveryType, "x5t#S256": encodeURL(s.CertificateDigest[:]),
	}}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: cryptosigner.Opaque(s.Key)}, options)
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

// openDelivery takes a compact JWS apart and holds its header to the one form.
// Nothing of it is trusted yet.
func openDelivery(jws []byte) (deliveryHeader, []byte, error) {
	parts := strings.Split(string(jws), ".")
	if len(jws) > MaxDelivery || len(parts) != 3 {
		return deliveryHeader{}, nil, fmt.Errorf("%w: not a JWS in compact form", ErrDelivery)
	}
	var decoded [3][]byte
	for i, part := range parts {
		b, ok := decodeURL(part)
		if !ok {
			return deliveryHeader{}, nil, fmt.Errorf("%w: part %d is not base64url", ErrDelivery, i+1)
		}
		decoded[i] = b
	}
	if len(decoded[2]) != signatureSize {
		return deliveryHeader{}, nil, fmt.Errorf("%w: signature of %d bytes", ErrDelivery, len(decoded[2]))
	}
	h, err := decodeDeliveryHeader(decoded[0])
	return h, decoded[1], err
}

func decodeDeliveryHeader(b []byte) (deliveryHeader, error) {
	var h deliveryHeader
	if json.Unmarshal(b, &h) != nil || !writesBackAs(h, b) {
		return h, fmt.Errorf("%w: header: members unknown, doubled, missing or out of order", ErrDelivery)
	}
	if h.Algorithm != "ES256" || h.Type != deliveryType || h.IssuedAt <= 0 || h.KeyID == "" || !isBytes(h.CertificateDigest, 32) {
		return h, fmt.Errorf("%w: header: alg, iat, kid, typ or x5t#S256", ErrDelivery)
	}
	return h, nil
}

// verifySignature finds the key, then judges the signature, then the key's time.
func verifySignature(jws []byte, h deliveryHeader, keys receipt.KeySet) error {
	key, found := findKey(keys, h.KeyID)
	if !found {
		return receipt.ErrUnknownKey
	}
	signed, err := jose.ParseSignedCompact(string(jws), []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDelivery, err)
	}
	if _, err := signed.Verify(key.Public); err != nil {
		return receipt.ErrSignature
	}
	if named := encodeURL(key.CertificateDigest[:]); key.CertificateDigest != [32]byte{} && h.CertificateDigest != named {
		return fmt.Errorf("%w: x5t#S256 names another certificate", receipt.ErrKeyNotValid)
	}
	if h.IssuedAt < key.NotBefore.Unix() || (key.RetiredAt != nil && h.IssuedAt > key.RetiredAt.Unix()) {
		return fmt.Errorf("%w: signed %s", receipt.ErrKeyNotValid, time.Unix(h.IssuedAt, 0).UTC().Format(time.RFC3339))
	}
	return nil
}

func findKey(keys receipt.KeySet, kid string) (receipt.Key, bool) {
	for _, k := range keys {
		if k.KeyID == kid {
			return k, true
		}
	}
	return receipt.Key{}, false
}
