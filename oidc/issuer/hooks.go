package issuer

import (
	"context"
	"crypto"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/go-jose/go-jose/v4"

	"accord/oidc/issuer/details"
)

// Hooks is what the issuer asks of the journey. All methods are called
// concurrently.
type Hooks interface {
	// Review checks a request against the client's approvals before anything
	// is shown, at /par and again at /authorize. It may fill in defaults
	// (Recipient, Purpose, Year, Month) in the request. An Error with a Page becomes a
	// local page, one without a redirect to the client.
	Review(ctx context.Context, c *Client, req *AuthorizationRequest) *Error
	// Silently answers a reviewed request with prompt=none: a code where the
	// citizen is known and has agreed already, or login_required,
	// consent_required (OpenID Connect Core §3.1.2.6). It consumes a pushed
	// request whose code it gives.
	Silently(r *http.Request, c *Client, req *AuthorizationRequest) (code string, e *Error)
	// Begin starts the interaction: cookie, then 303 to its first page.
	Begin(w http.ResponseWriter, r *http.Request, c *Client, req *AuthorizationRequest)
	// ErrorPage answers with a local page and e.HTTPStatus(), never a redirect.
	ErrorPage(w http.ResponseWriter, r *http.Request, e *Error)
	// Redeem consumes the code and stores the access token in one
	// transaction, inside which it calls Binding.Check; a failed check burns
	// the code, a second use revokes what the first one gave. A code of
	// another client is unknown: invalid_grant, and it stays usable.
	Redeem(ctx context.Context, c *Client, rd Redemption) (*Issued, *Error)
	// Refresh gives an access token for a refresh token of this client, in one
	// transaction; another's is unknown: invalid_grant. What is wrong with the
	// request costs the token nothing.
	Refresh(ctx context.Context, c *Client, r Refreshing) (*Issued, *Error)
	// Token tells what a live access token leads to; nil when it is unknown,
	// expired, revoked or its consent has ended. An error says that this is
	// not known now: a live token is never told as dead for it.
	Token(ctx context.Context, accessToken string) (*TokenInfo, error)
	// UserinfoClaims gives the agreed data as claims, once their delivery is
	// durable, and headers for the answer. It is called only for clients
	// registered with userinfo_claims; iss and sub stay the issuer's.
	UserinfoClaims(ctx context.Context, c *Client, accessToken string) (map[string]any, http.Header, *Error)
	// RevokeToken makes an access or a refresh token of this client dead, with a
	// refresh token those it gave; nil also when it is unknown or another client's (RFC 7009 §2.2).
	RevokeToken(ctx context.Context, c *Client, token string) error
	// Grant tells a grant of this client; nil when there is none, or it is
	// another's.
	Grant(ctx context.Context, c *Client, id string) (*GrantInfo, error)
	// RevokeGrant ends a grant of this client: once it returned nothing is
	// fetched or delivered under it. False when there is none, or it is another's;
	// true also when it ended before.
	RevokeGrant(ctx context.Context, c *Client, id string) (found bool, err error)
	// EndSession ends the citizen's session and answers. The request is
	// checked; with an empty Hint it must ask the citizen first, and where
	// Refused is set there is nothing to do but ask, or tell it on a page.
	EndSession(w http.ResponseWriter, r *http.Request, e EndSession)
}

// ErrAbsent is what Memory answers for an entry that is unknown, expired or
// taken.
var ErrAbsent = errors.New("no such entry")

// The spaces of Memory the issuer uses.
const (
	spacePushed     = "par"        // pushed requests (RFC 9126)
	spaceAssertions = "jti"        // client assertions seen (RFC 7523 §3)
	spaceProofs     = "dpop"       // DPoP proofs seen (RFC 9449 §11.1)
	spaceManagement = "management" // access tokens of the grant management API
)

// Memory keeps values for seconds to minutes. Keys are SHA-256 of secrets,
// values are sealed by the issuer. Once and Take are atomic over all replicas.
type Memory interface {
	// Once is true for the first call with this key until the given time.
	Once(ctx context.Context, space string, key [32]byte, until time.Time) (bool, error)
	Put(ctx context.Context, space string, key [32]byte, value []byte, until time.Time) error
	// Get returns ErrAbsent for what is not there.
	Get(ctx context.Context, space string, key [32]byte) ([]byte, error)
	// Take is Get and consumes.
	Take(ctx context.Context, space string, key [32]byte) ([]byte, error)
}

// Keys signs ID tokens and publishes what verifies them.
type Keys interface {
	// SigningKey returns the active key of alg, ES256 or RS256.
	SigningKey(alg string) (kid string, key crypto.Signer, err error)
	// Public returns all verification keys, retired ones as long as a token
	// signed by them may live, with kid, alg and use.
	Public() []jose.JSONWebKey
}

// A Redemption is what a token request says about its code (RFC 6749 §4.1.3).
type Redemption struct {
	Code        string // at most 512 characters
	RedirectURI string
	Verifier    string // code_verifier, may be empty
	DPoPJKT     string // thumbprint of the key the access token is to be bound to (RFC 9449 §5); empty: none
}

// Refreshing is what a token request says about its refresh token (RFC 6749 §6).
type Refreshing struct {
	Token   string           // at most 512 characters
	Scopes  []string         // those wanted of what was granted; nil: all
	Details *details.Request // the same, by authorization_details; nil: all
	DPoPJKT string           // as Redemption's
}

// Issued is a redeemed code or a refresh: what the token answer and the ID
// token say.
type Issued struct {
	Binding      // its DPoPJKT is the one of the redemption: the token's
	AccessToken  string
	RefreshToken string        // empty: none
	ExpiresIn    time.Duration // of the access token
	Subject      string        // pairwise subject identifier, never empty
	ACR          string
	AMR          []string
	AuthTime     time.Time
	Scopes       []string // granted; those asked are Binding.Scopes
	GrantID      string   // empty when no data was agreed
	ReceiptJWS   string
	ReceiptURI   string
}

// TokenInfo is a live access token (RFC 7662 §2.2).
type TokenInfo struct {
	ClientID  string
	Subject   string
	Scopes    []string
	GrantID   string
	IssuedAt  time.Time // may be zero
	ExpiresAt time.Time
	DPoPJKT   string          // thumbprint of the key it is bound to; empty: none
	Details   json.RawMessage // authorization_details agreed to (RFC 9396 §9.2); null: the request was made by scopes
	Frozen    bool            // it gives nothing now, and may again: nothing is told for it
}

// EndSession is a checked logout request (RP-Initiated Logout 1.0 §2).
type EndSession struct {
	ClientID              string // empty when nothing named a client
	PostLogoutRedirectURI string // registered for ClientID, or empty
	State                 string
	Hint                  string // sub of a valid id_token_hint, which may be expired; empty: ask the citizen
	Refused               *Error // the request is wrong: nothing else of it is told, and nobody is sent anywhere
}

// RedirectURL is where the browser goes after the logout, with state; empty
// when the client asked for nothing.
func (e EndSession) RedirectURL() string {
	if e.PostLogoutRedirectURI == "" || e.State == "" {
		return e.PostLogoutRedirectURI
	}
	return appendQuery(e.PostLogoutRedirectURI, url.Values{"state": {e.State}})
}
