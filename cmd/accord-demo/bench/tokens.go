package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// keys sign the client's assertions and proofs; made once for a run.
type keys struct {
	public     jose.JSONWebKey
	assertions jose.Signer
	proofs     jose.Signer
}

func newKeys() (*keys, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making a client key: %w", err)
	}
	jwk := jose.JSONWebKey{Key: private, KeyID: "c", Algorithm: "ES256", Use: "sig"}
	k := &keys{public: jwk.Public()}
	if k.assertions, err = jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jwk}, nil); err != nil {
		return nil, fmt.Errorf("making a signer: %w", err)
	}
	k.proofs, err = jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: private},
		(&jose.SignerOptions{EmbedJWK: true}).WithType("dpop+jwt"))
	if err != nil {
		return nil, fmt.Errorf("making a signer: %w", err)
	}
	return k, nil
}

// assertion adds private_key_jwt to a form (RFC 7523).
func (k *keys) assertion(form url.Values, client, issuer string) error {
	now := time.Now().Unix()
	jwt, err := signed(k.assertions, map[string]any{"iss": client, "sub": client, "aud": issuer, "jti": rand.Text(), "iat": now, "exp": now + 60})
	form.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
	form.Set("client_assertion", jwt)
	return err
}

// proof is the DPoP header of a request (RFC 9449).
func (k *keys) proof(method, address, nonce, token string) (string, error) {
	claims := map[string]any{"jti": rand.Text(), "htm": method, "htu": address, "iat": time.Now().Unix(), "nonce": nonce}
	if token != "" {
		sum := sha256.Sum256([]byte(token))
		claims["ath"] = base64.RawURLEncoding.EncodeToString(sum[:])
	}
	jwt, err := signed(k.proofs, claims)
	return "DPoP: " + jwt, err
}

func signed(s jose.Signer, claims map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("encoding claims: %w", err)
	}
	jws, err := s.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("signing: %w", err)
	}
	return jws.CompactSerialize()
}

// pkce is a verifier and its S256 challenge.
func pkce() (verifier, challenge string) {
	verifier = rand.Text() + rand.Text()
	sum := sha256.Sum256([]byte(verifier))
	return verifier, base64.RawURLEncoding.EncodeToString(sum[:])
}
