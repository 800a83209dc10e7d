package franceconnect

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/json"
)

// skew is how far FranceConnect's clock and ours may differ.
const skew = 10 * time.Second

// open verifies a compact JWS by FranceConnect's keys and the registered
// algorithm, and gives its exact payload and the key's id. what names the
// token in reasons.
func (rp *RelyingParty) open(ctx context.Context, what, compact string) (payload []byte, kid string, err error) {
	jws, err := jose.ParseSignedCompact(compact, []jose.SignatureAlgorithm{rp.alg})
	if err != nil {
		return nil, "", invalid(what + ": " + unparsed(err))
	}
	kid = jws.Signatures[0].Protected.KeyID
	switch {
	case kid == "" && !rp.plain():
		return nil, "", invalid(what + ": names no key")
	case kid == "":
		payload, err = rp.openUnnamed(ctx, what, jws)
		return payload, "", err
	}
	key, found, err := rp.key(ctx, kid)
	if err != nil {
		return nil, "", err
	}
	if !found {
		return nil, "", invalid(what + ": signed by an unknown key")
	}
	payload, err = jws.Verify(key)
	if err != nil {
		return nil, "", invalid(what + ": signature does not verify")
	}
	return payload, kid, nil
}

// unparsed says why a token is not a JWS of the registered algorithm, without
// repeating what it holds.
func unparsed(err error) string {
	var other *jose.ErrUnexpectedSignatureAlgorithm
	if !errors.As(err, &other) {
		return "not a compact JWS"
	}
	switch other.Got {
	case "none":
		return "not signed (alg none)"
	case jose.HS256, jose.HS384, jose.HS512:
		return "signed by a symmetric algorithm"
	}
	return "signed by another algorithm than the registered one"
}

// registered are the claims an ID token and a userinfo answer share (RFC 7519
// §4.1). Times are seconds.
type registered struct {
	Issuer   string   `json:"iss"`
	Subject  string   `json:"sub"`
	Audience audience `json:"aud"`
	Expires  *seconds `json:"exp"`
	Issued   *seconds `json:"iat"`
}

// seconds is a NumericDate (RFC 7519 §2); a fraction is cut.
type seconds float64

func (s seconds) time() time.Time { return time.Unix(int64(s), 0) }

// audience is a string or an array of them (RFC 7519 §4.1.3).
type audience []string

// UnmarshalJSON takes both shapes.
func (a *audience) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*a = audience{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(a))
}

// check judges the shared claims at now. An audience beside ours is refused:
// FranceConnect never writes one.
func (c registered) check(what string, config Config, now time.Time) error {
	switch {
	case c.Issuer != config.Issuer:
		return invalid(what + ": another issuer")
	case !slices.Equal(c.Audience, audience{config.ClientID}):
		return invalid(what + ": another audience")
	case c.Subject == "" || len(c.Subject) > maxSubject:
		return invalid(what + ": malformed subject")
	}
	return c.checkTimes(what, now)
}

func (c registered) checkTimes(what string, now time.Time) error {
	switch {
	case !c.Expires.plausible() || !c.Issued.plausible():
		return invalid(what + ": without exp or iat")
	case !now.Before(c.Expires.time().Add(skew)):
		return invalid(what + ": expired")
	case c.Issued.time().After(now.Add(skew)):
		return invalid(what + ": issued in the future")
	case *c.Expires <= *c.Issued:
		return invalid(what + ": expires before it was issued")
	}
	return nil
}

// maxSubject bounds a subject identifier (OpenID Connect Core §2).
const maxSubject = 255

// plausible keeps a time inside what time.Time counts.
func (s *seconds) plausible() bool { return s != nil && *s > 0 && *s < 1<<40 }
