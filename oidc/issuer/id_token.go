package issuer

import (
	"crypto"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/cryptosigner"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// createIDToken makes the client's ID token with at_hash (OpenID Connect Core
// §2, §3.1.3.6), "" without the scope openid, signed with the algorithm the
// client registered. The library's own op.CreateIDToken knows one key for all
// clients, and its client_id is no claim of an ID token: nobody asked for it.
func (i *Issuer) createIDToken(c *Client, key signingKey, issued *Issued) (string, error) {
	if issued.Subject == "" || issued.AccessToken == "" {
		return "", errors.New("making an ID token: no subject or no access token")
	}
	if !slices.Contains(issued.Scopes, oidc.ScopeOpenID) {
		return "", nil // plain OAuth
	}
	claims := oidc.NewIDTokenClaims(i.config.Issuer, issued.Subject, []string{c.ID}, time.Now().UTC().Add(idTokenLifetime),
		issued.AuthTime, issued.Nonce, issued.ACR, issued.AMR, c.ID, 0)
	claims.ClientID = ""
	hash, err := oidc.ClaimHash(issued.AccessToken, key.alg)
	if err != nil {
		return "", fmt.Errorf("making an ID token: %w", err)
	}
	claims.AccessTokenHash = hash
	token, err := key.sign(claims)
	if err != nil {
		return "", fmt.Errorf("making an ID token: %w", err)
	}
	return token, nil
}

// signingKey finds the active key before a code is consumed: a missing key
// must not cost the citizen a consent.
func (i *Issuer) signingKey(c *Client) (signingKey, error) {
	kid, signer, err := i.config.Keys.SigningKey(c.SigningAlg())
	if err != nil {
		return signingKey{}, fmt.Errorf("finding the %s key: %w", c.SigningAlg(), err)
	}
	return signingKey{id: kid, alg: jose.SignatureAlgorithm(c.SigningAlg()), signer: signer}, nil
}

type signingKey struct {
	id     string
	alg    jose.SignatureAlgorithm
	signer crypto.Signer
}

func (k signingKey) SignatureAlgorithm() jose.SignatureAlgorithm { return k.alg }
func (k signingKey) Key() any                                    { return cryptosigner.Opaque(k.signer) }
func (k signingKey) ID() string                                  { return k.id }

// sign makes a compact JWS with kid (RFC 7515 §7.1).
func (k signingKey) sign(claims *oidc.IDTokenClaims) (string, error) {
	signer, err := op.SignerFromKey(k)
	if err != nil {
		return "", err
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	jws, err := signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return jws.CompactSerialize()
}
