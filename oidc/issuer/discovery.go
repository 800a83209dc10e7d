package issuer

import (
	"net/http"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"golang.org/x/text/language"

	"accord/oidc/issuer/details"
)

// metadata is OpenID Connect Discovery §3 and RFC 8414 §2 with RFC 9126 §5,
// RFC 9207 §3, RFC 9396 §10, RFC 9449 §5.1 and Grant Management for
// OAuth 2.0, §7.1. It lists what works and nothing else: no
// implicit. Where every client has profile fapi2, what that profile
// refuses is not listed either, nor a grant type that no client has.
type metadata struct {
	oidc.DiscoveryConfiguration
	PushedEndpoint  string                    `json:"pushed_authorization_request_endpoint"`
	RequirePushed   bool                      `json:"require_pushed_authorization_requests"`
	ResponseIss     bool                      `json:"authorization_response_iss_parameter_supported"`
	ProofAlgs       []jose.SignatureAlgorithm `json:"dpop_signing_alg_values_supported"`
	PromptSupported []string                  `json:"prompt_values_supported"`
	DetailsTypes    []string                  `json:"authorization_details_types_supported"`
	GrantsEndpoint  string                    `json:"grant_management_endpoint"`
	GrantsActions   []string                  `json:"grant_management_actions_supported"`
	// The library leaves these out when false, and a reader would have to
	// know the defaults.
	Claims  bool `json:"claims_parameter_supported"`
	Request bool `json:"request_parameter_supported"`
}

func (i *Issuer) discovery(w http.ResponseWriter, r *http.Request) {
	if public(w, r) {
		writeJSON(w, http.StatusOK, i.metadata())
	}
}

func (i *Issuer) metadata() metadata {
	at := func(path string) string { return i.config.Issuer + path }
	algs, fapi := strings.Fields(proofAlgs()), i.config.OnlyFAPI2 != nil && i.config.OnlyFAPI2()
	methods := authMethods(fapi)
	return metadata{
		DiscoveryConfiguration: oidc.DiscoveryConfiguration{
			Issuer:                           i.config.Issuer,
			AuthorizationEndpoint:            at(pathAuthorize),
			TokenEndpoint:                    at(pathToken),
			UserinfoEndpoint:                 at(pathUserinfo),
			IntrospectionEndpoint:            at(pathIntrospect),
			RevocationEndpoint:               at(pathRevoke),
			EndSessionEndpoint:               at(pathEndSession),
			JwksURI:                          at(pathJWKS),
			ScopesSupported:                  i.scopes(),
			ResponseTypesSupported:           []string{string(oidc.ResponseTypeCode)},
			ResponseModesSupported:           []string{string(oidc.ResponseModeQuery)},
			GrantTypesSupported:              i.grantTypes(),
			ACRValuesSupported:               i.config.ACRValues,
			SubjectTypesSupported:            []string{"pairwise"},
			IDTokenSigningAlgValuesSupported: i.idTokenAlgs(fapi),
			ClaimTypesSupported:              []string{"normal"},
			ClaimsSupported:                  i.claimsSupported(),
			CodeChallengeMethodsSupported:    []oidc.CodeChallengeMethod{oidc.CodeChallengeMethodS256},
			UILocalesSupported:               i.locales(),

			TokenEndpointAuthMethodsSupported:                  methods,
			TokenEndpointAuthSigningAlgValuesSupported:         algs,
			RevocationEndpointAuthMethodsSupported:             methods,
			RevocationEndpointAuthSigningAlgValuesSupported:    algs,
			IntrospectionEndpointAuthMethodsSupported:          methods,
			IntrospectionEndpointAuthSigningAlgValuesSupported: algs,
		},
		PushedEndpoint:  at(pathPush),
		RequirePushed:   fapi,
		ResponseIss:     true,
		ProofAlgs:       assertionAlgs(),
		PromptSupported: promptValues(),
		DetailsTypes:    []string{details.Type},
		GrantsEndpoint:  at(pathOfGrants),
		GrantsActions:   []string{"query", "revoke", "create"},
	}
}

// authMethods are those a client may be registered with.
func authMethods(fapi bool) []oidc.AuthMethod {
	if fapi {
		return []oidc.AuthMethod{oidc.AuthMethodPrivateKeyJWT}
	}
	return []oidc.AuthMethod{oidc.AuthMethodBasic, oidc.AuthMethodPost, oidc.AuthMethodPrivateKeyJWT}
}

// grantTypes are those a client has: an OpenID client told of refresh tokens
// expects one.
func (i *Issuer) grantTypes() []oidc.GrantType {
	if i.config.GrantTypes == nil {
		return grantTypes()
	}
	had := i.config.GrantTypes()
	return slices.DeleteFunc(grantTypes(), func(g oidc.GrantType) bool { return !slices.Contains(had, string(g)) })
}

// idTokenAlgs are those a key is there for.
func (i *Issuer) idTokenAlgs(fapi bool) []string {
	var algs []string
	for _, alg := range []jose.SignatureAlgorithm{jose.ES256, jose.RS256} {
		if fapi && alg == jose.RS256 {
			continue
		}
		if _, _, err := i.config.Keys.SigningKey(string(alg)); err == nil {
			algs = append(algs, string(alg))
		}
	}
	return algs
}

// scopes are those of the data, and those of grant management where a client
// may have a token for it.
func (i *Issuer) scopes() []string {
	if !slices.Contains(i.grantTypes(), oidc.GrantTypeClientCredentials) {
		return i.config.Scopes
	}
	return slices.Concat(i.config.Scopes, managementScopes())
}

// claimsSupported leaves amr out: FranceConnect gives it on demand only, and is
// not asked.
func (i *Issuer) claimsSupported() []string {
	own := []string{"iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "azp", "at_hash"}
	if i.config.Claims == nil {
		return own
	}
	return append(own, i.config.Claims()...)
}

func (i *Issuer) locales() oidc.Locales {
	var tags oidc.Locales
	for _, l := range i.config.UILocales {
		tags = append(tags, language.Make(l))
	}
	return tags
}

// jwks publishes the keys that verify ID tokens (RFC 7517 §5), and never a
// private half, whatever Keys gives.
func (i *Issuer) jwks(w http.ResponseWriter, r *http.Request) {
	if !public(w, r) {
		return
	}
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{}}
	for _, k := range i.config.Keys.Public() {
		if k.IsPublic() {
			set.Keys = append(set.Keys, k)
		}
	}
	writeJSON(w, http.StatusOK, set)
}

// public guards the two documents any script may read: CORS without
// credentials, here and nowhere else (the library reflects every origin with
// credentials everywhere: design note 0001, B4).
func public(w http.ResponseWriter, r *http.Request) bool {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cache-Control", "public, max-age=300")
	if r.Method == http.MethodOptions {
		h.Set("Access-Control-Allow-Methods", "GET, HEAD")
		h.Set("Allow", "GET, HEAD, OPTIONS")
		w.WriteHeader(http.StatusNoContent)
		return false
	}
	return allowed(w, r, http.MethodGet, http.MethodHead, http.MethodOptions)
}
