package upstream

import (
	"cmp"
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

	defaultQueue    = 200
	defaultFailures = 10
	defaultPause    = 15 * time.Second
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
	Queue   int           // queries waiting for their turn under Rate, shared fairly between recipients; 0 = 200
	Account *Account      // shared with other clients of this credential, then Rate, Burst and Queue are its own; nil = not shared

	Failures int           // in a row that open the circuit breaker; 0 = 10, negative = it never opens
	Pause    time.Duration // of an open breaker before its one probe; 0 = 15 s

	Source string                    // whom Alarm names
	Alarm  func(source, what string) // an unlisted answer, another person's, the breaker open; nothing personal in what; nil = none

	HTTP *http.Client     // nil = one of its own; never follows a redirect, keeps no cookie
	Now  func() time.Time // nil = time.Now
}

// A Client asks one source under one credential. It is safe for concurrent use.
type Client struct {
	http    *http.Client
	tokens  *tokens
	queue   *queue
	breaker *breaker
	alarm   func(what string)
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
	if cfg.Timeout < 0 || cfg.Pause < 0 {
		return nil, errors.New("timeout and pause cannot be negative")
	}
	account := cfg.Account
	if account == nil {
		var err error
		if account, err = NewAccount(cfg); err != nil {
			return nil, err
		}
	}
	return newClient(cfg.withDefaults(), account), nil
}

func newClient(cfg Config, account *Account) *Client {
	c := &Client{
		http: quiet(cfg.HTTP), queue: account.queue, timeout: cfg.Timeout, now: cfg.Now,
		breaker: &breaker{most: cfg.Failures, pause: cfg.Pause, now: cfg.Now},
		alarm:   func(what string) { cfg.Alarm(cfg.Source, what) },
	}
	c.tokens = account.tokensFor(cfg, c)
	return c
}

func (cfg Config) withDefaults() Config {
	cfg.Timeout = cmp.Or(cfg.Timeout, defaultTimeout)
	cfg.Queue = cmp.Or(cfg.Queue, defaultQueue)
	cfg.Failures = cmp.Or(cfg.Failures, defaultFailures)
	cfg.Pause = cmp.Or(cfg.Pause, defaultPause)
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Alarm == nil {
		cfg.Alarm = func(string, string) {}
	}
	return cfg
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
