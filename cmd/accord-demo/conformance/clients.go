package conformance

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"embed"
	"fmt"

	"github.com/go-jose/go-jose/v4"

	"accord/consent/audit"
	"accord/oidc/issuer"
)

// What the clients ask under: a datum that a source has for the persona who
// agrees, and the identifier, alone or with an address. The FAPI plan needs two
// scopes or more.
const (
	DataApproval     = "valbrume-cantine"
	identityApproval = "conformance-compte"
	dataScope        = "cnaf_quotient_familial"
	dataPath         = "/v3/dss/quotient_familial"
)

// Approvals holds the one that no demonstration has: accord init does not copy it.
//
//go:embed approvals/*.yaml
var Approvals embed.FS

// A Registration is the clients of one test.
type Registration struct {
	test  Test
	fapi  []keyed  // two
	basic []secret // client, client_secret_post, client2
}

type keyed struct {
	*issuer.Client
	key jose.JSONWebKey // private
}

type secret struct {
	*issuer.Client
	secret string
}

// Register makes the clients of a test, with new keys and secrets.
func Register(t Test) (*Registration, error) {
	r := &Registration{test: t}
	for n, redirect := range []string{t.callback(), t.second()} {
		one, err := withKey(fmt.Sprintf("conformance-fapi-%d", n+1), redirect, t.callback())
		if err != nil {
			return nil, err
		}
		r.fapi = append(r.fapi, one)
	}
	r.basic = []secret{
		r.withSecret("conformance-basic", issuer.ClientSecretBasic),
		r.withSecret("conformance-post", issuer.ClientSecretPost),
		r.withSecret("conformance-second", issuer.ClientSecretBasic),
	}
	for _, c := range r.Clients() {
		for _, p := range c.Validate() {
			return nil, fmt.Errorf("registering %s: %s %s", c.ID, p.Path, p.Message)
		}
	}
	return r, nil
}

// Clients are all of them, as accord serve would read them from files.
func (r *Registration) Clients() []*issuer.Client {
	var all []*issuer.Client
	for _, c := range r.fapi {
		all = append(all, c.Client)
	}
	for _, c := range r.basic {
		all = append(all, c.Client)
	}
	return all
}

func withKey(id string, redirects ...string) (keyed, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return keyed{}, fmt.Errorf("making a key for %s: %w", id, err)
	}
	private := jose.JSONWebKey{Key: key, KeyID: id + "-1", Algorithm: string(jose.ES256), Use: "sig"}
	if redirects[0] == redirects[1] {
		redirects = redirects[:1]
	}
	return keyed{&issuer.Client{
		ID: id, Name: "Conformance suite (" + id + ")", Profile: issuer.FAPI2, AuthMethod: issuer.PrivateKeyJWT,
		JWKS: issuer.JWKS{Keys: []jose.JSONWebKey{private.Public()}}, RedirectURIs: redirects, Approvals: []string{DataApproval},
	}, private}, nil
}

// withSecret makes a client without PKCE: OpenID Connect Basic knows none.
func (r *Registration) withSecret(id string, method issuer.AuthMethod) secret {
	drawn := rand.Text() + rand.Text()
	return secret{&issuer.Client{
		ID: id, Name: "Conformance suite (" + id + ")", Profile: issuer.OIDC, AuthMethod: method, SecretHash: audit.Digest([]byte(drawn)),
		RedirectURIs: []string{r.test.callback()}, PostLogoutRedirectURIs: []string{r.test.afterLogout()},
		PKCE: "optional", UserinfoClaims: true, IDTokenAlg: string(jose.RS256), Approvals: []string{identityApproval},
	}, drawn}
}
