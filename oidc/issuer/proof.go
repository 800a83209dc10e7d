package issuer

import (
	"crypto"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/json" // case-sensitive, refuses repeated members
)

const (
	proofType = "dpop+jwt" // RFC 9449 §4.2
	maxProof  = 8 << 10    // bytes
)

// A proof is a DPoP proof (RFC 9449 §4.2) signed with the key it carries.
// Times are seconds since 1970 and may have fractions.
type proof struct {
	thumbprint string // of its key: base64url SHA-256 (RFC 7638)

	ID        string   `json:"jti"` // 1 to 256 bytes
	Method    string   `json:"htm"`
	URI       string   `json:"htu"`
	IssuedAt  *float64 `json:"iat"`
	Expires   *float64 `json:"exp,omitempty"`
	NotBefore *float64 `json:"nbf,omitempty"`
	Nonce     string   `json:"nonce"`
	TokenHash string   `json:"ath,omitempty"` // base64url SHA-256 of the access token
}

// parseProof reads a proof and verifies its signature. What it says is not yet
// checked.
func parseProof(compact string) (*proof, error) {
	if len(compact) > maxProof || !canonicalCompact(compact) {
		return nil, errors.New("not three base64url parts of at most 8 KiB")
	}
	jws, err := jose.ParseSignedCompact(compact, assertionAlgs())
	if err != nil {
		return nil, errors.New("not a compact JWS signed with ES256, PS256 or EdDSA by a public key in its header")
	}
	key, err := proofKey(jws.Signatures[0].Protected)
	if err != nil {
		return nil, err
	}
	payload, err := jws.Verify(key.Key)
	if err != nil {
		return nil, errors.New("the signature is not of the key in the header")
	}
	p := new(proof)
	if err := json.Unmarshal(payload, p); err != nil {
		return nil, errors.New("the payload is not a claims object")
	}
	sum, err := key.Thumbprint(crypto.SHA256)
	if err != nil {
		return nil, errors.New("the key has no thumbprint")
	}
	p.thumbprint = base64.RawURLEncoding.EncodeToString(sum)
	return p, nil
}

// proofKey is the public key of a proof's header, with which alone its
// algorithm may be used. The library has checked that a point is on its curve.
func proofKey(h jose.Header) (*jose.JSONWebKey, error) {
	if h.ExtraHeaders[jose.HeaderType] != proofType {
		return nil, errors.New("typ is not " + proofType)
	}
	for _, name := range []jose.HeaderKey{"jku", "x5u", "crit", "b64"} {
		if _, present := h.ExtraHeaders[name]; present {
			return nil, errors.New("header " + string(name) + " is not accepted")
		}
	}
	if h.JSONWebKey == nil || badKey(*h.JSONWebKey) != "" {
		return nil, errors.New("jwk must be a public P-256, Ed25519, or RSA key of 2048 to 4096 bits")
	}
	if string(keyAlg(h.JSONWebKey.Key)) != h.Algorithm {
		return nil, errors.New("alg does not go with the key")
	}
	return h.JSONWebKey, nil
}

// proofHeader is the one DPoP header of a request; "" without any.
func proofHeader(r *http.Request) (string, *Error) {
	headers := r.Header.Values("DPoP")
	switch {
	case len(headers) == 0:
		return "", nil
	case len(headers) > 1 || strings.TrimSpace(headers[0]) == "":
		return "", invalidProof("send one DPoP header, with one proof")
	}
	return headers[0], nil
}

func invalidProof(description string) *Error {
	return NewError("invalid_dpop_proof", description)
}
