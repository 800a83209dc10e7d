package audit

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"accord/consent/receipt"
)

// ErrEvidence is returned when FranceConnect's ID token is not the evidence
// the receipt speaks of.
var ErrEvidence = errors.New("not the evidence of this receipt")

// idToken is what of an ID token binds it to a receipt. OpenID Connect Core §2.
type idToken struct {
	Issuer   string `json:"iss"`
	Nonce    string `json:"nonce"`
	ACR      string `json:"acr"`
	AuthTime int64  `json:"auth_time"`
}

// VerifyEvidence returns nil if a key the log names as FranceConnect's signed
// a login for the very request the receipt names:
//
//	auth.evidence = HMAC-SHA-256(salt, ID token)
//	nonce         = hex SHA-256(request_digest ‖ r)
//
// and if issuer, level and time of the login are the receipt's. It proves the
// login for this request, as far as the log's word for FranceConnect's keys is
// right; not that the person clicked. The keys' end says nothing here: an old
// signature stays good. Errors wrap ErrEvidence, and receipt.ErrUnknownKey or
// receipt.ErrSignature where it is that.
func VerifyEvidence(v Evidence, r receipt.Receipt, keys Keys) error {
	if r.Subject == nil || r.RequestDigest == "" {
		return fmt.Errorf("%w: the receipt speaks of no login", ErrEvidence)
	}
	if err := v.opens(r.Subject.Auth.Evidence); err != nil {
		return err
	}
	payload, err := v.verifySignature(keys)
	if err != nil {
		return err
	}
	var claims idToken
	if json.Unmarshal(payload, &claims) != nil || receipt.DoubledName(payload) {
		return fmt.Errorf("%w: the token's claims are unreadable or stand twice", ErrEvidence)
	}
	nonce, err := v.nonce(r.RequestDigest)
	if err != nil {
		return err
	}
	auth := r.Subject.Auth
	switch {
	case claims.Nonce != nonce:
		return fmt.Errorf("%w: the nonce opens to another request", ErrEvidence)
	case claims.Issuer != auth.IDP:
		return fmt.Errorf("%w: another issuer", ErrEvidence)
	case claims.ACR != auth.ACR:
		return fmt.Errorf("%w: another level of login", ErrEvidence)
	case claims.AuthTime != 0 && claims.AuthTime != auth.AuthTime:
		return fmt.Errorf("%w: another time of login", ErrEvidence)
	}
	return nil
}

func (v Evidence) opens(digest string) error {
	salt, ok := decodeURL(v.Salt)
	if !ok || len(salt) != sha256.Size {
		return fmt.Errorf("%w: salt", ErrEvidence)
	}
	mac := hmac.New(sha256.New, salt)
	mac.Write([]byte(v.IDToken))
	if digest != "hmac-sha-256:"+encodeURL(mac.Sum(nil)) {
		return fmt.Errorf("%w: auth.evidence is the digest of another token", ErrEvidence)
	}
	return nil
}

// nonce is what FranceConnect was sent for the request of that digest.
func (v Evidence) nonce(request string) (string, error) {
	encoded, found := strings.CutPrefix(request, "sha-256:")
	event, ok := decodeURL(encoded)
	r, okR := decodeURL(v.R)
	if !found || !ok || !okR || len(event) != sha256.Size || len(r) != sha256.Size {
		return "", fmt.Errorf("%w: r or request_digest", ErrEvidence)
	}
	sum := sha256.Sum256(append(event, r...))
	return hex.EncodeToString(sum[:]), nil
}

// verifySignature: FranceConnect signs with ES256 or RS256; nothing else is
// taken, least of all a MAC or nothing.
func (v Evidence) verifySignature(keys Keys) ([]byte, error) {
	signed, err := jose.ParseSignedCompact(v.IDToken, []jose.SignatureAlgorithm{jose.ES256, jose.RS256})
	if err != nil || len(signed.Signatures) != 1 {
		return nil, fmt.Errorf("%w: the token is no JWS of ES256 or RS256", ErrEvidence)
	}
	key, known := keys.Find(RoleFranceConnect, signed.Signatures[0].Protected.KeyID)
	if !known {
		return nil, fmt.Errorf("%w: %w", ErrEvidence, receipt.ErrUnknownKey)
	}
	payload, err := signed.Verify(key.JWK.Key)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrEvidence, receipt.ErrSignature)
	}
	return payload, nil
}
