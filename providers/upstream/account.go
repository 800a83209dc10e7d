package upstream

import (
	"errors"
	"sync"
)

// An Account is one credential, for clients that share it: one for each
// resource of a source whose limits hold for all of them together.
//
//	client of a resource, its breaker ─┐
//	client of another,    its breaker ─┴─ Account: one queue and rate, tokens by scope
//
// It is safe for concurrent use.
type Account struct {
	queue *queue

	mu     sync.Mutex // guards tokens
	tokens map[grant]*tokens
}

// A grant is what a token is given for.
type grant struct{ tokenURL, id, secret, scope string }

// NewAccount takes Rate, Burst and Queue of cfg, and nothing else.
func NewAccount(cfg Config) (*Account, error) {
	if cfg.Rate < 0 || cfg.Burst < 0 || cfg.Queue < 0 {
		return nil, errors.New("rate, burst and queue cannot be negative")
	}
	cfg = cfg.withDefaults()
	return &Account{queue: newQueue(limiter(cfg), cfg.Queue), tokens: map[grant]*tokens{}}, nil
}

// tokensFor are those of c's scope, shared with the clients of the same scope.
func (a *Account) tokensFor(cfg Config, c *Client) *tokens {
	a.mu.Lock()
	defer a.mu.Unlock()
	key := grant{cfg.TokenURL, cfg.ClientID, cfg.ClientSecret, cfg.Scope}
	if a.tokens[key] == nil {
		a.tokens[key] = newTokens(cfg, c)
	}
	return a.tokens[key]
}
