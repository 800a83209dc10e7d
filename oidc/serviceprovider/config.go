package serviceprovider

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Config is a registration at Accord. All members are required but those
// marked; exactly one of Secret and Key authenticates the client.
type Config struct {
	Issuer      string            // Accord's address, https (http on a loopback host); no trailing slash
	ClientID    string            // as registered
	Secret      string            // client_secret_basic
	Key         *jose.JSONWebKey  // private_key_jwt: private key with kid and alg (ES256, PS256, EdDSA)
	DPoP        *jose.JSONWebKey  // optional: private key that alone can use the tokens (RFC 9449), with alg; profile fapi2 requires one (NewDPoPKey)
	Decryption  []jose.JSONWebKey // optional: private keys with kid and alg, their public halves registered with use enc; signed deliveries must then come encrypted
	RedirectURI string            // as registered, exactly
	Recipient   string            // SIRET (14 digits) of the organisation that receives the data
	Releases    string            // file of the list of release ids; made when it is not there
	HTTP        *http.Client      // optional
	Now         func() time.Time  // optional
}

// A Client speaks to one Accord for one recipient. It is safe for concurrent
// use.
type Client struct {
	config   Config
	http     *http.Client
	releases list
	nonce    atomic.Pointer[string] // Accord's newest, for DPoP proofs

	mu      sync.Mutex // guards found, idKeys, history
	found   *endpoints
	idKeys  *jose.JSONWebKeySet
	history []byte    // Accord's key history, a JWK set
	readAt  time.Time // when history was read
}

// New checks a configuration and contacts nobody.
func New(c Config) (*Client, error) {
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("configuring a client of Accord: %w", err)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	h := http.Client{Timeout: 30 * time.Second}
	if c.HTTP != nil {
		h = *c.HTTP
	}
	// No address of Accord's that a program reads redirects; a secret must
	// not follow one that does.
	h.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{config: c, http: &h, releases: list{path: c.Releases}}, nil
}

func (c Config) check() error {
	switch {
	case !secure(c.Issuer):
		return errors.New("the issuer must be an https address without a trailing slash")
	case c.ClientID == "" || c.RedirectURI == "" || c.Releases == "":
		return errors.New("client id, redirect URI and the file of the releases are required")
	case (c.Secret == "") == (c.Key == nil):
		return errors.New("give either a secret or a key")
	case c.Key != nil && (c.Key.IsPublic() || !c.Key.Valid()):
		return errors.New("the key is not a private key")
	case c.DPoP != nil && (c.DPoP.IsPublic() || !c.DPoP.Valid() || c.DPoP.Algorithm == ""):
		return errors.New("the DPoP key is not a private key with its alg")
	case slices.ContainsFunc(c.Decryption, func(k jose.JSONWebKey) bool { return k.IsPublic() || !k.Valid() || k.KeyID == "" || k.Algorithm == "" }):
		return errors.New("a decryption key is not a private key with its kid and alg")
	case len(c.Recipient) != 14:
		return errors.New("the recipient must be a SIRET of 14 digits")
	}
	return nil
}

// secure is https anywhere, or http on this very machine.
func secure(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Path != "" && u.Path[len(u.Path)-1] == '/' {
		return false
	}
	host := u.Hostname()
	return u.Scheme == "https" || u.Scheme == "http" && (host == "localhost" || host == "127.0.0.1" || host == "::1")
}
