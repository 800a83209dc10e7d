package issuer

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

const (
	maxOpaque        = 2 << 10 // bytes of state, nonce, scope
	maxScopes        = 64
	maxMaxAge        = 10 * 365 * 24 * 3600 // seconds
	challengeLength  = 43                   // characters of an S256 code_challenge
	thumbprintLength = 43                   // characters of a dpop_jkt
	pushedName       = "urn:ietf:params:oauth:request_uri:"
)

// readRequest checks the parameters of an authorization request, pushed or
// not (OpenID Connect Core §3.1.2.2, RFC 9700 §2.1). Errors before the
// redirect URI is known good have a Page: sending them anywhere would be an
// open redirector (RFC 6749 §4.1.2.1). When a later check fails the request
// comes with the error, as far as it is needed to answer.
func (i *Issuer) readRequest(ctx context.Context, p parameters, c *Client) (*AuthorizationRequest, *Error) {
	req := &AuthorizationRequest{ClientID: c.ID, RedirectURI: p["redirect_uri"]}
	if err := op.ValidateAuthReqRedirectURI(libraryClient{c}, req.RedirectURI, oidc.ResponseTypeCode); err != nil {
		return nil, pageError("redirect_uri", "invalid_request", "redirect_uri is missing or not registered for the client")
	}
	for _, name := range []string{"state", "nonce"} {
		if len(p[name]) > maxOpaque || !printable(p[name]) {
			return nil, pageError("invalid_request", "invalid_request", name+" must be at most 2048 printable ASCII characters")
		}
	}
	req.State, req.Nonce = p["state"], p["nonce"]
	for _, check := range []func(parameters, *Client, *AuthorizationRequest) *Error{
		i.checkResource, checkUnsupported, checkResponse, checkChallenge, checkKey, checkScope, checkPrompt, checkMaxAge, checkChoice, checkPeriod, checkLater, checkDetails, checkManagement,
	} {
		if e := check(p, c, req); e != nil {
			return req, e
		}
	}
	return req, i.checkHint(ctx, p, c, req)
}

// checkUnsupported refuses what must not be dropped in silence: the client
// would believe it was heard.
func checkUnsupported(p parameters, _ *Client, _ *AuthorizationRequest) *Error {
	switch {
	case p["request"] != "":
		return NewError("request_not_supported", "request objects are not supported")
	case p["request_uri"] != "":
		return NewError("request_uri_not_supported", "request_uri is not supported here")
	case p["registration"] != "":
		return NewError("registration_not_supported", "registration is not supported")
	}
	return nil
}

func checkResponse(p parameters, _ *Client, _ *AuthorizationRequest) *Error {
	switch {
	case p["response_type"] == "":
		return invalidRequest("response_type is missing")
	case p["response_type"] != string(oidc.ResponseTypeCode):
		return NewError("unsupported_response_type", "response_type must be code")
	case p["response_mode"] != "" && p["response_mode"] != string(oidc.ResponseModeQuery):
		return invalidRequest("response_mode must be query")
	}
	return nil
}

// checkChallenge takes S256 only. An absent method means plain (RFC 7636
// §4.3), which the library accepts (design note 0001).
func checkChallenge(p parameters, c *Client, req *AuthorizationRequest) *Error {
	sent, method := p["code_challenge"], p["code_challenge_method"]
	switch {
	case sent == "" && method != "":
		return invalidRequest("code_challenge_method without code_challenge")
	case sent == "" && c.PKCERequired():
		return invalidRequest("code_challenge is missing")
	case sent == "":
		return nil
	case method != string(oidc.CodeChallengeMethodS256):
		return invalidRequest("code_challenge_method must be S256")
	case len(sent) != challengeLength || !only(sent, base64url):
		return invalidRequest("code_challenge must be 43 base64url characters")
	}
	req.CodeChallenge = sent
	return nil
}

// checkKey reads the key the code is to be bound to (RFC 9449 §10).
func checkKey(p parameters, _ *Client, req *AuthorizationRequest) *Error {
	sent := p["dpop_jkt"]
	if sent != "" && (len(sent) != thumbprintLength || !canonical(sent)) {
		return invalidRequest("dpop_jkt must be the RFC 7638 thumbprint of a key, 43 base64url characters")
	}
	req.DPoPJKT = sent
	return nil
}

// checkResource takes the one protected resource there is (RFC 8707 §2); each
// value is one, since no address holds a space.
func (i *Issuer) checkResource(p parameters, _ *Client, _ *AuthorizationRequest) *Error {
	for _, address := range strings.Split(p["resource"], " ") {
		if p["resource"] != "" && address != i.config.Issuer+pathResource {
			return NewError("invalid_target", "resource must be "+i.config.Issuer+pathResource)
		}
	}
	return nil
}

// checkScope keeps the order and drops repetitions. Which scopes the client
// may ask is Hooks.Review's to say. FAPI 2.0 is also for plain OAuth: without
// openid there is an access token and no ID token.
func checkScope(p parameters, c *Client, req *AuthorizationRequest) *Error {
	if len(p["scope"]) > maxOpaque {
		return NewError("invalid_scope", "scope is too long")
	}
	for _, scope := range strings.Split(p["scope"], " ") {
		if !scopeToken(scope) {
			return NewError("invalid_scope", "scope holds characters no scope has")
		}
		if scope != "" && !slices.Contains(req.Scopes, scope) {
			req.Scopes = append(req.Scopes, scope)
		}
	}
	if len(req.Scopes) > maxScopes {
		return NewError("invalid_scope", "more than 64 scopes")
	}
	if !slices.Contains(req.Scopes, oidc.ScopeOpenID) && (c.Profile != FAPI2 || len(req.Scopes) == 0 && p["authorization_details"] == "") {
		return NewError("invalid_scope", "scope must contain openid")
	}
	return nil
}

// scopeToken is the grammar of RFC 6749 §3.3; empty is between two spaces.
func scopeToken(s string) bool {
	return printable(s) && !strings.ContainsAny(s, " \"\\")
}

// checkPrompt allows none alone, or any of the others together (OpenID
// Connect Core §3.1.2.1).
func checkPrompt(p parameters, _ *Client, req *AuthorizationRequest) *Error {
	prompts := strings.Fields(p["prompt"])
	for _, prompt := range prompts {
		if !slices.Contains(promptValues(), prompt) {
			return invalidRequest("prompt is unknown")
		}
	}
	age, err := op.ValidateAuthReqPrompt(prompts, nil)
	if err != nil {
		return invalidRequest("prompt none stands alone")
	}
	if age != nil {
		fresh := int(*age)
		req.MaxAge = &fresh
	}
	req.Prompt = strings.Join(prompts, " ")
	return nil
}

func promptValues() []string {
	return []string{oidc.PromptNone, oidc.PromptLogin, oidc.PromptConsent, oidc.PromptSelectAccount}
}

func checkMaxAge(p parameters, _ *Client, req *AuthorizationRequest) *Error {
	sent, given := p["max_age"]
	if !given {
		return nil
	}
	age, err := strconv.ParseUint(sent, 10, 32)
	if err != nil || age > maxMaxAge || !only(sent, "0123456789") {
		return invalidRequest("max_age must be a number of seconds")
	}
	if n := int(age); req.MaxAge == nil || n < *req.MaxAge {
		req.MaxAge = &n
	}
	return nil
}

// checkChoice reads what chooses an approval and how the citizen is met.
func checkChoice(p parameters, _ *Client, req *AuthorizationRequest) *Error {
	for _, name := range []string{"purpose", "ui_locales", "acr_values"} {
		if len(p[name]) > 256 || !printable(p[name]) {
			return invalidRequest(name + " must be at most 256 printable ASCII characters")
		}
	}
	if r := p["recipient"]; r != "" && (len(r) != 14 || !only(r, "0123456789")) {
		return invalidRequest("recipient must be a SIRET of 14 digits")
	}
	req.Recipient, req.Purpose, req.UILocales = p["recipient"], p["purpose"], p["ui_locales"]
	req.ACRValues = strings.Fields(p["acr_values"])
	return nil
}

// checkPeriod reads when the data are asked for, in API Particulier's words.
// Which periods may be asked is Hooks.Review's to say.
func checkPeriod(p parameters, _ *Client, req *AuthorizationRequest) *Error {
	for _, n := range []struct {
		name string
		most int
		into *int
	}{{"annee", 9999, &req.Year}, {"mois", 12, &req.Month}, {"annee_campagne", 9999, &req.Campaign}} {
		sent, given := p[n.name]
		if !given {
			continue
		}
		value, err := strconv.Atoi(sent)
		if err != nil || len(sent) > 4 || !only(sent, "0123456789") || value < 1 || value > n.most {
			return invalidRequest(n.name + " must be a number from 1 to " + strconv.Itoa(n.most))
		}
		*n.into = value
	}
	return nil
}

// checkLater reads the access asked after today; what an approval allows is
// Hooks.Review's to say.
func checkLater(p parameters, _ *Client, req *AuthorizationRequest) *Error {
	until, fetches := p["until"], p["fetches"]
	if until == "" && fetches == "" {
		return nil
	}
	if _, err := time.Parse(time.DateOnly, until); err != nil {
		return invalidRequest("until must be a day, YYYY-MM-DD, and goes with fetches")
	}
	n, err := strconv.Atoi(fetches)
	if err != nil || len(fetches) > 3 || n < 1 || !only(fetches, "0123456789") {
		return invalidRequest("fetches must be a number from 1 to 999, and goes with until")
	}
	req.Until, req.Fetches = until, n
	return nil
}
