package franceconnect

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// DataProviderConfig is one registration at FranceConnect as data provider
// (fournisseur de données). All members are mandatory but those said optional.
type DataProviderConfig struct {
	Issuer       string // as Config.Issuer
	ClientID     string // of the data provider, never of the relying party
	ClientSecret string
	ACR          string // exactly the level asked of a login: eidas1
	SigningAlg   string // ES256 or RS256, as registered; never read from a token
	// DecryptionKeys are private, with kid and alg (ECDH-ES, RSA-OAEP,
	// RSA-OAEP-256), newest first. FranceConnect encrypts for the first one JWKS
	// shows; older ones open what is still on its way.
	DecryptionKeys []jose.JSONWebKey
	HTTP           *http.Client     // optional, as Config.HTTP
	Now            func() time.Time // optional: time.Now
}

// A DataProvider asks FranceConnect whose an access token is that a service
// provider presents:
//
//	Introspect ─ POST checktoken (client_id, client_secret, token) ─→ JWE of a JWS
//	   decrypt by our key → verify by FranceConnect's → iss, aud, iat → Introspection
//
// It is safe for concurrent use, and keeps nothing of a token.
type DataProvider struct {
	config DataProviderConfig
	at     *RelyingParty // FranceConnect's documents and transport, under this registration
}

// NewDataProvider checks the configuration and never contacts FranceConnect.
func NewDataProvider(c DataProviderConfig) (*DataProvider, error) {
	if err := c.validate(); err != nil {
		return nil, fmt.Errorf("configuring franceconnect's data provider: %w", err)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	at := &RelyingParty{
		config: Config{Issuer: c.Issuer, ClientID: c.ClientID, DecryptionKeys: c.DecryptionKeys},
		alg:    jose.SignatureAlgorithm(c.SigningAlg), http: client(c.HTTP), now: c.Now,
	}
	at.documents()
	return &DataProvider{config: c, at: at}, nil
}

func (c DataProviderConfig) validate() error {
	var wrong []error
	check := func(ok bool, message string) {
		if !ok {
			wrong = append(wrong, errors.New(message))
		}
	}
	check(safeURL(c.Issuer), "issuer must be an https URL (http on loopback only)")
	check(c.ClientID != "", "client id is empty")
	check(c.ClientSecret != "", "client secret is empty")
	check(levels[c.ACR] > 0, "acr must be eidas1, eidas2 or eidas3")
	check(c.SigningAlg == "ES256" || c.SigningAlg == "RS256", "signing algorithm must be ES256 or RS256")
	check(len(c.DecryptionKeys) > 0, "a decryption key is missing")
	for _, k := range c.DecryptionKeys {
		check(decrypts(k), "a decryption key must be private, with a kid and alg ECDH-ES, RSA-OAEP or RSA-OAEP-256")
	}
	return errors.Join(wrong...)
}

// JWKS is what the operator publishes for FranceConnect to encrypt for.
func (dp *DataProvider) JWKS() jose.JSONWebKeySet {
	var set jose.JSONWebKeySet
	for _, k := range dp.config.DecryptionKeys {
		public := k.Public()
		public.Use = "enc"
		set.Keys = append(set.Keys, public)
	}
	return set
}

// decryptAny opens a JWE that names no key, as checktoken's: each key of its
// algorithm is tried, newest first.
func (dp *DataProvider) decryptAny(compact string) (string, error) {
	jwe, err := jose.ParseEncryptedCompact(compact, wrapping, []jose.ContentEncryption{jose.A256GCM})
	if err != nil {
		return "", invalid("checktoken: not a JWE of a registered algorithm")
	}
	if compressed(jwe) {
		return "", invalid("checktoken: compressed")
	}
	known := slices.ContainsFunc(dp.config.DecryptionKeys, func(k jose.JSONWebKey) bool { return k.Algorithm == jwe.Header.Algorithm })
	if !known {
		return "", invalid("checktoken: not a JWE of a registered algorithm")
	}
	for _, k := range dp.config.DecryptionKeys {
		if k.Algorithm != jwe.Header.Algorithm {
			continue
		}
		if jws, err := jwe.Decrypt(k.Key); err == nil {
			return string(jws), nil
		}
	}
	return "", invalid("checktoken: does not decrypt")
}
