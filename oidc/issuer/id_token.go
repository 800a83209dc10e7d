package issuer

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/cryptosigner"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// createIDToken makes the client's ID token with at_hash (OpenID Connect Core
// §3.1.3.6), "" without the scope openid, signed with the algorithm the client registered. The library
// knows one key for all clients, so its storage is wrapped for each call.
func (i *Issuer) createIDToken(ctx context.Context, c *Client, key signingKey, issued *Issued) (string, error) {
	if issued.Subject == "" || issued.AccessToken == "" {
		return "", errors.New("making an ID token: no subject or no access token")
	}
	if !slices.Contains(issued.Scopes, oidc.ScopeOpenID) {
		return "", nil // plain OAuth
	}
	storage := tokenStorage{key: key, subject: issued.Subject}
	request := tokenRequest{client: c, issued: issued}
	token, err := op.CreateIDToken(ctx, i.config.Issuer, request, idTokenLifetime, issued.AccessToken, "", storage, libraryClient{c})
	if err != nil {
		return "", fmt.Errorf("making an ID token: %w", err)
	}
	return token, nil
}

// signingKey finds the active key before a code is consumed: a missing key
// must not cost the citizen a consent.
func (i *Issuer) signingKey(c *Client) (signingKey, error) {
	kid, signer, err := i.config.Keys.SigningKey(c.SigningAlg())
	if err != nil {
		return signingKey{}, fmt.Errorf("finding the %s key: %w", c.SigningAlg(), err)
	}
	return signingKey{id: kid, alg: jose.SignatureAlgorithm(c.SigningAlg()), signer: signer}, nil
}

type signingKey struct {
	id     string
	alg    jose.SignatureAlgorithm
	signer crypto.Signer
}

func (k signingKey) SignatureAlgorithm() jose.SignatureAlgorithm { return k.alg }
func (k signingKey) Key() any                                    { return cryptosigner.Opaque(k.signer) }
func (k signingKey) ID() string                                  { return k.id }

// tokenStorage is the little of op.Storage that op.CreateIDToken calls; the
// rest is absent and would panic.
type tokenStorage struct {
	op.Storage
	key     signingKey
	subject string
}

func (s tokenStorage) SigningKey(context.Context) (op.SigningKey, error) { return s.key, nil }

// SetUserinfoFromScopes sets the subject, or the library would overwrite it
// with nothing (design note 0001, B9).
func (s tokenStorage) SetUserinfoFromScopes(_ context.Context, u *oidc.UserInfo, _, _ string, _ []string) error {
	u.Subject = s.subject
	return nil
}

// tokenRequest shows what was issued as the library's authorization request.
type tokenRequest struct {
	client *Client
	issued *Issued
}

var _ op.AuthRequest = tokenRequest{}

func (r tokenRequest) GetID() string                         { return "" }
func (r tokenRequest) GetACR() string                        { return r.issued.ACR }
func (r tokenRequest) GetAMR() []string                      { return r.issued.AMR }
func (r tokenRequest) GetAudience() []string                 { return []string{r.client.ID} }
func (r tokenRequest) GetAuthTime() time.Time                { return r.issued.AuthTime }
func (r tokenRequest) GetClientID() string                   { return r.client.ID }
func (r tokenRequest) GetCodeChallenge() *oidc.CodeChallenge { return nil }
func (r tokenRequest) GetNonce() string                      { return r.issued.Nonce }
func (r tokenRequest) GetRedirectURI() string                { return r.issued.RedirectURI }
func (r tokenRequest) GetResponseType() oidc.ResponseType    { return oidc.ResponseTypeCode }
func (r tokenRequest) GetResponseMode() oidc.ResponseMode    { return oidc.ResponseModeQuery }
func (r tokenRequest) GetScopes() []string                   { return r.issued.Scopes }
func (r tokenRequest) GetState() string                      { return "" }
func (r tokenRequest) GetSubject() string                    { return r.issued.Subject }
func (r tokenRequest) Done() bool                            { return true }
