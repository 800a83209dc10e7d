package issuer

import (
	"net/http"

	"github.com/zitadel/oidc/v3/pkg/oidc"
)

// token is the token endpoint (OpenID Connect Core §3.1.3): a code for tokens
// and the receipt of the citizen's decision.
func (i *Issuer) token(w http.ResponseWriter, r *http.Request) {
	noStore(w.Header())
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
	GrantID    string `json:"grant_id,omitempty"`
	Receipt    string `json:"receipt,omitempty"` // compact JWS
	ReceiptURI string `json:"receipt_uri,omitempty"`
}

func (i *Issuer) exchange(w http.ResponseWriter, r *http.Request) (*tokenAnswer, *Error) {
	p, e := formParameters(w, r)
	if e != nil {
		return nil, e
	}
	c, e := i.authenticate(r, p)
	if e != nil {
		return nil, e
	}
	rd, e := readRedemption(p)
	if e != nil {
		return nil, e
	}
	key, err := i.signingKey(c)
	if err != nil {
		return nil, serverError("the tokens could not be signed", err)
	}
	issued, e := i.config.Hooks.Redeem(r.Context(), c, rd)
	if e != nil {
		return nil, e
	}
	idToken, err := i.createIDToken(r.Context(), c, key, issued)
	if err != nil {
		return nil, serverError("the tokens could not be signed", err)
	}
	return newTokenAnswer(issued, idToken), nil
}

func readRedemption(p parameters) (Redemption, *Error) {
	switch {
	case p["grant_type"] == "":
		return Redemption{}, invalidRequest("grant_type is missing")
	case p["grant_type"] != string(oidc.GrantTypeCode):
		return Redemption{}, NewError("unsupported_grant_type", "grant_type must be authorization_code")
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
			AccessToken: issued.AccessToken,
			TokenType:   oidc.BearerToken,
			ExpiresIn:   uint64(max(0, issued.ExpiresIn.Seconds())),
			IDToken:     idToken,
			Scope:       issued.Scopes,
		},
		GrantID:    issued.GrantID,
		Receipt:    issued.ReceiptJWS,
		ReceiptURI: issued.ReceiptURI,
	}
}
