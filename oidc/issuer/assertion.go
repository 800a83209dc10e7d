package issuer

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/json" // case-sensitive, refuses repeated members
)

// assertionAlgs are those of everything a client signs: assertions and DPoP
// proofs (FAPI 2.0 Security Profile §5.4).
func assertionAlgs() []jose.SignatureAlgorithm {
	return []jose.SignatureAlgorithm{jose.ES256, jose.PS256, jose.EdDSA}
}

const (
	assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" // RFC 7523 §2.2

	skew         = 10 * time.Second  // by which clocks may differ
	assertionMax = 600 * time.Second // furthest exp
	maxAssertion = 16 << 10          // bytes
)

// assertion is a client assertion's payload (RFC 7523 §3, OpenID Connect Core
// §9). Times are seconds since 1970 and may have fractions.
type assertion struct {
	Issuer    string          `json:"iss"`
	Subject   string          `json:"sub"`
	Audience  json.RawMessage `json:"aud"`
	ID        string          `json:"jti"` // 1 to 256 bytes
	Expires   *float64        `json:"exp"`
	IssuedAt  *float64        `json:"iat,omitempty"`
	NotBefore *float64        `json:"nbf,omitempty"`
}

// verifyAssertion authenticates a client by private_key_jwt. The library's
// own check knows no jti, no bound on exp, and takes foreign audiences
// (design note 0001). The order matters: key and signature before jti, so that a
// stranger cannot burn a jti. Why it failed goes to the log; the answer says
// so only once the signature was good. It consumes nothing: useAssertion does.
func (i *Issuer) verifyAssertion(ctx context.Context, offered credentials) (*Client, *assertion, *Error) {
	failed := invalidClient("client authentication failed")
	jws, claimed, err := parseAssertion(offered.assertion)
	if err != nil {
		return nil, nil, failed.WithCause(err)
	}
	c, e := i.client(claimed.Issuer)
	if e != nil || c.AuthMethod != PrivateKeyJWT {
		return nil, nil, failed.WithCause(errors.New("no such client with private_key_jwt"))
	}
	key, e := i.clientKey(ctx, c, jws.Signatures[0].Protected.KeyID)
	if e != nil {
		return nil, nil, e
	}
	a, err := verifySignature(jws, key)
	if err != nil {
		return nil, nil, failed.WithCause(err)
	}
	if err := i.checkAssertion(a, c, offered.clientID); err != nil {
		return nil, nil, invalidClient("client assertion: " + err.Error())
	}
	return c, &a, nil
}

// parseAssertion reads a compact JWS of a pinned algorithm. What it returns
// is not yet verified.
func parseAssertion(compact string) (*jose.JSONWebSignature, assertion, error) {
	var a assertion
	if len(compact) > maxAssertion || !canonicalCompact(compact) {
		return nil, a, errors.New("not three base64url parts of at most 16 KiB")
	}
	jws, err := jose.ParseSignedCompact(compact, assertionAlgs())
	if err != nil {
		return nil, a, errors.New("not a compact JWS signed with ES256, PS256 or EdDSA")
	}
	if err := checkHeader(jws.Signatures[0].Protected); err != nil {
		return nil, a, err
	}
	if err := json.Unmarshal(jws.UnsafePayloadWithoutVerification(), &a); err != nil {
		return nil, a, errors.New("payload is not a claims object")
	}
	return jws, a, nil
}

// canonicalCompact reports whether s is three base64url parts in their one
// spelling: decoders skip line breaks and stray last bits.
func canonicalCompact(s string) bool {
	parts := strings.Split(s, ".")
	for _, part := range parts {
		if !canonical(part) {
			return false
		}
	}
	return len(parts) == 3
}

func canonical(part string) bool {
	_, err := base64.RawURLEncoding.Strict().DecodeString(part)
	return err == nil && only(part, base64url)
}

// checkHeader refuses headers that name a key to fetch or carry one, whatever
// it is: only registered keys count, and those of a registered jwks_uri. A
// certificate (x5c, which some software always sends) is read by nobody. It also
// refuses JWTs made for another use (RFC 8725 §3.11).
func checkHeader(h jose.Header) error {
	switch typ, present := h.ExtraHeaders[jose.HeaderType]; {
	case !present, typ == "JWT", typ == "jwt", typ == "client-authentication+jwt":
	default:
		return errors.New("typ is another's")
	}
	if h.JSONWebKey != nil || h.KeyID == "" {
		return errors.New("kid is needed, jwk is not accepted")
	}
	for _, name := range []jose.HeaderKey{"jku", "x5u", "crit", "b64"} {
		if _, present := h.ExtraHeaders[name]; present {
			return fmt.Errorf("header %s is not accepted", name)
		}
	}
	return nil
}

func verifySignature(jws *jose.JSONWebSignature, key jose.JSONWebKey) (assertion, error) {
	var a assertion
	if badKey(key) != "" || string(keyAlg(key.Key)) != jws.Signatures[0].Protected.Algorithm {
		return a, errors.New("alg does not go with the key")
	}
	payload, err := jws.Verify(key.Key)
	if err != nil {
		return a, errors.New("signature is wrong")
	}
	return a, json.Unmarshal(payload, &a)
}

// checkAssertion checks the claims of a signed assertion. Its errors are sent
// to the client that signed it.
func (i *Issuer) checkAssertion(a assertion, c *Client, clientID string) error {
	switch {
	case a.Issuer != c.ID || a.Subject != c.ID:
		return errors.New("iss and sub must be the client")
	case clientID != "" && clientID != c.ID:
		return errors.New("client_id is another client's")
	case !audience(a.Audience, i.config.Issuer, c.Profile):
		return errors.New("aud must be the issuer, as a string")
	case a.ID == "" || len(a.ID) > 256:
		return errors.New("jti must have 1 to 256 characters")
	}
	return i.checkTimes(a)
}

// audience takes the issuer as a string. A one-element array says the same
// and is what stock software sends; two elements would let another server
// that gets the assertion use it here.
func audience(raw json.RawMessage, issuer string, profile Profile) bool {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return one == issuer
	}
	var many []string
	return profile != FAPI2 && json.Unmarshal(raw, &many) == nil && len(many) == 1 && many[0] == issuer
}

// checkTimes compares as floats: a huge exp must not overflow into the past
// or the window.
func (i *Issuer) checkTimes(a assertion) error {
	now := seconds(i.config.Now())
	switch {
	case a.Expires == nil:
		return errors.New("exp is missing")
	case *a.Expires <= now-skew.Seconds():
		return errors.New("exp has passed")
	case *a.Expires > now+assertionMax.Seconds():
		return errors.New("exp is more than 10 minutes ahead")
	case a.IssuedAt != nil && *a.IssuedAt > now+skew.Seconds():
		return errors.New("iat is in the future")
	case a.NotBefore != nil && *a.NotBefore > now+skew.Seconds():
		return errors.New("nbf is in the future")
	}
	return i.checkStart(a)
}

// checkStart refuses what may have been used before a start that lost the
// memory of it (design §7): an assertion of an honest clock is dated at most
// skew after the start, an undated one expires at most 600 s + skew after.
func (i *Issuer) checkStart(a assertion) error {
	if i.config.StartedUnclean.IsZero() {
		return nil
	}
	start := seconds(i.config.StartedUnclean)
	if a.IssuedAt != nil && *a.IssuedAt <= start+skew.Seconds() {
		return errors.New("made before the issuer restarted, make a new one")
	}
	if a.IssuedAt == nil && *a.Expires <= start+(assertionMax+skew).Seconds() {
		return errors.New("may have been made before the issuer restarted, send iat")
	}
	return nil
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

// useAssertion accepts a jti of a client once, as long as it could be valid.
func (i *Issuer) useAssertion(ctx context.Context, a *assertion) *Error {
	if a == nil {
		return nil
	}
	key := sha256.Sum256([]byte(a.Issuer + "\x00" + a.ID))
	until := time.Unix(int64(math.Ceil(*a.Expires)), 0).Add(skew)
	fresh, err := i.config.Memory.Once(ctx, spaceAssertions, key, until)
	if err != nil {
		return unavailable(fmt.Errorf("remembering a jti: %w", err))
	}
	if !fresh {
		return invalidClient("client assertion: jti was used before")
	}
	return nil
}
