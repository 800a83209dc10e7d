package keyring

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"

	"github.com/go-jose/go-jose/v4"
)

// kidLength cuts the thumbprint: 96 bits, which can neither collide nor lie.
const kidLength = 16

// keyID is the first 16 characters of the RFC 7638 thumbprint, base64url.
func keyID(public crypto.PublicKey) (string, error) {
	sum, err := (&jose.JSONWebKey{Key: public}).Thumbprint(crypto.SHA256)
	if err != nil {
		return "", fmt.Errorf("computing key id: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(sum)[:kidLength], nil
}

func publicJWK(public crypto.PublicKey, alg string) (jose.JSONWebKey, error) {
	kid, err := keyID(public)
	return jose.JSONWebKey{Key: public, KeyID: kid, Algorithm: alg, Use: "sig"}, err
}

// jwkText is the JWK as one line with sorted members, for the log.
func jwkText(key jose.JSONWebKey) (string, error) {
	raw, err := key.MarshalJSON()
	if err != nil {
		return "", fmt.Errorf("encoding key %s: %w", key.KeyID, err)
	}
	var members map[string]any
	if err := json.Unmarshal(raw, &members); err != nil {
		return "", fmt.Errorf("encoding key %s: %w", key.KeyID, err)
	}
	sorted, err := json.Marshal(members)
	return string(sorted), err
}

func encodePrivate(key crypto.Signer) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("encoding private key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

func readPrivate(path string) (crypto.Signer, error) {
	text, err := readSecret(path)
	if err != nil {
		return nil, err
	}
	block, rest := pem.Decode(text)
	if block == nil || block.Type != "PRIVATE KEY" || len(rest) != 0 {
		return nil, fmt.Errorf("opening key %s: not one PEM block PRIVATE KEY (PKCS #8)", path)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("opening key %s: not a PKCS #8 key", path) // the cause could quote key bytes
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("opening key %s: not a signing key", path)
	}
	return signer, nil
}

func readECDSA(path string) (*ecdsa.PrivateKey, error) {
	signer, err := readPrivate(path)
	if err != nil {
		return nil, err
	}
	key, ok := signer.(*ecdsa.PrivateKey)
	if !ok || key.Curve != elliptic.P256() {
		return nil, fmt.Errorf("opening key %s: not a P-256 key", path)
	}
	return key, nil
}

func readRSA(path string) (*rsa.PrivateKey, error) {
	signer, err := readPrivate(path)
	if err != nil {
		return nil, err
	}
	key, ok := signer.(*rsa.PrivateKey)
	if !ok || key.N.BitLen() < rsaBits {
		return nil, fmt.Errorf("opening key %s: not an RSA key of %d bits or more", path, rsaBits)
	}
	return key, nil
}
