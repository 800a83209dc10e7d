package upstream

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/time/rate"
)

const (
	maxAnswer      = 256 << 10 // bytes; the largest household known takes 10 KiB
	defaultTimeout = 10 * time.Second
	pause          = 200 * time.Millisecond // before the one retry
)

// Config of a Client.
type Config struct {
	TokenURL     string // token endpoint; https, or http on loopback
	ClientID     string
	ClientSecret string
	Scope        string // of the token; may be empty
	URLSafeBasic bool   // Basic credentials in base64url, as the CNAV hub wants them

	Timeout time.Duration // of one HTTP attempt, body included; 0 = 10 s
	Rate    float64       // requests a second under this credential; 0 = no limit
	Burst   int           // requests at once within Rate; 0 = 1

	HTTP *http.Client     // nil = one of its own; never follows a redirect, keeps no cookie
	Now  func() time.Time // nil = time.Now
}

// A Client asks one source under one credential. It is safe for concurrent use.
type Client struct {
	http    *http.Client
	tokens  *tokens
	limit   *rate.Limiter
	timeout time.Duration
	now     func() time.Time
}

// New checks cfg and makes its Client. It calls nobody.
func New(cfg Config) (*Client, error) {
	if err := CheckURL(cfg.TokenURL); err != nil {
		return nil, fmt.Errorf("token address: %w", err)
	}
	if cfg.ClientID == "" || cfg.ClientSecret == "" {
		return nil, errors.New("client id and secret are both needed")
	}
	if cfg.Rate < 0 || cfg.Burst < 0 || cfg.Timeout < 0 {
		return nil, errors.New("rate, burst and timeout cannot be negative")
	}
	c := &Client{http: quiet(cfg.HTTP), limit: limiter(cfg), timeout: cfg.Timeout, now: cfg.Now}
	if c.timeout == 0 {
		c.timeout = defaultTimeout
	}
	if c.now == nil {
		c.now = time.Now
	}
	c.tokens = newTokens(cfg, c)
	return c, nil
}

// CheckURL accepts an absolute https address, or http on loopback, without
// user, query or fragment.
func CheckURL(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("not an absolute address without user, query and fragment")
	}
	if u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname()) {
		return nil
	}
	return errors.New("write an https address (http is for loopback only)")
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func limiter(cfg Config) *rate.Limiter {
	if cfg.Rate == 0 {
		return rate.NewLimiter(rate.Inf, 0)
	}
	return rate.NewLimiter(rate.Limit(cfg.Rate), max(cfg.Burst, 1))
}

// quiet is base without redirects and cookies.
func quiet(base *http.Client) *http.Client {
	c := &http.Client{}
	if base != nil {
		c.Transport, c.Timeout = base.Transport, base.Timeout
	}
	if c.Transport == nil {
		c.Transport = transport()
	}
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c
}

func transport() http.RoundTripper {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		TLSHandshakeTimeout:    5 * time.Second,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           256,
		MaxIdleConnsPerHost:    64,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
	}
}
