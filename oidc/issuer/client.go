package issuer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
)

// Profile is the set of rules a client is held to (design §8).
type Profile string

// The profiles.
const (
	OIDC  Profile = "oidc"  // stock OpenID Connect software
	FAPI2 Profile = "fapi2" // FAPI 2.0 Security Profile: pushed requests, private_key_jwt, PKCE, DPoP
)

// AuthMethod is how a client authenticates (OpenID Connect Core §9).
type AuthMethod string

// The methods. A client has exactly one.
const (
	ClientSecretBasic AuthMethod = "client_secret_basic"
	ClientSecretPost  AuthMethod = "client_secret_post"
	PrivateKeyJWT     AuthMethod = "private_key_jwt"
)

// A Client is a registered service provider or software editor: one file
// clients/<id>.yaml. It holds technical things only; what it may ask for
// stands in its approvals.
type Client struct {
	ID      string  `yaml:"id"`      // client_id: 1 to 64 of A-Z a-z 0-9 . _ -
	Name    string  `yaml:"name"`    // for operators and developers; citizens see the approval's names
	Editor  string  `yaml:"editor"`  // software editor that runs it; may be empty
	Profile Profile `yaml:"profile"` // oidc (the default) or fapi2

	AuthMethod AuthMethod `yaml:"auth_method"`
	// SecretHash is "sha-256:" and the base64url SHA-256 of a random secret of
	// at least 32 characters: the secret itself is kept by the client alone.
	SecretHash string `yaml:"secret_hash"`
	// With private_key_jwt, one of the two: public keys in line, or where the
	// client publishes them (https; http on a loopback host for an issuer that is
	// on one). Any client may register keys in line with use enc (kid, alg
	// ECDH-ES, ECDH-ES+A256KW or RSA-OAEP-256), newest first: its signed
	// deliveries are then encrypted to the first. Without one in line, those at
	// jwks_uri count in the same way.
	JWKS    JWKS   `yaml:"jwks"`
	JWKSURI string `yaml:"jwks_uri"`
	// EncryptedDeliveries says that a signed delivery is encrypted or does not
	// leave, whatever jwks_uri publishes.
	EncryptedDeliveries bool `yaml:"encrypted_deliveries"`

	// RedirectURIs are compared to the character (RFC 9700 §2.1): https, or
	// http on a loopback host, without fragment.
	RedirectURIs           []string `yaml:"redirect_uris"`
	PostLogoutRedirectURIs []string `yaml:"post_logout_redirect_uris"`

	// GrantTypes are authorization_code (the default, alone) and, beside it,
	// refresh_token, to renew access tokens under a citizen's recurring agreement,
	// and client_credentials, for the grant management API (RFC 7591 §2).
	GrantTypes     []string `yaml:"grant_types"`
	PKCE           string   `yaml:"pkce"`            // required (the default) or optional
	IDTokenAlg     string   `yaml:"id_token_alg"`    // ES256 (the default) or RS256
	UserinfoClaims bool     `yaml:"userinfo_claims"` // agreed data also as claims of /userinfo
	Approvals      []string `yaml:"approvals"`       // ids of the approvals it may use
}

// PKCERequired reports whether requests without code_challenge are refused.
func (c *Client) PKCERequired() bool { return c.PKCE != "optional" }

// Renews reports whether the client may use refresh tokens.
func (c *Client) Renews() bool {
	return slices.Contains(c.GrantTypes, string(oidc.GrantTypeRefreshToken))
}

func grantTypes() []oidc.GrantType {
	return []oidc.GrantType{oidc.GrantTypeCode, oidc.GrantTypeRefreshToken, oidc.GrantTypeClientCredentials}
}

// SigningAlg is the algorithm of the client's ID tokens.
func (c *Client) SigningAlg() string {
	if c.IDTokenAlg == "" {
		return string(jose.ES256)
	}
	return c.IDTokenAlg
}

// JWKS is a set of public keys written in line (RFC 7517 §5).
type JWKS struct {
	Keys []jose.JSONWebKey
}

// key finds a key for signatures by its id: a plain search, since kid comes
// from outside.
func (s JWKS) key(kid string) (jose.JSONWebKey, bool) {
	for _, k := range s.Keys {
		if k.KeyID == kid && k.Use != useEncryption {
			return k, true
		}
	}
	return jose.JSONWebKey{}, false
}

// UnmarshalYAML reads {keys: [...]} written as YAML or JSON.
func (s *JWKS) UnmarshalYAML(unmarshal func(any) error) error {
	var raw struct {
		Keys []map[string]any `yaml:"keys"`
	}
	if err := unmarshal(&raw); err != nil {
		return err
	}
	s.Keys = make([]jose.JSONWebKey, len(raw.Keys))
	for n, members := range raw.Keys {
		data, err := json.Marshal(members)
		if err != nil {
			return fmt.Errorf("reading key %d of jwks: %w", n, err)
		}
		if err := json.NewDecoder(bytes.NewReader(data)).Decode(&s.Keys[n]); err != nil {
			return fmt.Errorf("reading key %d of jwks: %w", n, err)
		}
	}
	return nil
}
