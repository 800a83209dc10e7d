package franceconnect

import (
	"slices"

	"github.com/go-jose/go-jose/v4"
)

// wrapping are the key algorithms FranceConnect+ encrypts with; the content is
// always under A256GCM.
var wrapping = []jose.KeyAlgorithm{jose.ECDH_ES, jose.RSA_OAEP, jose.RSA_OAEP_256}

// unseal gives the JWS inside a compact JWE, where the registration has
// decryption keys; without any, compact itself. A token that is not encrypted
// for us is then refused. what names it in reasons.
func (rp *RelyingParty) unseal(what, compact string) (string, error) {
	if len(rp.config.DecryptionKeys) == 0 {
		return compact, nil
	}
	jwe, err := jose.ParseEncryptedCompact(compact, wrapping, []jose.ContentEncryption{jose.A256GCM})
	if err != nil {
		return "", invalid(what + ": not a JWE of a registered algorithm")
	}
	if compressed(jwe) {
		return "", invalid(what + ": compressed")
	}
	n := slices.IndexFunc(rp.config.DecryptionKeys, func(k jose.JSONWebKey) bool {
		return k.KeyID == jwe.Header.KeyID && k.Algorithm == jwe.Header.Algorithm
	})
	if n < 0 {
		return "", invalid(what + ": encrypted for an unknown key")
	}
	jws, err := jwe.Decrypt(rp.config.DecryptionKeys[n].Key)
	if err != nil {
		return "", invalid(what + ": does not decrypt")
	}
	return string(jws), nil
}

// compressed tells of a JWE with zip (RFC 7516 §4.1.3), which a few bytes can
// blow up; FranceConnect sends none.
func compressed(jwe *jose.JSONWebEncryption) bool {
	_, zip := jwe.Header.ExtraHeaders["zip"]
	return zip
}

// decrypts tells whether k is a private key that unseal can use.
func decrypts(k jose.JSONWebKey) bool {
	return k.KeyID != "" && k.Valid() && !k.IsPublic() && slices.Contains(wrapping, jose.KeyAlgorithm(k.Algorithm))
}
