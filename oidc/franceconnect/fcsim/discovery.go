package fcsim

import (
	"maps"
	"net/http"
	"slices"
)

// discovery is OpenID Connect Discovery §3 as FranceConnect writes it: it
// advertises PKCE and DPoP, which /authorize then refuses.
func (s *Simulator) discovery(w http.ResponseWriter, _ *http.Request) {
	d := s.document()
	if s.options.Plus != nil {
		maps.Copy(d, plusDocument())
	}
	if change := s.lie("").discovery; change != nil {
		change(d)
	}
	w.Header().Set("Cache-Control", "public, max-age=600")
	writeJSON(w, http.StatusOK, "application/json; charset=utf-8", d)
}

func (s *Simulator) document() map[string]any {
	algs := []string{"HS256", "ES256", "RS256"}
	scopes := append(slices.Sorted(maps.Keys(s.identityScopes())), s.options.ProviderScopes...)
	return map[string]any{
		"issuer":                                s.options.Issuer,
		"authorization_endpoint":                s.url("/authorize"),
		"token_endpoint":                        s.url("/token"),
		"userinfo_endpoint":                     s.url("/userinfo"),
		"jwks_uri":                              s.url("/jwks"),
		"end_session_endpoint":                  s.url("/session/end"),
		"revocation_endpoint":                   s.url("/token/revocation"),
		"response_types_supported":              []string{"code"},
		"response_modes_supported":              []string{"form_post", "fragment", "query"},
		"grant_types_supported":                 []string{"authorization_code"},
		"subject_types_supported":               []string{"pairwise"},
		"acr_values_supported":                  s.levels(),
		"scopes_supported":                      scopes,
		"token_endpoint_auth_methods_supported": []string{"client_secret_post", "private_key_jwt"},

		"token_endpoint_auth_signing_alg_values_supported": []string{"ES256", "RS256"},
		"id_token_signing_alg_values_supported":            algs,
		"userinfo_signing_alg_values_supported":            algs,
		"request_object_signing_alg_values_supported":      []string{"ES256", "RS256", "HS256"},
		"request_parameter_supported":                      true,
		"claims_parameter_supported":                       true,
		"authorization_response_iss_parameter_supported":   true,
		"code_challenge_methods_supported":                 []string{"S256"},
		"dpop_signing_alg_values_supported":                []string{"ES256", "RS256"},
	}
}
