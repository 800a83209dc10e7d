package issuer

import (
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

const idTokenLifetime = 5 * time.Minute // design §4

// libraryClient shows a Client to zitadel's functions. It has no redirect
// globs, no development mode and no implicit grant: what is not registered to
// the character does not pass.
type libraryClient struct {
	client *Client
}

var _ op.Client = libraryClient{}

func (c libraryClient) GetID() string                       { return c.client.ID }
func (c libraryClient) RedirectURIs() []string              { return c.client.RedirectURIs }
func (c libraryClient) PostLogoutRedirectURIs() []string    { return c.client.PostLogoutRedirectURIs }
func (c libraryClient) ApplicationType() op.ApplicationType { return op.ApplicationTypeWeb }
func (c libraryClient) AuthMethod() oidc.AuthMethod         { return oidc.AuthMethod(c.client.AuthMethod) }
func (c libraryClient) LoginURL(string) string              { return "" }
func (c libraryClient) AccessTokenType() op.AccessTokenType { return op.AccessTokenTypeBearer }
func (c libraryClient) IDTokenLifetime() time.Duration      { return idTokenLifetime }
func (c libraryClient) DevMode() bool                       { return false }
func (c libraryClient) IsScopeAllowed(string) bool          { return false }
func (c libraryClient) ClockSkew() time.Duration            { return 0 }

// IDTokenUserinfoClaimsAssertion is false: no data claim ever stands in an ID
// token (design §5).
func (c libraryClient) IDTokenUserinfoClaimsAssertion() bool { return false }

func (c libraryClient) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}

func (c libraryClient) GrantTypes() []oidc.GrantType {
	return []oidc.GrantType{oidc.GrantTypeCode}
}

func (c libraryClient) RestrictAdditionalIdTokenScopes() func([]string) []string {
	return keepOpenID
}

func (c libraryClient) RestrictAdditionalAccessTokenScopes() func([]string) []string {
	return keepOpenID
}

func keepOpenID([]string) []string { return []string{oidc.ScopeOpenID} }
