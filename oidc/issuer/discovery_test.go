package issuer

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

func (f *fixture) get(path string) *httptest.ResponseRecorder {
	return f.send(httptest.NewRequest(http.MethodGet, testIssuer+path, nil))
}

func TestDiscoveryTellsOnlyTheTruth(t *testing.T) {
	f := newFixture(t)
	methods := []any{"client_secret_basic", "client_secret_post", "private_key_jwt"}
	algs := []any{"ES256", "PS256", "EdDSA"}
	want := map[string]any{
		"issuer":                                         testIssuer,
		"authorization_endpoint":                         testIssuer + "/authorize",
		"pushed_authorization_request_endpoint":          testIssuer + "/par",
		"token_endpoint":                                 testIssuer + "/token",
		"userinfo_endpoint":                              testIssuer + "/userinfo",
		"introspection_endpoint":                         testIssuer + "/introspect",
		"revocation_endpoint":                            testIssuer + "/revoke",
		"end_session_endpoint":                           testIssuer + "/session/end",
		"jwks_uri":                                       testIssuer + "/jwks",
		"scopes_supported":                               []any{"openid", "family_name", "grant_management_query", "grant_management_revoke"},
		"response_types_supported":                       []any{"code"},
		"response_modes_supported":                       []any{"query"},
		"grant_types_supported":                          []any{"authorization_code", "refresh_token", "client_credentials"},
		"acr_values_supported":                           []any{"eidas1"},
		"subject_types_supported":                        []any{"pairwise"},
		"id_token_signing_alg_values_supported":          []any{"ES256", "RS256"},
		"claim_types_supported":                          []any{"normal"},
		"claims_supported":                               []any{"iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "azp", "at_hash", "family_name"},
		"code_challenge_methods_supported":               []any{"S256"},
		"prompt_values_supported":                        []any{"none", "login", "consent", "select_account"},
		"ui_locales_supported":                           []any{"fr", "en"},
		"authorization_response_iss_parameter_supported": true,
		"require_pushed_authorization_requests":          false,
		"dpop_signing_alg_values_supported":              algs,
		"authorization_details_types_supported":          []any{"accord_data"},
		"grant_management_endpoint":                      testIssuer + "/grants",
		"grant_management_actions_supported":             []any{"query", "revoke", "create"},
		"request_uri_parameter_supported":                false,
		"request_parameter_supported":                    false,
		"claims_parameter_supported":                     false,
	}
	for _, endpoint := range []string{"token", "revocation", "introspection"} {
		want[endpoint+"_endpoint_auth_methods_supported"] = methods
		want[endpoint+"_endpoint_auth_signing_alg_values_supported"] = algs
	}
	for _, path := range []string{pathDiscovery, pathOAuth} {
		if got := object(t, f.get(path)); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v", path, got)
		}
	}
}

// Where no client is registered for refresh tokens, none is promised.
func TestDiscoveryNamesNoGrantTypeThatNoClientHas(t *testing.T) {
	f := newFixture(t)
	had := []string{"authorization_code"}
	f.issuer.config.GrantTypes = func() []string { return had }
	for _, more := range []string{"", "refresh_token"} {
		want := []any{"authorization_code"}
		if more != "" {
			had, want = append(had, more), append(want, more)
		}
		told := object(t, f.get(pathDiscovery))
		if got := told["grant_types_supported"]; !reflect.DeepEqual(got, want) {
			t.Errorf("names %v, clients have %v", got, had)
		}
		if got := told["scopes_supported"]; !reflect.DeepEqual(got, []any{"openid", "family_name"}) {
			t.Errorf("scopes %v, and nobody gets a token for grant management", got)
		}
	}
}

// An instance whose clients all have profile fapi2 names nothing they may not.
func TestDiscoveryOfFAPI2AloneNamesNothingElse(t *testing.T) {
	f := newFixture(t)
	f.issuer.config.OnlyFAPI2 = func() bool { return true }
	got := object(t, f.get(pathOAuth))
	for name, want := range map[string]any{
		"require_pushed_authorization_requests": true,
		"token_endpoint_auth_methods_supported": []any{"private_key_jwt"},
		"id_token_signing_alg_values_supported": []any{"ES256"},
	} {
		if !reflect.DeepEqual(got[name], want) {
			t.Errorf("%s is %v", name, got[name])
		}
	}
}

func TestEveryEndpointInDiscoveryIsServed(t *testing.T) {
	f := newFixture(t)
	for name, value := range object(t, f.get(pathDiscovery)) {
		path, local := strings.CutPrefix(toString(value), testIssuer)
		if !local || name == "issuer" {
			continue
		}
		if !slices.ContainsFunc(f.issuer.Routes(), func(r Route) bool { return r.Path == path || r.Path == path+"/" }) {
			t.Errorf("%s: nothing at %s", name, path)
		}
	}
}

func toString(v any) string { s, _ := v.(string); return s }

func TestPrivateKeysNeverLeave(t *testing.T) {
	f := newFixture(t)
	w := f.get(pathJWKS)
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(w.Body.Bytes(), &set); err != nil {
		t.Fatal(err)
	}
	if len(set.Keys) != 2 || len(set.Key("private-1")) != 0 || strings.Contains(w.Body.String(), `"d"`) {
		t.Errorf("published %s", w.Body)
	}
	if h := w.Header(); h.Get("Cache-Control") != "public, max-age=300" || h.Get("Content-Type") != "application/json" {
		t.Errorf("headers %v", h)
	}
}

func TestIssuerIdentifierIsSchemeAndHost(t *testing.T) {
	for issuer, good := range map[string]bool{
		"https://accord.example": true, "http://localhost:8080": true, "http://127.0.0.1:8080": true, "https://accord.example:8443": true,
		"http://accord.example": false, "https://accord.example/": false, "https://accord.example/op": false, "https://u@accord.example": false,
		"https://accord.example?x": false, "accord.example": false, "": false, "https://": false, "ftp://localhost": false,
	} {
		if got := checkIssuer(issuer) == nil; got != good {
			t.Errorf("%q: %v", issuer, got)
		}
	}
	if _, err := New(Config{Issuer: testIssuer}); err == nil {
		t.Error("an issuer without hooks was made")
	}
}
