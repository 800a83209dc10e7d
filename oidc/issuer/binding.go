package issuer

import (
	"crypto/subtle"
	"encoding/json"

	"github.com/zitadel/oidc/v3/pkg/oidc"
)

// A Binding is what a code is bound to. It is sealed with the code's row and
// checked inside the transaction that consumes it.
type Binding struct {
	ClientID      string          `json:"client_id"`
	RedirectURI   string          `json:"redirect_uri"`
	CodeChallenge string          `json:"code_challenge,omitempty"`
	Nonce         string          `json:"nonce,omitempty"`
	Scopes        []string        `json:"scopes"`
	DPoPJKT       string          `json:"dpop_jkt,omitempty"` // of the key that alone may redeem it (RFC 9449 §10); empty: not said
	Details       json.RawMessage `json:"details,omitempty"`  // authorization_details agreed to (RFC 9396 §7); null without
}

// Binding is what a code issued for the request is bound to.
func (r *AuthorizationRequest) Binding() Binding {
	return Binding{
		ClientID:      r.ClientID,
		RedirectURI:   r.RedirectURI,
		CodeChallenge: r.CodeChallenge,
		Nonce:         r.Nonce,
		Scopes:        r.Scopes,
		DPoPJKT:       r.DPoPJKT,
	}
}

// Check is nil when the redemption is by the client the code was issued to,
// with its redirect URI and the verifier of its challenge (RFC 6749 §4.1.3,
// RFC 7636 §4.6); otherwise invalid_grant, and the code must be burnt. It is
// pure and constant in time over the verifier.
func (b Binding) Check(rd Redemption, c *Client) *Error {
	// The library's own exchange forgot this in the product built on it
	// (GHSA-xqxv-4jc2-x56x): never leave it to the finding of the code alone.
	if b.ClientID == "" || b.ClientID != c.ID {
		return NewError("invalid_grant", "the code is not valid")
	}
	if rd.RedirectURI == "" || rd.RedirectURI != b.RedirectURI {
		return NewError("invalid_grant", "redirect_uri differs from the authorization request's")
	}
	if e := b.checkKey(rd.DPoPJKT, c); e != nil {
		return e
	}
	return b.checkVerifier(rd.Verifier, c)
}

// checkKey holds the redemption to the key the request named, and a client of
// profile fapi2 to some key (FAPI 2.0 Security Profile §5.3.2.1).
func (b Binding) checkKey(jkt string, c *Client) *Error {
	switch {
	case b.DPoPJKT != "" && subtle.ConstantTimeCompare([]byte(jkt), []byte(b.DPoPJKT)) != 1:
		return NewError("invalid_grant", "the code is bound to another key than the DPoP proof's")
	case c.Profile == FAPI2 && jkt == "":
		return NewError("invalid_grant", "the DPoP proof is missing")
	}
	return nil
}

// checkVerifier also refuses a missing verifier: the library's server path
// lets it pass, a PKCE downgrade (design note 0001, B1, RFC 9700 §2.1.1).
func (b Binding) checkVerifier(verifier string, c *Client) *Error {
	switch {
	case b.CodeChallenge == "" && c.PKCERequired():
		return NewError("invalid_grant", "the code was issued without code_challenge")
	case b.CodeChallenge == "" && verifier != "":
		return NewError("invalid_grant", "code_verifier without code_challenge")
	case b.CodeChallenge == "":
		return nil
	case !validVerifier(verifier):
		return NewError("invalid_grant", "code_verifier is missing or malformed")
	}
	challenge := oidc.NewSHACodeChallenge(verifier)
	if subtle.ConstantTimeCompare([]byte(challenge), []byte(b.CodeChallenge)) != 1 {
		return NewError("invalid_grant", "code_verifier does not match")
	}
	return nil
}

// validVerifier is the grammar of RFC 7636 §4.1.
func validVerifier(s string) bool {
	return len(s) >= 43 && len(s) <= 128 && only(s, unreserved)
}

const (
	base64url  = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	unreserved = base64url + ".~"
)
