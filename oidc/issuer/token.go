package issuer

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/zitadel/oidc/v3/pkg/oidc"
)

// token is the token endpoint (OpenID Connect Core §3.1.3, §12): a code for
// tokens and the receipt of the citizen's decision, a refresh token for another
// access token.
func (i *Issuer) token(w http.ResponseWriter, r *http.Request) {
	i.proving(w.Header())
	if !allowed(w, r, http.MethodPost) {
		return
	}
	answer, e := i.exchange(w, r)
	if e != nil {
		i.refuse(w, r, e)
		return
	}
	writeJSON(w, http.StatusOK, answer)
}

// tokenAnswer is RFC 6749 §5.1 with the grant (as in Grant Management for
// OAuth 2.0) and its receipt.
type tokenAnswer struct {
	oidc.AccessTokenResponse
	Details    json.RawMessage `json:"authorization_details,omitempty"`
	GrantID    string          `json:"grant_id,omitempty"`
	Receipt    string          `json:"receipt,omitempty"` // compact JWS
	ReceiptURI string          `json:"receipt_uri,omitempty"`
}

func (i *Issuer) exchange(w http.ResponseWriter, r *http.Request) (*tokenAnswer, *Error) {
	p, e := formParameters(w, r)
	if e != nil {
		return nil, e
	}
	c, shown, e := i.holder(r, p)
	if e != nil {
		return nil, e
	}
	if e := i.checkResource(p, c, nil); e != nil {
		return nil, e
	}
	jkt := ""
	if shown != nil {
		jkt = shown.thumbprint
	}
	switch p["grant_type"] {
	case "":
		return nil, invalidRequest("grant_type is missing")
	case string(oidc.GrantTypeCode):
		return i.redeem(r.Context(), c, p, jkt)
	case string(oidc.GrantTypeRefreshToken):
		return i.refresh(r.Context(), c, p, jkt)
	case string(oidc.GrantTypeClientCredentials):
		return i.credentials(r.Context(), c, p, jkt)
	}
	return nil, NewError("unsupported_grant_type", "grant_type must be authorization_code, refresh_token or client_credentials")
}

// holder finds the client and the DPoP proof of its request, nil without one.
// Everything that a better request could mend comes first: only then are the
// assertion and the proof used up.
func (i *Issuer) holder(r *http.Request, p parameters) (*Client, *proof, *Error) {
	shown, e := i.proof(r, pathToken, "")
	if e != nil {
		return nil, nil, e
	}
	c, a, e := i.identify(r, p)
	if e != nil {
		return nil, nil, e
	}
	if c.Profile == FAPI2 && shown == nil {
		return nil, nil, invalidProof("the DPoP proof is missing")
	}
	if e := i.useAssertion(r.Context(), a); e != nil {
		return nil, nil, e
	}
	return c, shown, i.useProof(r.Context(), shown)
}

func (i *Issuer) redeem(ctx context.Context, c *Client, p parameters, jkt string) (*tokenAnswer, *Error) {
	rd, e := readRedemption(p)
	if e != nil {
		return nil, e
	}
	rd.DPoPJKT = jkt
	key, err := i.signingKey(c)
	if err != nil {
		return nil, serverError("the tokens could not be signed", err)
	}
	issued, e := i.config.Hooks.Redeem(ctx, c, rd)
	if e != nil {
		return nil, e
	}
	if issued.DPoPJKT != rd.DPoPJKT {
		return nil, serverError("the token is bound otherwise than asked", nil)
	}
	idToken, err := i.createIDToken(c, key, issued)
	if err != nil {
		return nil, serverError("the tokens could not be signed", err)
	}
	return newTokenAnswer(issued, idToken), nil
}

func readRedemption(p parameters) (Redemption, *Error) {
	switch {
	case p["code"] == "":
		return Redemption{}, invalidRequest("code is missing")
	case len(p["code"]) > 512:
		return Redemption{}, NewError("invalid_grant", "the code is not valid")
	}
	return Redemption{Code: p["code"], RedirectURI: p["redirect_uri"], Verifier: p["code_verifier"]}, nil
}

func newTokenAnswer(issued *Issued, idToken string) *tokenAnswer {
	return &tokenAnswer{
		AccessTokenResponse: oidc.AccessTokenResponse{
			AccessToken:  issued.AccessToken,
			RefreshToken: issued.RefreshToken,
			TokenType:    tokenType(issued.DPoPJKT),
			ExpiresIn:    uint64(max(0, issued.ExpiresIn.Seconds())),
			IDToken:      idToken,
			Scope:        issued.Scopes,
		},
		Details:    issued.Details,
		GrantID:    issued.GrantID,
		Receipt:    issued.ReceiptJWS,
		ReceiptURI: issued.ReceiptURI,
	}
}

// tokenType is how a token must be presented (RFC 6749 §7.1, RFC 9449 §5).
func tokenType(jkt string) string {
	if jkt != "" {
		return dpopScheme
	}
	return oidc.BearerToken
}
