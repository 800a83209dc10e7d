package franceconnect

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4/json"
)

// introspectionLife is how old an answer of checktoken may be: it has no exp
// of its own, and a login lives 60 seconds.
const introspectionLife = 30 * time.Second

// An Introspection is what FranceConnect says of an access token it gave to a
// service provider. A dead token is a result, not an error: then only Malformed
// may be set.
type Introspection struct {
	Active          bool
	Malformed       bool      // FranceConnect could not read it: no token of its own
	ServiceProvider string    // client_id at FranceConnect of whoever the token was given to
	Subject         string    // of the person for this data provider: not the one a login gives
	Expires         time.Time // of the token, at most 60 s after its issue
	ACR             string
	Scopes          []string // asked at the login and registered for this data provider; may be empty
	Identity        Identity // the whole identité pivot of the civil registry, whatever the scopes
}

// HasIdentity is false for European users, of whom FranceConnect gives data
// providers no identité pivot.
func (i Introspection) HasIdentity() bool {
	return i.Identity.FamilyName != "" && i.Identity.GivenName != "" && i.Identity.Birthdate != ""
}

// Introspect asks FranceConnect's checktoken about an access token: its own
// protocol, near RFC 7662 with RFC 9701's media type (a JWE of a JWS without
// typ and exp). The answer must be FranceConnect's, for us, of this moment and
// about this very token. It is never kept.
func (dp *DataProvider) Introspect(ctx context.Context, token string) (Introspection, error) {
	if !bearer.MatchString(token) {
		return Introspection{Malformed: true}, nil
	}
	a, err := dp.checktoken(ctx, token)
	if err != nil {
		return Introspection{}, err
	}
	switch {
	case a.status == http.StatusBadRequest && a.errorCode() == "invalid_request":
		return Introspection{Malformed: true}, nil
	case a.status != http.StatusOK:
		return Introspection{}, a.refusal("checktoken")
	case a.mediaType != "application/token-introspection+jwt":
		return Introspection{}, invalid("checktoken: unknown content type")
	}
	jws, err := dp.decryptAny(string(a.body))
	if err != nil {
		return Introspection{}, err
	}
	payload, _, err := dp.at.open(ctx, "checktoken", jws)
	if err != nil {
		return Introspection{}, err
	}
	return dp.read(payload, token)
}

// checktoken sends exactly the three parameters FranceConnect takes.
func (dp *DataProvider) checktoken(ctx context.Context, token string) (answer, error) {
	form := url.Values{"client_id": {dp.config.ClientID}, "client_secret": {dp.config.ClientSecret}, "token": {token}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, dp.config.Issuer+"/checktoken", strings.NewReader(form.Encode()))
	if err != nil {
		return answer{}, invalid("checktoken: malformed address")
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/token-introspection+jwt")
	return dp.at.fetch(ctx, "checktoken", r)
}

// errorCode is the code of an error answer, "" when there is none.
func (a answer) errorCode() string {
	var body struct {
		Error string `json:"error"`
	}
	if json.Unmarshal(a.body, &body) != nil {
		return ""
	}
	return body.Error
}

// introspected are the claims around the answer.
type introspected struct {
	Issuer        string          `json:"iss"`
	Audience      audience        `json:"aud"`
	Issued        *seconds        `json:"iat"`
	Introspection json.RawMessage `json:"token_introspection"`
}

// read judges a verified answer.
func (dp *DataProvider) read(payload []byte, token string) (Introspection, error) {
	var c introspected
	if json.Unmarshal(payload, &c) != nil {
		return Introspection{}, invalid("checktoken: malformed claims")
	}
	now := dp.config.Now()
	switch {
	case c.Issuer != dp.config.Issuer:
		return Introspection{}, invalid("checktoken: another issuer")
	case !slices.Equal(c.Audience, audience{dp.config.ClientID}):
		return Introspection{}, invalid("checktoken: another audience")
	case !c.Issued.plausible():
		return Introspection{}, invalid("checktoken: without iat")
	case c.Issued.time().After(now.Add(skew)):
		return Introspection{}, invalid("checktoken: issued in the future")
	case now.Sub(c.Issued.time()) > introspectionLife:
		return Introspection{}, invalid("checktoken: an old answer")
	}
	return dp.readToken(c.Introspection, token)
}

// tokenClaims are those of token_introspection. jti is the access token itself.
type tokenClaims struct {
	Active          *bool    `json:"active"`
	ServiceProvider string   `json:"aud"`
	Subject         string   `json:"sub"`
	Expires         *seconds `json:"exp"`
	ACR             string   `json:"acr"`
	JTI             string   `json:"jti"`
	Scope           string   `json:"scope"`
}

func (dp *DataProvider) readToken(raw []byte, token string) (Introspection, error) {
	var c tokenClaims
	if json.Unmarshal(raw, &c) != nil || c.Active == nil {
		return Introspection{}, invalid("checktoken: malformed token_introspection")
	}
	if !*c.Active {
		return Introspection{}, nil
	}
	if err := c.check(token, dp.config.ACR); err != nil {
		return Introspection{}, err
	}
	if !dp.config.Now().Before(c.Expires.time()) {
		return Introspection{}, nil // it ended on its way here
	}
	id, err := parseIdentity(raw)
	if err != nil {
		return Introspection{}, invalid("checktoken: malformed identity")
	}
	return Introspection{
		Active: true, ServiceProvider: c.ServiceProvider, Subject: c.Subject, Expires: c.Expires.time().UTC(),
		ACR: c.ACR, Scopes: strings.Fields(c.Scope), Identity: id,
	}, nil
}

// check refuses an answer about another token, or of another level than what
// this FranceConnect gives.
func (c tokenClaims) check(token, acr string) error {
	switch {
	case !same(c.JTI, token):
		return invalid("checktoken: about another token")
	case c.ServiceProvider == "":
		return invalid("checktoken: without the service provider's aud")
	case c.Subject == "" || len(c.Subject) > maxSubject:
		return invalid("checktoken: malformed subject")
	case !c.Expires.plausible():
		return invalid("checktoken: without exp")
	case c.ACR != acr:
		return invalid("checktoken: another acr")
	}
	return nil
}
