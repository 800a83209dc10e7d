package franceconnect

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4/json"
)

// A Login is a citizen as FranceConnect vouches for. ID and access token are
// secrets: the caller keeps them sealed.
type Login struct {
	Issuer       string
	Subject      string // pairwise for this registration, opaque, at most 255 bytes
	ACR          string // eidas1, eidas2, eidas3; of a plain provider also NoLevel
	IDToken      string // compact JWS, decrypted if it came encrypted: the evidence of this login; also the hint for LogoutURL
	KeyID        string // kid IDToken names; of a plain provider's it may be empty
	AccessToken  string // opaque; for data sources that take FranceConnect's token
	AuthTime     time.Time
	TokenExpires time.Time // of AccessToken, counted from before it was asked for
	At           time.Time // when all was verified
	AMR          []string
	Identity     Identity
}

// Evidence is the ID token where it vouches for the login to somebody else: it
// names its key, and a level. Else "".
func (l *Login) Evidence() string {
	if l.KeyID == "" || l.ACR == NoLevel {
		return ""
	}
	return l.IDToken
}

// Exchange turns a code into a verified login: token request, ID token against
// nonce, userinfo. It must run while the browser's callback request is being
// answered: FranceConnect's grant dies 30 seconds after the citizen's click.
// verifier is used only with Config.PKCE.
func (rp *RelyingParty) Exchange(ctx context.Context, code, nonce, verifier string) (*Login, error) {
	e, err := rp.discovery.get(ctx)
	if err != nil {
		return nil, err
	}
	asked := rp.now()
	t, err := rp.redeem(ctx, e.Token, code, verifier)
	if err != nil {
		return nil, err
	}
	if t.IDToken, err = rp.unseal("ID token", t.IDToken); err != nil {
		return nil, err
	}
	id, kid, err := rp.verifyIDToken(ctx, t.IDToken, nonce)
	if err != nil {
		return nil, err
	}
	if err := id.checkParty(rp.config.ClientID, t.AccessToken); err != nil {
		return nil, err
	}
	identity, err := rp.userinfo(ctx, e.Userinfo, t.AccessToken, id.Subject)
	if err != nil {
		return nil, err
	}
	return &Login{
		Issuer: id.Issuer, Subject: id.Subject, ACR: id.ACR, IDToken: t.IDToken, KeyID: kid,
		AccessToken: t.AccessToken, AuthTime: id.authTime(), AMR: id.AMR, Identity: identity,
		TokenExpires: asked.Add(t.life()).UTC(), At: rp.now().UTC(),
	}, nil
}

// tokens is the token answer (RFC 6749 §5.1): FranceConnect sends these
// members and scope.
type tokens struct {
	AccessToken string  `json:"access_token"`
	IDToken     string  `json:"id_token"`
	TokenType   string  `json:"token_type"`
	ExpiresIn   seconds `json:"expires_in"`
}

// tokenLife is FranceConnect's access token's life, and the most we believe.
const tokenLife = 60 * time.Second

func (t tokens) life() time.Duration {
	if t.ExpiresIn <= 0 || t.ExpiresIn > 60 {
		return tokenLife
	}
	return time.Duration(t.ExpiresIn) * time.Second
}

// redeem sends the code with client_secret_post, the only way FranceConnect
// takes; another provider gets client_secret_basic.
func (rp *RelyingParty) redeem(ctx context.Context, endpoint, code, verifier string) (tokens, error) {
	form := url.Values{
		"grant_type":    {"authorization_code"},
		"code":          {code},
		"redirect_uri":  {rp.config.RedirectURI},
		"client_id":     {rp.config.ClientID},
		"client_secret": {rp.config.ClientSecret},
	}
	if rp.plain() {
		form.Del("client_id")
		form.Del("client_secret")
	}
	if rp.config.PKCE {
		form.Set("code_verifier", verifier)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, strings.NewReader(form.Encode()))
	if err != nil {
		return tokens{}, invalid("token: malformed address")
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	rp.authenticate(r)
	a, err := rp.fetch(ctx, "token", r)
	if err != nil {
		return tokens{}, err
	}
	return a.tokens()
}

func (a answer) tokens() (tokens, error) {
	if a.status != http.StatusOK {
		return tokens{}, a.refusal("token")
	}
	var t tokens
	switch {
	case a.mediaType != "application/json" || json.Unmarshal(a.body, &t) != nil:
		return tokens{}, invalid("token: not a JSON object")
	case !strings.EqualFold(t.TokenType, "Bearer"):
		return tokens{}, invalid("token: not a Bearer token")
	case !bearer.MatchString(t.AccessToken):
		return tokens{}, invalid("token: malformed access token")
	case t.IDToken == "":
		return tokens{}, invalid("token: no ID token")
	}
	return t, nil
}

// refusal reads a 4xx: its error code if it has a known one (RFC 6749 §5.2).
func (a answer) refusal(what string) error {
	var body struct {
		Error string `json:"error"`
	}
	if json.Unmarshal(a.body, &body) != nil || body.Error == "" {
		return &Error{Kind: Refused, Reason: what + ": HTTP " + strconv.Itoa(a.status)}
	}
	e := oauthError(body.Error)
	if e.Kind == Cancelled { // only the browser's leg can be cancelled by the citizen
		e.Kind = Refused
	}
	e.Reason = what + ": " + e.Reason
	return e
}
