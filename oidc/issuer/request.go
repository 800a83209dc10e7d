package issuer

import (
	"net/url"
	"strings"

	"accord/oidc/issuer/details"
)

// An AuthorizationRequest is a checked authorization request (OpenID Connect
// Core §3.1.2.1). It can be stored as JSON; the one who stores it seals it.
type AuthorizationRequest struct {
	ClientID      string   `json:"client_id"`
	RedirectURI   string   `json:"redirect_uri"`             // one the client registered, to the character
	Scopes        []string `json:"scopes"`                   // without repetition, "openid" among them but in profile fapi2; at most 64
	State         string   `json:"state,omitempty"`          // at most 2 KiB of printable characters
	Nonce         string   `json:"nonce,omitempty"`          // the same
	CodeChallenge string   `json:"code_challenge,omitempty"` // S256, 43 characters; empty only where PKCE is optional
	DPoPJKT       string   `json:"dpop_jkt,omitempty"`       // thumbprint of the key its code is bound to, 43 base64url characters; empty: none named
	Recipient     string   `json:"recipient,omitempty"`      // SIRET, 14 digits; empty: the client's only one
	Purpose       string   `json:"purpose,omitempty"`        // purpose id of an approval; empty: its only one
	Year          int      `json:"annee,omitempty"`          // of the month asked, 1 to 9999; 0: not said
	Month         int      `json:"mois,omitempty"`           // 1 to 12; 0: not said
	Campaign      int      `json:"annee_campagne,omitempty"` // of student grants, the year it begins; 0: not said
	Until         string   `json:"until,omitempty"`          // last day of access after today, YYYY-MM-DD; empty: none is asked
	Fetches       int      `json:"fetches,omitempty"`        // with Until: how many fetches in all, 1 to 999
	// Details is how the request came when by authorization_details: Scopes and
	// the members after Recipient then say the same.
	Details     *details.Request `json:"details,omitempty"`
	UILocales   string           `json:"ui_locales,omitempty"`
	Prompt      string           `json:"prompt,omitempty"`       // none, or any of login, consent, select_account
	MaxAge      *int             `json:"max_age,omitempty"`      // seconds; prompt=login sets 0
	ACRValues   []string         `json:"acr_values,omitempty"`   // in order of preference
	HintSubject string           `json:"hint_subject,omitempty"` // sub of a valid id_token_hint: another citizen must get login_required
	Pushed      bool             `json:"pushed,omitempty"`       // it came by POST /par
	// PushedURI is the request_uri it was fetched by; whoever issues the code
	// gives the request to ConsumePushed.
	PushedURI string `json:"pushed_uri,omitempty"`
}

// SuccessURL is the authorization response that carries a code: the redirect
// URI with code, state and iss (RFC 9207).
func (i *Issuer) SuccessURL(req *AuthorizationRequest, code string) string {
	return i.responseURL(req, url.Values{"code": {code}})
}

// ErrorURL is the authorization response that carries an error (RFC 6749
// §4.1.2.1), with state and iss; code is one of ErrorCodes.
func (i *Issuer) ErrorURL(req *AuthorizationRequest, code, description string) string {
	v := url.Values{"error": {errorCode(code).Code}}
	if description != "" {
		v.Set("error_description", describe(description))
	}
	return i.responseURL(req, v)
}

func (i *Issuer) responseURL(req *AuthorizationRequest, v url.Values) string {
	if req.State != "" {
		v.Set("state", req.State)
	}
	v.Set("iss", i.config.Issuer)
	return appendQuery(req.RedirectURI, v)
}

// appendQuery leaves the registered URI's own query as it is: re-encoding it
// would reorder what the client compares.
func appendQuery(uri string, v url.Values) string {
	switch {
	case strings.HasSuffix(uri, "?"):
		return uri + v.Encode()
	case strings.Contains(uri, "?"):
		return uri + "&" + v.Encode()
	}
	return uri + "?" + v.Encode()
}
