package issuer

import (
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/json" // case-sensitive, refuses repeated members
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// verifyHint returns the claims of an ID token of ours used as a hint. An
// expired one still tells who it was about (OpenID Connect Core §3.1.2.1).
func (i *Issuer) verifyHint(ctx context.Context, hint string) (*oidc.IDTokenClaims, error) {
	if len(hint) > maxAssertion || !canonicalCompact(hint) || !claimsObject(hint) {
		return nil, errors.New("id_token_hint is not a token")
	}
	verifier := op.NewIDTokenHintVerifier(i.config.Issuer, hintKeys(i.config.Keys.Public()),
		op.WithSupportedIDTokenHintSigningAlgorithms(string(jose.ES256), string(jose.RS256)))
	claims, err := op.VerifyIDTokenHint[*oidc.IDTokenClaims](ctx, hint, verifier)
	if err != nil && !errors.As(err, &op.IDTokenHintExpiredError{}) {
		return nil, errors.New("id_token_hint is not valid")
	}
	if claims.Subject == "" {
		return nil, errors.New("id_token_hint has no subject")
	}
	return claims, nil
}

// claimsObject: the library asks claims that are null for their issuer, and
// panics, before it looks at the signature.
func claimsObject(compact string) bool {
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(compact, ".")[1])
	var claims map[string]json.RawMessage
	return err == nil && json.Unmarshal(payload, &claims) == nil && claims != nil
}

// hintKeys verifies with the published key of the token's kid and alg.
type hintKeys []jose.JSONWebKey

func (s hintKeys) VerifySignature(_ context.Context, jws *jose.JSONWebSignature) ([]byte, error) {
	kid, alg := oidc.GetKeyIDAndAlg(jws)
	for _, k := range s {
		if kid != "" && k.KeyID == kid && k.Algorithm == alg {
			return jws.Verify(k.Key)
		}
	}
	return nil, errors.New("unknown kid")
}

// checkHint refuses a hint that is not ours or not for this client.
func (i *Issuer) checkHint(ctx context.Context, p parameters, c *Client, req *AuthorizationRequest) *Error {
	hint := p["id_token_hint"]
	if hint == "" {
		return nil
	}
	claims, err := i.verifyHint(ctx, hint)
	if err != nil || !slices.Contains(claims.Audience, c.ID) {
		return NewError("login_required", "id_token_hint is not valid")
	}
	req.HintSubject = claims.Subject
	return nil
}
