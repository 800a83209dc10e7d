package issuer

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"accord/oidc/issuer/jwksuri"
)

// Config is what an Issuer is made of. Only Now, StartedUnclean, Log, OnlyFAPI2,
// GrantTypes, Scopes, Claims, ACRValues and UILocales may be left out.
type Config struct {
	// Issuer is the issuer identifier: https, or http on a loopback host; no
	// path, query, fragment or trailing slash (OpenID Connect Discovery §3).
	// Every address the issuer gives is made from it, never from a request.
	Issuer string
	// Clients finds a registered client. It is called several times in a
	// request and must answer from memory.
	Clients func(id string) (*Client, bool)
	Keys    Keys
	Hooks   Hooks
	Memory  Memory
	// Now is the clock; time.Now when nil. ID tokens are dated by the
	// library with the machine's own clock.
	Now func() time.Time
	// StartedUnclean is the time of a start whose predecessor did not write
	// its memory: assertions that may have been used before it are refused.
	// Zero after a clean start.
	StartedUnclean time.Time
	// Log receives refusals and faults, without parameters; slog.Default
	// when nil.
	Log *slog.Logger

	// OnlyFAPI2, if given, tells whether every client has profile fapi2:
	// discovery then lists what is left to them.
	OnlyFAPI2 func() bool
	// GrantTypes, if given, lists those some client is registered for:
	// discovery then names no other.
	GrantTypes func() []string

	// Claims, if given, lists those of userinfo that some client is registered
	// for: claims_supported beyond those of the ID token.
	Claims func() []string

	Scopes    []string // scopes_supported, "openid" among them
	ACRValues []string // acr_values_supported
	UILocales []string // ui_locales_supported
}

// An Issuer answers service providers. It is safe for concurrent use.
type Issuer struct {
	config Config
	nonces nonces
	pushes pushes
	keys   *jwksuri.Keys
}

// New makes an Issuer, or says what is wrong with the configuration.
func New(c Config) (*Issuer, error) {
	if err := checkIssuer(c.Issuer); err != nil {
		return nil, fmt.Errorf("making the issuer: %w", err)
	}
	if c.Clients == nil || c.Keys == nil || c.Hooks == nil || c.Memory == nil {
		return nil, errors.New("making the issuer: Clients, Keys, Hooks and Memory are needed")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return &Issuer{
		config: c, nonces: newNonces(c.Now), pushes: pushes{now: c.Now, live: map[string]map[[32]byte]time.Time{}},
		keys: jwksuri.New(jwksuri.Config{Loopback: strings.HasPrefix(c.Issuer, "http:"), Good: goodRemoteKey, Encrypts: goodRemoteEncryptionKey, Now: c.Now, Log: c.Log}),
	}, nil
}

func checkIssuer(issuer string) error {
	u, err := url.Parse(issuer)
	if err != nil {
		return fmt.Errorf("issuer %q: %w", issuer, err)
	}
	if (&url.URL{Scheme: u.Scheme, Host: u.Host}).String() != issuer || u.Hostname() == "" {
		return fmt.Errorf("issuer %q: write scheme and host only, without path or trailing slash", issuer)
	}
	if !secureOrLoopback(u) {
		return fmt.Errorf("issuer %q: write https (http is for loopback hosts)", issuer)
	}
	return nil
}

// client finds a client that may be served.
func (i *Issuer) client(id string) (*Client, *Error) {
	c, ok := i.config.Clients(id)
	if !ok {
		return nil, pageError("unknown_client", "unauthorized_client", "the client is not registered")
	}
	return c, nil
}
