package franceconnect

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Config is one registration at FranceConnect. All members are mandatory but
// those said optional.
type Config struct {
	Issuer                string // exactly as FranceConnect writes it, e.g. https://oidc.franceconnect.gouv.fr/api/v2; http only on loopback
	ClientID              string
	ClientSecret          string
	RedirectURI           string            // registered, compared as an exact string
	PostLogoutRedirectURI string            // registered; optional: without it LogoutURL refuses
	ACR                   string            // eidas1 (FranceConnect), eidas2 or eidas3 (FranceConnect+)
	SigningAlg            string            // ES256 or RS256, as registered; never read from a token
	PKCE                  bool              // optional, off: FranceConnect refuses the parameters (Y030007)
	PlainProvider         bool              // optional, off: the issuer is another OpenID provider in FranceConnect's place, for trials; see plain
	AllowPlainUserinfo    bool              // optional, off: accept an unsigned JSON userinfo, for a sandbox registration
	DecryptionKeys        []jose.JSONWebKey // optional: private, with kid and alg (ECDH-ES, RSA-OAEP, RSA-OAEP-256), newest first; ID token and userinfo must then come encrypted, as FranceConnect+ does
	HTTP                  *http.Client      // optional; its transport and timeout are used, never its cookies or redirects
	Now                   func() time.Time  // optional: time.Now
}

// callTimeout bounds one call to FranceConnect: two calls must fit in the 30
// seconds of its grant.
const callTimeout = 5 * time.Second

// A RelyingParty talks to one FranceConnect under one registration. It is safe
// for concurrent use.
type RelyingParty struct {
	config    Config
	alg       jose.SignatureAlgorithm
	http      *http.Client
	now       func() time.Time
	discovery *document[endpoints]
	keys      *document[[]jose.JSONWebKey]
}

// New checks the configuration and never contacts FranceConnect. Its error
// names every wrong member, and no secret.
func New(c Config) (*RelyingParty, error) {
	if err := c.validate(); err != nil {
		return nil, fmt.Errorf("configuring franceconnect: %w", err)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	rp := &RelyingParty{config: c, alg: jose.SignatureAlgorithm(c.SigningAlg), http: client(c.HTTP), now: c.Now}
	rp.documents()
	return rp, nil
}

// documents are what is read of the issuer, at first use.
func (rp *RelyingParty) documents() {
	rp.discovery = &document[endpoints]{load: rp.loadDiscovery, now: rp.now, pause: forcedWait}
	rp.keys = &document[[]jose.JSONWebKey]{load: rp.loadKeys, now: rp.now, pause: forcedWait}
	if rp.plain() {
		rp.keys.pause = trialWait
	}
}

func (c Config) validate() error {
	var wrong []error
	check := func(ok bool, message string) {
		if !ok {
			wrong = append(wrong, errors.New(message))
		}
	}
	check(safeURL(c.Issuer), "issuer must be an https URL (http on loopback only)")
	check(c.ClientID != "", "client id is empty")
	check(c.ClientSecret != "", "client secret is empty")
	check(safeURL(c.RedirectURI), "redirect URI must be an https URL (http on loopback only)")
	check(c.PostLogoutRedirectURI == "" || safeURL(c.PostLogoutRedirectURI), "post-logout redirect URI must be an https URL (http on loopback only)")
	check(levels[c.ACR] > 0, "acr must be eidas1, eidas2 or eidas3")
	check(c.SigningAlg == "ES256" || c.SigningAlg == "RS256", "signing algorithm must be ES256 or RS256")
	for _, k := range c.DecryptionKeys {
		check(decrypts(k), "a decryption key must be private, with a kid and alg ECDH-ES, RSA-OAEP or RSA-OAEP-256")
	}
	return errors.Join(wrong...)
}

// safeURL tells whether s is an absolute URL without user or fragment, on
// https, or on http towards this very machine.
func safeURL(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname())
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// client copies given and takes from it what could leak a token elsewhere:
// redirects (attack list, rows 99 and 100) and cookies.
// pool keeps enough connections to one host: the default of two would open a
// new one for most logins of a busy hour.
func pool() http.RoundTripper {
	t, ok := http.DefaultTransport.(*http.Transport)
	if !ok { // replaced by the program: its choice
		return http.DefaultTransport
	}
	t = t.Clone()
	t.MaxIdleConnsPerHost = 64
	return t
}

func client(given *http.Client) *http.Client {
	c := http.Client{Transport: pool()}
	if given != nil && given.Transport == nil {
		given = &http.Client{Transport: c.Transport, Timeout: given.Timeout}
	}
	if given != nil {
		c = *given
	}
	c.Jar = nil
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if c.Timeout <= 0 || c.Timeout > callTimeout {
		c.Timeout = callTimeout
	}
	return &c
}
