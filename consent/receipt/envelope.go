package receipt

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// ErrMalformed is returned for bytes that are not a receipt in its one form.
var ErrMalformed = errors.New("not a receipt in its one form")

// ErrUnknownSchema is returned, beside ErrMalformed, for a schema_version this
// package does not know: a newer verifier may.
var ErrUnknownSchema = errors.New("unknown schema_version")

// MaxSize bounds a receipt, as a compact JWS, in bytes.
const MaxSize = 64 << 10

// The fixed members of the header.
const (
	algorithm     = "ES256"
	contentType   = "json"
	envelopeType  = "accord-receipt+jws"
	signatureSize = 64
)

// A Header is the protected header of a receipt: exactly these members, in
// this order. There is no crit, as none of them needs it, and no sigT, which
// iat replaces. ETSI TS 119 182-1 §5; RFC 7515 §4.
type Header struct {
	Algorithm         string `json:"alg"` // "ES256"
	ContentType       string `json:"cty"` // "json"
	IssuedAt          int64  `json:"iat"` // seconds since 1970: when it was signed
	KeyID             string `json:"kid"`
	Type              string `json:"typ"`      // "accord-receipt+jws"
	CertificateDigest string `json:"x5t#S256"` // base64url SHA-256 of the seal certificate
}

// An envelope is a compact JWS taken apart, nothing of it trusted yet.
type envelope struct {
	header    Header
	payload   []byte
	signature []byte
}

// openEnvelope takes a compact JWS apart and holds its header to the one form.
// All errors wrap ErrMalformed.
func openEnvelope(jws []byte) (envelope, error) {
	if len(jws) > MaxSize {
		return envelope{}, fmt.Errorf("%w: %d bytes", ErrMalformed, len(jws))
	}
	parts := strings.Split(string(jws), ".")
	if len(parts) != 3 {
		return envelope{}, fmt.Errorf("%w: not a JWS in compact form", ErrMalformed)
	}
	var decoded [3][]byte
	for i, part := range parts {
		b, ok := decodeBase64URL(part)
		if !ok {
			return envelope{}, fmt.Errorf("%w: part %d is not base64url", ErrMalformed, i+1)
		}
		decoded[i] = b
	}
	if len(decoded[2]) != signatureSize {
		return envelope{}, fmt.Errorf("%w: signature of %d bytes", ErrMalformed, len(decoded[2]))
	}
	header, err := decodeHeader(decoded[0])
	return envelope{header, decoded[1], decoded[2]}, err
}

func decodeHeader(b []byte) (Header, error) {
	var h Header
	if err := decodeExactly(b, &h); err != nil {
		return Header{}, fmt.Errorf("header: %w", err)
	}
	switch {
	case h.Algorithm != algorithm:
		return Header{}, fmt.Errorf("%w: header: alg is not %s", ErrMalformed, algorithm)
	case h.Type != envelopeType:
		return Header{}, fmt.Errorf("%w: header: typ is not %s", ErrMalformed, envelopeType)
	case h.ContentType != contentType:
		return Header{}, fmt.Errorf("%w: header: cty is not %s", ErrMalformed, contentType)
	case h.IssuedAt <= 0:
		return Header{}, fmt.Errorf("%w: header: iat missing", ErrMalformed)
	case h.KeyID == "":
		return Header{}, fmt.Errorf("%w: header: kid missing", ErrMalformed)
	case !isBase64URL(h.CertificateDigest, 32):
		return Header{}, fmt.Errorf("%w: header: x5t#S256 is not a digest", ErrMalformed)
	}
	return h, nil
}

// decodeReceipt reads a payload. A schema_version it does not know is told
// apart from a payload that is merely wrong, though neither is accepted.
func decodeReceipt(payload []byte) (Receipt, error) {
	var r Receipt
	err := decodeExactly(payload, &r)
	if err == nil && r.SchemaVersion == SchemaVersion {
		return r, nil
	}
	if version := schemaVersion(payload); version != "" && version != SchemaVersion {
		return Receipt{}, fmt.Errorf("%w: payload: %w", ErrMalformed, ErrUnknownSchema)
	}
	if err == nil {
		err = fmt.Errorf("%w: schema_version missing", ErrMalformed)
	}
	return Receipt{}, fmt.Errorf("payload: %w", err)
}

func schemaVersion(payload []byte) string {
	var version struct {
		SchemaVersion string `json:"schema_version"`
	}
	if json.Unmarshal(payload, &version) != nil {
		return ""
	}
	return version.SchemaVersion
}

// decodeExactly reads b into v and refuses it unless v writes back as b. So no
// member is unknown, doubled, null, out of order or in another spelling, and
// two readers cannot understand the same bytes differently.
func decodeExactly(b []byte, v any) error {
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("%w: not the JSON expected", ErrMalformed)
	}
	again, err := encode(v)
	if err != nil {
		return err
	}
	if !bytes.Equal(again, b) {
		return fmt.Errorf("%w: members unknown, doubled, missing or out of order", ErrMalformed)
	}
	return nil
}

func encode(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encoding receipt: %w", err)
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}
