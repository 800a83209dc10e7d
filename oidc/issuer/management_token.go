package issuer

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
)

// The scopes of a token of the grant management API (Grant Management for
// OAuth 2.0, §6.1): a client's own, about no citizen in particular.
const (
	scopeQuery  = "grant_management_query"
	scopeRevoke = "grant_management_revoke"
)

const (
	// managementPrefix begins such a token; /v3 and userinfo know none.
	managementPrefix   = "acm_"
	managementPurpose  = "accord-management-v1"
	managementLifetime = 5 * time.Minute
)

func managementScopes() []string { return []string{scopeQuery, scopeRevoke} }

// A manager is what a token of the grant management API stands for. It rests in
// Memory alone, sealed under the token.
type manager struct {
	ClientID string    `json:"client_id"`
	Scopes   []string  `json:"scopes"`
	DPoPJKT  string    `json:"dpop_jkt,omitempty"`
	Issued   time.Time `json:"issued"`
	Expires  time.Time `json:"expires"`
}

// credentials gives a client a token of its own (RFC 6749 §4.4), which opens
// the grant management API and nothing else.
func (i *Issuer) credentials(ctx context.Context, c *Client, p parameters, jkt string) (*tokenAnswer, *Error) {
	if !slices.Contains(c.GrantTypes, string(oidc.GrantTypeClientCredentials)) {
		return nil, NewError("unauthorized_client", "the client is not registered for client_credentials")
	}
	scopes := strings.Fields(p["scope"])
	slices.Sort(scopes)
	if scopes = slices.Compact(scopes); len(scopes) == 0 || !subset(scopes, managementScopes()) {
		return nil, NewError("invalid_scope", "scope must be "+scopeQuery+", "+scopeRevoke+" or both")
	}
	now := i.config.Now()
	m := manager{ClientID: c.ID, Scopes: scopes, DPoPJKT: jkt, Issued: now, Expires: now.Add(managementLifetime)}
	token, err := i.keepManager(ctx, m)
	if err != nil {
		return nil, unavailable(err)
	}
	return newTokenAnswer(&Issued{
		Binding: Binding{DPoPJKT: jkt}, AccessToken: token, ExpiresIn: managementLifetime, Scopes: scopes,
	}, ""), nil
}

func (i *Issuer) keepManager(ctx context.Context, m manager) (string, error) {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails (crypto/rand)
	token := managementPrefix + base64.RawURLEncoding.EncodeToString(secret)
	sealed, err := sealUnder(token, managementPurpose, m)
	if err == nil {
		err = i.config.Memory.Put(ctx, spaceManagement, sha256.Sum256([]byte(token)), sealed, m.Expires)
	}
	if err != nil {
		return "", fmt.Errorf("keeping a management token: %w", err)
	}
	return token, nil
}

// manager is nil for a token that is unknown, expired or revoked.
func (i *Issuer) manager(ctx context.Context, token string) (*manager, error) {
	if !strings.HasPrefix(token, managementPrefix) {
		return nil, nil
	}
	sealed, err := i.config.Memory.Get(ctx, spaceManagement, sha256.Sum256([]byte(token)))
	if errors.Is(err, ErrAbsent) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading a management token: %w", err)
	}
	m := new(manager)
	return m, openUnder(token, managementPurpose, sealed, m)
}

// tokenInfo tells of any live access token, nil of a dead one.
func (i *Issuer) tokenInfo(ctx context.Context, token string) (*TokenInfo, error) {
	m, err := i.manager(ctx, token)
	if err != nil || m == nil {
		if err != nil {
			return nil, err
		}
		return i.config.Hooks.Token(ctx, token)
	}
	return &TokenInfo{ClientID: m.ClientID, Scopes: m.Scopes, IssuedAt: m.Issued, ExpiresAt: m.Expires, DPoPJKT: m.DPoPJKT}, nil
}

// revokeToken makes any token of the client's dead.
func (i *Issuer) revokeToken(ctx context.Context, c *Client, token string) error {
	m, err := i.manager(ctx, token)
	switch {
	case err != nil:
		return err
	case m == nil:
		return i.config.Hooks.RevokeToken(ctx, c, token)
	case m.ClientID != c.ID:
		return nil
	}
	_, err = i.config.Memory.Take(ctx, spaceManagement, sha256.Sum256([]byte(token)))
	if errors.Is(err, ErrAbsent) {
		return nil
	}
	return err
}
