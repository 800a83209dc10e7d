package issuer

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
)

// A Problem is one mistake of a client's registration.
type Problem struct {
	Path    string // YAML path, "$.redirect_uris[1]"
	Message string // what is wrong and what to write
}

// problems collects mistakes, so that all are told at once.
type problems []Problem

func (p *problems) add(path, format string, args ...any) {
	*p = append(*p, Problem{Path: path, Message: fmt.Sprintf(format, args...)})
}

// Validate tells every mistake of the registration; none means the client may
// be served.
func (c *Client) Validate() []Problem {
	var p problems
	c.checkNames(&p)
	c.checkChoices(&p)
	c.checkCredentials(&p)
	if _, ok := c.EncryptionKey(); c.EncryptedDeliveries && !ok && c.JWKSURI == "" {
		p.add("$.encrypted_deliveries", "needs a key to encrypt to: write one with use: enc in jwks, or a jwks_uri that publishes one")
	}
	checkURIs(&p, "$.redirect_uris", c.RedirectURIs)
	checkURIs(&p, "$.post_logout_redirect_uris", c.PostLogoutRedirectURIs)
	if len(c.RedirectURIs) == 0 {
		p.add("$.redirect_uris", "is empty: write at least one address of the client")
	}
	if len(c.Approvals) == 0 {
		p.add("$.approvals", "is empty: write the id of at least one approval")
	}
	return p
}

// Warnings tells what is allowed and yet weaker than it could be.
func (c *Client) Warnings() []Problem {
	var p problems
	if c.PKCE == "optional" {
		p.add("$.pkce", "optional leaves codes of this client without proof of possession: write required if its software can")
	}
	return p
}

func (c *Client) checkNames(p *problems) {
	if c.ID == "" || len(c.ID) > 64 || !only(c.ID, base64url+".") {
		p.add("$.id", "write 1 to 64 letters, digits, dots, underscores or hyphens")
	}
	if strings.TrimSpace(c.Name) == "" {
		p.add("$.name", "is missing: write the name of the service")
	}
}

func (c *Client) checkChoices(p *problems) {
	switch c.Profile {
	case OIDC, "":
	case FAPI2:
		c.checkFAPI2(p)
	default:
		p.add("$.profile", "is unknown: write oidc or fapi2")
	}
	for n, grant := range c.GrantTypes {
		if !slices.Contains(grantTypes(), oidc.GrantType(grant)) {
			p.add(fmt.Sprintf("$.grant_types[%d]", n), "is unknown: write authorization_code, refresh_token or client_credentials")
		}
	}
	if len(c.GrantTypes) > 0 && !slices.Contains(c.GrantTypes, string(oidc.GrantTypeCode)) {
		p.add("$.grant_types", "lacks authorization_code, by which every agreement begins: add it")
	}
	if !slices.Contains([]string{"", "required", "optional"}, c.PKCE) {
		p.add("$.pkce", "is unknown: write required or optional")
	}
	if !slices.Contains([]string{"", "ES256", "RS256"}, c.IDTokenAlg) {
		p.add("$.id_token_alg", "is unknown: write ES256 or RS256")
	}
}

// checkFAPI2 holds a registration to FAPI 2.0 Security Profile §5.3.2 and §5.4;
// pushed requests and DPoP are the request's to have.
func (c *Client) checkFAPI2(p *problems) {
	if c.AuthMethod != PrivateKeyJWT {
		p.add("$.auth_method", "profile fapi2 takes private_key_jwt alone: write it, and the client's public keys")
	}
	if !c.PKCERequired() {
		p.add("$.pkce", "profile fapi2 requires PKCE: write required, or leave the key out")
	}
	if c.SigningAlg() != string(jose.ES256) {
		p.add("$.id_token_alg", "profile fapi2 allows no RS256: write ES256, or leave the key out")
	}
}

func (c *Client) checkCredentials(p *problems) {
	switch c.AuthMethod {
	case ClientSecretBasic, ClientSecretPost:
		if _, ok := decodeSecretHash(c.SecretHash); !ok {
			p.add("$.secret_hash", "write \"sha-256:\" and the base64url SHA-256 (43 characters) of a secret of at least 32 characters")
		}
		if c.JWKS.signing() > 0 {
			p.add("$.jwks", "keys for signatures go with auth_method private_key_jwt only: remove them, or write use: enc")
		}
		c.checkListed(p)
		if c.JWKSURI != "" {
			p.add("$.jwks_uri", "goes with auth_method private_key_jwt only: remove it")
		}
	case PrivateKeyJWT:
		if c.SecretHash != "" {
			p.add("$.secret_hash", "does not go with auth_method private_key_jwt: remove it")
		}
		c.checkKeys(p)
	default:
		p.add("$.auth_method", "write client_secret_basic, client_secret_post or private_key_jwt")
	}
}

func (c *Client) checkKeys(p *problems) {
	if c.JWKSURI != "" {
		c.checkKeysAddress(p)
		return
	}
	if c.JWKS.signing() == 0 {
		p.add("$.jwks.keys", "is empty: write at least one public key")
	}
	c.checkListed(p)
}

// checkListed reads each key in line: for signatures, or to encrypt to.
func (c *Client) checkListed(p *problems) {
	seen := map[string]bool{}
	for n, k := range c.JWKS.Keys {
		path := fmt.Sprintf("$.jwks.keys[%d]", n)
		if k.KeyID == "" || len(k.KeyID) > 256 || seen[k.KeyID] {
			p.add(path+".kid", "write a key id that no other key of this client has")
		}
		seen[k.KeyID] = true
		bad := badKey
		switch k.Use {
		case useEncryption:
			bad = badEncryptionKey
		case "", "sig":
		default:
			p.add(path+".use", "write sig or enc")
		}
		if message := bad(k); message != "" {
			p.add(path, "%s", message)
		}
	}
}

func (c *Client) checkKeysAddress(p *problems) {
	if c.JWKS.signing() > 0 {
		p.add("$.jwks_uri", "stands beside jwks: keep one of the two")
	}
	c.checkListed(p)
	if message := badURI(c.JWKSURI); message != "" {
		p.add("$.jwks_uri", "%s", message)
	}
}

// badKey says what is wrong with a verification key; "" for a good one.
func badKey(k jose.JSONWebKey) string {
	if !k.IsPublic() {
		return "holds a private or secret key: consider it leaked, make another and write its public half only"
	}
	alg := keyAlg(k.Key)
	if alg == "" {
		return "write a P-256, Ed25519, or RSA key of 2048 to 4096 bits"
	}
	if k.Algorithm != "" && k.Algorithm != string(alg) {
		return fmt.Sprintf("alg does not go with the key: write %s", alg)
	}
	return ""
}

// keyAlg is the one algorithm a key may be used with; "" for a key that is
// not accepted.
func keyAlg(key any) jose.SignatureAlgorithm {
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() {
			return jose.ES256
		}
	case *rsa.PublicKey:
		if bits := k.N.BitLen(); bits >= 2048 && bits <= 4096 {
			return jose.PS256
		}
	case ed25519.PublicKey:
		return jose.EdDSA
	}
	return ""
}

const secretHashPrefix = "sha-256:"

func decodeSecretHash(s string) (hash [32]byte, ok bool) {
	encoded, ok := strings.CutPrefix(s, secretHashPrefix)
	if !ok {
		return hash, false
	}
	decoded, err := base64.RawURLEncoding.Strict().DecodeString(encoded)
	if err != nil || len(decoded) != len(hash) {
		return hash, false
	}
	return [32]byte(decoded), true
}
