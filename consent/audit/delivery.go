package audit

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"accord/consent/ledger"
	"accord/consent/receipt"
)

// ErrDelivery is returned for what is not a delivery in its one form, for one
// whose content breaks a rule, and for one the log tells otherwise.
var ErrDelivery = errors.New("not a delivery in its one form")

// MaxDelivery bounds a delivery, as a compact JWS, in bytes.
const MaxDelivery = 256 << 10

// A Delivery is one answer of /v3 as a signed statement, checkable years later.
// Either Data or Errors is there. Their bytes are kept as they were signed.
type Delivery struct {
	Issuer     string          `json:"iss"`
	Audience   string          `json:"aud"` // "siret:" + 14 digits of the recipient
	Subject    string          `json:"sub"` // pairwise subject identifier at the recipient
	IssuedAt   int64           `json:"iat"` // seconds since 1970: when it was signed
	Release    string          `json:"jti"` // release id
	Client     string          `json:"client_id"`
	Grant      string          `json:"grant_id"`
	Resource   string          `json:"resource"` // "dss/quotient_familial"
	Source     string          `json:"source"`
	Period     string          `json:"period,omitempty"`
	Retrieved  string          `json:"retrieved"`        // TimeLayout
	Log        string          `json:"log"`              // position, "<origin>#<index>"
	ReleaseKey string          `json:"release_key"`      // base64url of 32 bytes
	Data       json.RawMessage `json:"data,omitempty"`   // the very bytes the log's digest covers
	Errors     json.RawMessage `json:"errors,omitempty"` // instead, for an agreed absence
}

// SignDelivery signs d as a compact JWS of type accord-delivery+jwt, at the
// given time (iat, cut to the second). Errors wrap ErrDelivery when d breaks a
// rule. RFC 7515, RFC 7519.
func SignDelivery(d Delivery, s receipt.Signer, at time.Time) ([]byte, error) {
	d.IssuedAt = at.Unix()
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("signing delivery: %w", err)
	}
	payload, err := d.encode()
	if err != nil {
		return nil, fmt.Errorf("signing delivery: %w", err)
	}
	// What a reader would refuse must never be signed.
	if _, err := decodeDelivery(payload); err != nil {
		return nil, fmt.Errorf("signing delivery: %w", err)
	}
	jws, err := sealDelivery(payload, d.IssuedAt, s)
	if err != nil {
		return nil, fmt.Errorf("signing delivery: %w", err)
	}
	if len(jws) > MaxDelivery {
		return nil, fmt.Errorf("signing delivery: %w: %d bytes", ErrDelivery, len(jws))
	}
	return jws, nil
}

// VerifyDelivery returns the delivery if a key of the set signed it in its
// time. Its checks, in this order, fail with ErrDelivery (the envelope),
// receipt.ErrUnknownKey, receipt.ErrSignature, receipt.ErrKeyNotValid,
// ErrDelivery (the content). That it was logged, only its opening can show:
// DigestIn.
func VerifyDelivery(jws []byte, keys receipt.KeySet) (Delivery, error) {
	header, payload, err := openDelivery(jws)
	if err != nil {
		return Delivery{}, fmt.Errorf("verifying delivery: %w", err)
	}
	if err := verifySignature(jws, header, keys); err != nil {
		return Delivery{}, fmt.Errorf("verifying delivery: %w", err)
	}
	d, err := decodeDelivery(payload)
	if err != nil {
		return Delivery{}, fmt.Errorf("verifying delivery: %w", err)
	}
	if d.IssuedAt != header.IssuedAt {
		return Delivery{}, fmt.Errorf("verifying delivery: %w: two times of signature", ErrDelivery)
	}
	return d, nil
}

// Position is the leaf of the delivery's event.
func (d Delivery) Position() (ledger.Position, error) { return ledger.ParsePosition(d.Log) }

// Digest is what the log's event says of the data: HMAC-SHA-256(release key,
// bytes of the member data, or errors).
func (d Delivery) Digest() (string, error) {
	key, err := base64.RawURLEncoding.Strict().DecodeString(d.ReleaseKey)
	if err != nil || len(key) != sha256.Size {
		return "", fmt.Errorf("computing a delivery's digest: %w: release_key", ErrDelivery)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write(d.body())
	return "hmac-sha-256:" + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)), nil
}

// DigestIn returns nil if e, the event at the delivery's position, is the
// release.completed of this very delivery and of these very bytes; else an
// error that wraps ErrDelivery.
func (d Delivery) DigestIn(e Event) error {
	digest, err := d.Digest()
	if err != nil {
		return err
	}
	for _, member := range []struct{ name, said, logged string }{
		{"kind", ReleaseCompleted.String(), e.Kind},
		{"release", d.Release, e.Release},
		{"grant", d.Grant, e.Grant},
		{"recipient", d.Audience, "siret:" + e.Recipient},
		{"client", d.Client, e.Client},
		{"response_digest", digest, e.ResponseDigest},
	} {
		if member.said != member.logged {
			return fmt.Errorf("comparing a delivery with the log: %w: %s differs", ErrDelivery, member.name)
		}
	}
	return nil
}

func (d Delivery) body() []byte {
	if d.Data != nil {
		return d.Data
	}
	return d.Errors
}
