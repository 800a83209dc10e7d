package upstream

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// early is how long before its end a token is no longer used.
const early = 10 * time.Second

// tokens keeps the one access token of a credential. Waiters share a fetch,
// and each waits no longer than its own context.
type tokens struct {
	cfg    Config
	client *Client
	turn   chan struct{} // one slot; its holder owns value and until
	value  string
	until  time.Time
}

func newTokens(cfg Config, c *Client) *tokens {
	return &tokens{cfg: cfg, client: c, turn: make(chan struct{}, 1)}
}

// get returns a token with more than ten seconds to live, or a fresh one, or
// the static one.
func (t *tokens) get(ctx context.Context) (string, error) {
	if t.cfg.StaticToken != "" {
		return t.cfg.StaticToken, nil
	}
	select {
	case t.turn <- struct{}{}:
	case <-ctx.Done():
		return "", classify(ctx.Err())
	}
	defer func() { <-t.turn }()
	if t.value != "" && t.client.now().Before(t.until) {
		return t.value, nil
	}
	value, life, err := t.fetch(ctx)
	if err != nil {
		return "", err
	}
	t.value, t.until = value, t.client.now().Add(life-early)
	return value, nil
}

// drop forgets value, which the source refused, unless it was replaced.
func (t *tokens) drop(value string) {
	t.turn <- struct{}{}
	defer func() { <-t.turn }()
	if t.value == value {
		t.value = ""
	}
}

// fetch asks twice at most: the request carries nobody and changes nothing.
func (t *tokens) fetch(ctx context.Context) (string, time.Duration, error) {
	value, life, err := t.once(ctx)
	if err == nil || ctx.Err() != nil || err == ErrCredentials {
		return value, life, err
	}
	rest(ctx)
	return t.once(ctx)
}

func (t *tokens) once(ctx context.Context) (string, time.Duration, error) {
	request, err := t.request(ctx)
	if err != nil {
		return "", 0, err
	}
	reply, err := t.client.send(ctx, request)
	if err != nil {
		return "", 0, fmt.Errorf("%w: %w", ErrToken, err)
	}
	switch reply.Status {
	case http.StatusOK:
		return parseToken(reply.Body)
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden:
		return "", 0, ErrCredentials
	}
	return "", 0, fmt.Errorf("%w: status %d", ErrToken, reply.Status)
}

func (t *tokens) request(ctx context.Context) (*http.Request, error) {
	form := url.Values{"grant_type": {"client_credentials"}}
	if t.cfg.Scope != "" {
		form.Set("scope", t.cfg.Scope)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, t.cfg.TokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, ErrToken
	}
	r.Header.Set("Authorization", "Basic "+t.basic())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	return r, nil
}

func (t *tokens) basic() string {
	pair := []byte(t.cfg.ClientID + ":" + t.cfg.ClientSecret)
	if t.cfg.URLSafeBasic {
		return base64.URLEncoding.EncodeToString(pair)
	}
	return base64.StdEncoding.EncodeToString(pair)
}

// parseToken reads a token answer (RFC 6749 §5.1). Without expires_in the
// token serves once.
func parseToken(body []byte) (string, time.Duration, error) {
	var answer struct {
		AccessToken string  `json:"access_token"`
		TokenType   string  `json:"token_type"`
		ExpiresIn   float64 `json:"expires_in"`
	}
	if json.Unmarshal(body, &answer) != nil || !strings.EqualFold(answer.TokenType, "Bearer") || !bearer(answer.AccessToken) {
		return "", 0, fmt.Errorf("%w: %w", ErrToken, ErrShape)
	}
	life := min(max(answer.ExpiresIn, 0), 24*3600)
	return answer.AccessToken, time.Duration(life) * time.Second, nil
}

// bearer says whether s is a token that can stand in a header (RFC 6750 §2.1).
func bearer(s string) bool {
	visible := func(r rune) bool { return r <= ' ' || r > '~' }
	return s != "" && len(s) <= 8<<10 && strings.IndexFunc(s, visible) < 0
}
