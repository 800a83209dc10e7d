package proconnect

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/client/rp"
	"github.com/zitadel/oidc/v3/pkg/oidc"
)

// claims of userinfo: ProConnect's names.
type claims struct {
	Issuer    string        `json:"iss"` // of a signed userinfo
	Audience  oidc.Audience `json:"aud"`
	Subject   string        `json:"sub"`
	SIRET     string        `json:"siret"`
	GivenName string        `json:"given_name"`
	UsualName string        `json:"usual_name"`
	Family    string        `json:"family_name"` // of providers without usual_name
}

var siretShape = regexp.MustCompile(`\A[0-9]{14}\z`)

// agentOf adds to a verified ID token what userinfo says of the same sub.
func (r *RelyingParty) agentOf(ctx context.Context, known rp.RelyingParty, tokens *oidc.Tokens[*oidc.IDTokenClaims]) (Agent, error) {
	id := tokens.IDTokenClaims
	if id.GetNonce() == "" {
		return Agent{}, fmt.Errorf("%w: no nonce", ErrInvalid)
	}
	c, err := r.userinfo(ctx, known, tokens.AccessToken)
	if err != nil {
		return Agent{}, err
	}
	if c.Subject == "" || c.Subject != id.GetSubject() {
		return Agent{}, fmt.Errorf("%w: userinfo of another sub", ErrInvalid)
	}
	if !siretShape.MatchString(c.SIRET) {
		return Agent{}, fmt.Errorf("%w: userinfo without a siret", ErrInvalid)
	}
	name := c.UsualName
	if name == "" {
		name = c.Family
	}
	a := Agent{
		Issuer: r.config.Issuer, Subject: c.Subject, SIRET: c.SIRET, Name: strings.TrimSpace(c.GivenName + " " + name),
		ACR: id.GetAuthenticationContextClassReference(), AuthTime: id.GetAuthTime(),
	}
	if a.ACR == "" {
		a.ACR = "none"
	}
	if a.AuthTime.Unix() <= 0 {
		a.AuthTime = time.Now()
	}
	return a, nil
}

// userinfo reads the claims, signed (as ProConnect answers) or plain: the
// library knows the plain form only.
func (r *RelyingParty) userinfo(ctx context.Context, known rp.RelyingParty, token string) (claims, error) {
	var c claims
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, known.UserinfoEndpoint(), nil)
	if err != nil {
		return c, fmt.Errorf("%w: userinfo: %w", ErrInvalid, err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := r.client.Do(req)
	if err != nil {
		return c, fmt.Errorf("%w: userinfo", ErrUnavailable)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		return c, fmt.Errorf("%w: userinfo: HTTP %d", ErrUnavailable, resp.StatusCode)
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")) // none is no JWT
	if kind == "application/jwt" {
		if body, err = r.verified(ctx, known, string(body)); err != nil {
			return c, err
		}
	}
	if json.Unmarshal(body, &c) != nil { // its error quotes what was sent
		return c, fmt.Errorf("%w: userinfo is not readable", ErrInvalid)
	}
	if kind == "application/jwt" && (c.Issuer != r.config.Issuer || !slices.Contains(c.Audience, r.config.ClientID)) {
		return c, fmt.Errorf("%w: userinfo of another issuer or for another client", ErrInvalid)
	}
	return c, nil
}

func (r *RelyingParty) verified(ctx context.Context, known rp.RelyingParty, compact string) ([]byte, error) {
	jws, err := jose.ParseSignedCompact(compact, []jose.SignatureAlgorithm{jose.ES256, jose.RS256})
	if err != nil {
		return nil, fmt.Errorf("%w: userinfo is no JWS", ErrInvalid)
	}
	payload, err := known.IDTokenVerifier().KeySet.VerifySignature(ctx, jws)
	if err != nil {
		return nil, fmt.Errorf("%w: userinfo: %w", ErrInvalid, err)
	}
	return payload, nil
}
