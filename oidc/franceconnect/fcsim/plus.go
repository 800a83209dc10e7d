package fcsim

import (
	"fmt"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// plusScopes are FranceConnect+'s: no idp_birthdate, idp_id or
// given_name_array of its own, and rnipp_ twins that give a claim as the
// identity provider and as the registry have it.
func plusScopes() map[string][]string {
	m := identityScopes()
	delete(m, "idp_birthdate")
	delete(m, "idp_id")
	for scope, claims := range m {
		m[scope] = without(claims, "given_name_array")
	}
	for _, scope := range []string{"identite_pivot", "profile", "birth", "gender", "family_name", "given_name", "birthdate", "birthplace", "birthcountry"} {
		m["rnipp_"+scope] = twins(m[scope])
	}
	return m
}

func without(claims []string, leaving string) []string {
	var out []string
	for _, c := range claims {
		if c != leaving {
			out = append(out, c)
		}
	}
	return out
}

func twins(claims []string) []string {
	out := append([]string{}, claims...)
	for _, c := range claims {
		if c != "preferred_username" {
			out = append(out, "rnipp_"+c)
		}
		if c == "given_name" {
			out = append(out, "rnipp_given_name_array")
		}
	}
	return out
}

// plusClaims are the identity provider's own claims, beside the registry's.
func (i Identity) plusClaims() map[string]any {
	c := i.claims()
	for _, name := range []string{"family_name", "given_name", "given_name_array", "birthdate", "gender", "birthplace", "birthcountry"} {
		if v, ok := c[name]; ok {
			c["rnipp_"+name] = v
		}
	}
	c["birthdate"], c["birthplace"] = i.IDPBirthdate, i.IDPBirthplace
	return c
}

// seal encrypts a signed token for FranceConnect+'s client, if it has a key.
func (s *Simulator) seal(jws string) (string, error) {
	if s.options.Plus == nil || s.options.Plus.EncryptionKey.Key == nil {
		return jws, nil
	}
	to := s.options.Plus.EncryptionKey
	options := (&jose.EncrypterOptions{}).WithContentType("JWT").WithHeader("iss", s.options.Issuer).WithHeader("aud", s.options.ClientID)
	return encrypt(jose.Recipient{Algorithm: jose.KeyAlgorithm(to.Algorithm), Key: to.Key, KeyID: to.KeyID}, options, jws)
}

// encrypt gives a compact JWE under A256GCM.
func encrypt(to jose.Recipient, options *jose.EncrypterOptions, plaintext string) (string, error) {
	e, err := jose.NewEncrypter(jose.A256GCM, to, options)
	if err != nil {
		return "", fmt.Errorf("making an encrypter: %w", err)
	}
	jwe, err := e.Encrypt([]byte(plaintext))
	if err != nil {
		return "", fmt.Errorf("encrypting: %w", err)
	}
	return jwe.CompactSerialize()
}

// plusDocument is what FranceConnect+'s discovery document says otherwise.
func plusDocument() map[string]any {
	es256, enc := []string{"ES256"}, []string{"A256GCM"}
	wrap := strings.Fields("ECDH-ES RSA-OAEP RSA-OAEP-256")
	return map[string]any{
		"token_endpoint_auth_signing_alg_values_supported": es256,
		"id_token_signing_alg_values_supported":            es256,
		"userinfo_signing_alg_values_supported":            es256,
		"request_object_signing_alg_values_supported":      es256,
		"dpop_signing_alg_values_supported":                es256,
		"id_token_encryption_alg_values_supported":         wrap,
		"userinfo_encryption_alg_values_supported":         wrap,
		"id_token_encryption_enc_values_supported":         enc,
		"userinfo_encryption_enc_values_supported":         enc,
	}
}
