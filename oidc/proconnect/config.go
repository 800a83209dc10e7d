package proconnect

import (
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/zitadel/oidc/v3/pkg/client/rp"
)

// Config is one registration at the provider. All members are required but
// those marked.
type Config struct {
	Issuer       string // exactly as the provider writes it
	ClientID     string
	ClientSecret string
	RedirectURI  string
	ACR          string       // optional: level asked and demanded, as eidas1
	HTTP         *http.Client // optional: its Transport is used
}

// A RelyingParty logs agents in. It is safe for concurrent use.
type RelyingParty struct {
	config Config
	client *http.Client

	mu    sync.Mutex // guards known
	known rp.RelyingParty
}

// timeout of each call to the provider; maxBody bounds its answers, in bytes.
const (
	timeout = 10 * time.Second
	maxBody = 1 << 20
)

// New makes a relying party; it contacts nobody.
func New(c Config) (*RelyingParty, error) {
	u, err := url.Parse(c.Issuer)
	if err != nil || u.Host == "" || c.ClientID == "" || c.ClientSecret == "" || c.RedirectURI == "" {
		return nil, errors.New("proconnect: issuer, client id, client secret and redirect URI are required")
	}
	transport := http.DefaultTransport
	if c.HTTP != nil && c.HTTP.Transport != nil {
		transport = c.HTTP.Transport
	}
	return &RelyingParty{config: c, client: &http.Client{
		Transport: bounded{transport}, Timeout: timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// bounded cuts answers: the library reads them to their end.
type bounded struct{ http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		resp.Body = http.MaxBytesReader(nil, resp.Body, maxBody)
	}
	return resp, err
}

// Errors of a login, by what to tell the agent.
var (
	ErrUnavailable = errors.New("the agents' identity provider does not answer")
	ErrCancelled   = errors.New("the agent did not log in")
	ErrInvalid     = errors.New("the agents' identity provider answered what cannot be trusted")
)
