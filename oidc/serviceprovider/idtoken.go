package serviceprovider

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
	strict "github.com/go-jose/go-jose/v4/json" // case-sensitive, refuses repeated members
)

const skew = 30 * time.Second // by which clocks may differ

// claims of an ID token that are checked or given (OpenID Connect Core §2).
type claims struct {
	Issuer   string          `json:"iss"`
	Subject  string          `json:"sub"`
	Audience json.RawMessage `json:"aud"`
	Party    string          `json:"azp"`
	Nonce    string          `json:"nonce"`
	Expires  int64           `json:"exp"`
	IssuedAt int64           `json:"iat"`
	ACR      string          `json:"acr"`
}

// identified checks the ID token and adds who it names.
func (c *Client) identified(ctx context.Context, t Token, nonce string) (Token, error) {
	payload, err := c.signedByAccord(ctx, t.IDToken)
	if err != nil {
		return Token{}, fmt.Errorf("%w: %w", ErrIDToken, err)
	}
	var got claims
	if err := strict.Unmarshal(payload, &got); err != nil {
		return Token{}, fmt.Errorf("%w: claims: %w", ErrIDToken, err)
	}
	if wrong := c.judge(got, nonce); wrong != "" {
		return Token{}, fmt.Errorf("%w: %s", ErrIDToken, wrong)
	}
	t.Subject, t.ACR = got.Subject, got.ACR
	return t, nil
}

// judge names the first claim that is not as OpenID Connect Core §3.1.3.7
// wants it, "" when all are.
func (c *Client) judge(got claims, nonce string) string {
	now := c.config.Now()
	switch {
	case got.Issuer != c.config.Issuer:
		return "iss"
	case !onlyAudience(got.Audience, c.config.ClientID):
		return "aud"
	case got.Party != "" && got.Party != c.config.ClientID:
		return "azp"
	case !same(got.Nonce, nonce):
		return "nonce"
	case !now.Before(time.Unix(got.Expires, 0).Add(skew)):
		return "exp"
	case time.Unix(got.IssuedAt, 0).After(now.Add(skew)):
		return "iat"
	case got.Subject == "":
		return "sub"
	}
	return ""
}

// onlyAudience reads aud as a text or an array of one.
func onlyAudience(aud json.RawMessage, client string) bool {
	var single string
	if json.Unmarshal(aud, &single) == nil {
		return single == client
	}
	var several []string
	return json.Unmarshal(aud, &several) == nil && slices.Equal(several, []string{client})
}

// signedByAccord verifies with the keys of jwks_uri, read again once when they
// do not hold the token's.
func (c *Client) signedByAccord(ctx context.Context, token string) ([]byte, error) {
	jws, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.ES256, jose.RS256})
	if err != nil {
		return nil, errors.New("not a compact JWS signed with ES256 or RS256")
	}
	for _, fresh := range []bool{false, true} {
		keys, err := c.keys(ctx, fresh)
		if err != nil {
			return nil, err
		}
		for _, k := range keys.Key(jws.Signatures[0].Protected.KeyID) {
			if k.Algorithm != "" && k.Algorithm != jws.Signatures[0].Protected.Algorithm {
				continue
			}
			if payload, err := jws.Verify(k); err == nil {
				return payload, nil
			}
			return nil, errors.New("signature does not verify")
		}
	}
	return nil, errors.New("signed with a key that Accord does not publish")
}

func (c *Client) keys(ctx context.Context, fresh bool) (*jose.JSONWebKeySet, error) {
	at, err := c.discover(ctx)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.idKeys != nil && !fresh {
		return c.idKeys, nil
	}
	body, err := c.get(ctx, at.JWKS)
	if err != nil {
		return nil, fmt.Errorf("reading Accord's keys: %w", err)
	}
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(body, &set); err != nil {
		return nil, fmt.Errorf("reading Accord's keys: %w", err)
	}
	c.idKeys = &set
	return c.idKeys, nil
}
