package franceconnect

import (
	"context"
	"net/http"
	"regexp"

	"github.com/go-jose/go-jose/v4/json"
)

// bearer is an access token that can stand in a header (RFC 6750 §2.1), of
// bounded length.
var bearer = regexp.MustCompile(`^[A-Za-z0-9._~+/-]{1,1000}=*$`)

// userinfo gets the identity of subject (OpenID Connect Core §5.3).
func (rp *RelyingParty) userinfo(ctx context.Context, endpoint, token, subject string) (Identity, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint, nil)
	if err != nil {
		return Identity{}, invalid("userinfo: malformed address")
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Accept", "application/jwt, application/json;q=0.1")
	a, err := rp.fetch(ctx, "userinfo", r)
	if err != nil {
		return Identity{}, err
	}
	if a.status != http.StatusOK {
		return Identity{}, a.refusal("userinfo")
	}
	payload, err := rp.userinfoClaims(ctx, a, subject)
	if err != nil {
		return Identity{}, err
	}
	return parseIdentity(payload)
}

// userinfoClaims gives the claims once they are known to be FranceConnect's,
// for us, now, and about subject (§5.3.2, §5.3.4).
func (rp *RelyingParty) userinfoClaims(ctx context.Context, a answer, subject string) ([]byte, error) {
	payload, signed, err := rp.userinfoPayload(ctx, a)
	if err != nil {
		return nil, err
	}
	var c registered
	if json.Unmarshal(payload, &c) != nil {
		return nil, invalid("userinfo: malformed claims")
	}
	if signed {
		if err := c.check("userinfo", rp.config, rp.now()); err != nil {
			return nil, err
		}
	}
	if c.Subject == "" || !same(c.Subject, subject) {
		return nil, invalid("userinfo: about another subject")
	}
	return payload, nil
}

func (rp *RelyingParty) userinfoPayload(ctx context.Context, a answer) (payload []byte, signed bool, err error) {
	switch {
	case a.mediaType == "application/jwt":
		payload, err = rp.openUserinfo(ctx, string(a.body))
		return payload, true, err
	case a.mediaType == "application/json" && rp.config.AllowPlainUserinfo:
		return a.body, false, nil
	case a.mediaType == "application/json":
		return nil, false, invalid("userinfo: not signed")
	}
	return nil, false, invalid("userinfo: unknown content type")
}

func (rp *RelyingParty) openUserinfo(ctx context.Context, token string) ([]byte, error) {
	jws, err := rp.unseal("userinfo", token)
	if err != nil {
		return nil, err
	}
	payload, _, err := rp.open(ctx, "userinfo", jws)
	return payload, err
}
