package issuer

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"fmt"
	"slices"

	"github.com/go-jose/go-jose/v4"
)

const useEncryption = "enc" // RFC 7517 §4.2

// DeliveryEncryption are the ways a signed delivery may be encrypted to a client
// (RFC 7518 §4): the content is always under A256GCM.
func DeliveryEncryption() []jose.KeyAlgorithm {
	return []jose.KeyAlgorithm{jose.ECDH_ES, jose.ECDH_ES_A256KW, jose.RSA_OAEP_256}
}

// EncryptionKey is the first of the client's keys in line with use enc; false
// without one. Issuer.EncryptionKey knows those at its jwks_uri too.
func (c *Client) EncryptionKey() (jose.JSONWebKey, bool) {
	n := slices.IndexFunc(c.JWKS.Keys, func(k jose.JSONWebKey) bool { return k.Use == useEncryption })
	if n < 0 {
		return jose.JSONWebKey{}, false
	}
	return c.JWKS.Keys[n], true
}

// signing counts the keys for signatures.
func (s JWKS) signing() int {
	return len(s.Keys) - len(slices.DeleteFunc(slices.Clone(s.Keys), func(k jose.JSONWebKey) bool { return k.Use != useEncryption }))
}

// badEncryptionKey says what is wrong with a key to encrypt to; "" for a good
// one.
func badEncryptionKey(k jose.JSONWebKey) string {
	if !k.IsPublic() {
		return "holds a private or secret key: consider it leaked, make another and write its public half only"
	}
	alg := jose.KeyAlgorithm(k.Algorithm)
	switch key := k.Key.(type) {
	case *ecdsa.PublicKey:
		if key.Curve == elliptic.P256() && (alg == jose.ECDH_ES || alg == jose.ECDH_ES_A256KW) {
			return ""
		}
	case *rsa.PublicKey:
		if bits := key.N.BitLen(); bits >= 2048 && bits <= 4096 && alg == jose.RSA_OAEP_256 {
			return ""
		}
	}
	return fmt.Sprintf("write a P-256 key with alg %s or %s, or an RSA key of 2048 to 4096 bits with alg %s", jose.ECDH_ES, jose.ECDH_ES_A256KW, jose.RSA_OAEP_256)
}
