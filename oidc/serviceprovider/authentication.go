package serviceprovider

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	assertionType     = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" // RFC 7523 §2.2
	assertionLifetime = time.Minute
)

// authenticated is a form that says which client sends it, by the one method
// it is configured for.
func (c *Client) authenticated(ctx context.Context, address string, form url.Values) (*http.Request, error) {
	if c.config.Key == nil {
		r, err := formRequest(ctx, address, form)
		if err != nil {
			return nil, err
		}
		// RFC 6749 §2.3.1: both are encoded as in forms before they are joined.
		r.SetBasicAuth(url.QueryEscape(c.config.ClientID), url.QueryEscape(c.config.Secret))
		return r, nil
	}
	assertion, err := c.assertion()
	if err != nil {
		return nil, fmt.Errorf("signing a client assertion: %w", err)
	}
	form.Set("client_assertion_type", assertionType)
	form.Set("client_assertion", assertion)
	return formRequest(ctx, address, form)
}

// assertion is RFC 7523 §3, for Accord alone and one use.
func (c *Client) assertion() (string, error) {
	now := c.config.Now()
	claims, err := json.Marshal(map[string]any{
		"iss": c.config.ClientID, "sub": c.config.ClientID, "aud": c.config.Issuer, "jti": rand.Text(),
		"iat": now.Unix(), "exp": now.Add(assertionLifetime).Unix(),
	})
	if err != nil {
		return "", err
	}
	key := jose.SigningKey{Algorithm: jose.SignatureAlgorithm(c.config.Key.Algorithm), Key: c.config.Key}
	signer, err := jose.NewSigner(key, nil)
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(claims)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}
