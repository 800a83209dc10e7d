package country

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"path/filepath"

	"github.com/go-jose/go-jose/v4"

	"accord/oidc/issuer"
	"accord/oidc/serviceprovider"
)

// familyPortal registers the commune's family portal at FAPI 2.0, with a key
// of this start.
func (c *Country) familyPortal() (*issuer.Client, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making the family portal's key: %w", err)
	}
	c.PortalKey = &jose.JSONWebKey{Key: key, KeyID: "portail-1", Algorithm: string(jose.ES256), Use: "sig"}
	sealing, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making the family portal's key: %w", err)
	}
	c.PortalSeal = &jose.JSONWebKey{Key: sealing, KeyID: "portail-enc-1", Algorithm: string(jose.ECDH_ES_A256KW), Use: "enc"}
	portal := &issuer.Client{
		ID: FamilyPortal, Name: "Portail familles de Valbrume", Profile: issuer.FAPI2, AuthMethod: issuer.PrivateKeyJWT,
		JWKS:         issuer.JWKS{Keys: []jose.JSONWebKey{c.PortalKey.Public(), c.PortalSeal.Public()}},
		RedirectURIs: []string{c.TownHallURL + "/retour"}, Approvals: []string{"valbrume-cantine"},
		GrantTypes: []string{"authorization_code", "refresh_token", "client_credentials"},
	}
	for _, p := range portal.Validate() {
		return nil, fmt.Errorf("registering the family portal: %s %s", p.Path, p.Message)
	}
	return portal, nil
}

// Portal is the family portal's client of Accord; with change its configuration
// is another first.
func (c *Country) Portal(releases string, change func(*serviceprovider.Config)) (*serviceprovider.Client, error) {
	held, err := serviceprovider.NewDPoPKey()
	if err != nil {
		return nil, err
	}
	approval, err := c.Client(FamilyPortal, "valbrume-cantine")
	if err != nil {
		return nil, err
	}
	config := serviceprovider.Config{
		Issuer: c.Accord, ClientID: FamilyPortal, Key: c.PortalKey, DPoP: held, Decryption: []jose.JSONWebKey{*c.PortalSeal}, Now: c.options.Now,
		RedirectURI: c.TownHallURL + "/retour", Recipient: approval.Recipient, Releases: filepath.Join(releases, "portail.txt"),
	}
	if change != nil {
		change(&config)
	}
	return serviceprovider.New(config)
}
