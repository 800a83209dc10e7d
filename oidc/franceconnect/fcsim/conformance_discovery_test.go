package fcsim_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"accord/oidc/franceconnect/fcsim"
)

func plus(o *fcsim.Options) { o.Plus = &fcsim.Plus{} }

// everyDiscoveryMember compares each member's JSON on both platforms; "" is a
// member that must not be there.
func everyDiscoveryMember(t *testing.T) {
	low, high := discoveryOf(newBench(t)), discoveryOf(newBench(t, plus))
	const both, ec = `["ES256","RS256"]`, `["ES256"]`
	const wraps, gcm = `["ECDH-ES","RSA-OAEP","RSA-OAEP-256"]`, `["A256GCM"]`
	for name, want := range map[string][2]string{
		"response_types_supported":                         {`["code"]`, `["code"]`},
		"response_modes_supported":                         {`["form_post","fragment","query"]`, `["form_post","fragment","query"]`},
		"grant_types_supported":                            {`["authorization_code"]`, `["authorization_code"]`},
		"subject_types_supported":                          {`["pairwise"]`, `["pairwise"]`},
		"acr_values_supported":                             {`["eidas1"]`, `["eidas2","eidas3"]`},
		"token_endpoint_auth_methods_supported":            {`["client_secret_post","private_key_jwt"]`, `["client_secret_post","private_key_jwt"]`},
		"token_endpoint_auth_signing_alg_values_supported": {both, ec},
		"id_token_signing_alg_values_supported":            {`["HS256","ES256","RS256"]`, ec},
		"userinfo_signing_alg_values_supported":            {`["HS256","ES256","RS256"]`, ec},
		"id_token_encryption_alg_values_supported":         {"", wraps},
		"userinfo_encryption_alg_values_supported":         {"", wraps},
		"id_token_encryption_enc_values_supported":         {"", gcm},
		"userinfo_encryption_enc_values_supported":         {"", gcm},
		"request_object_signing_alg_values_supported":      {`["ES256","RS256","HS256"]`, ec},
		"request_parameter_supported":                      {`true`, `true`},
		"claims_parameter_supported":                       {`true`, `true`},
		"dpop_signing_alg_values_supported":                {both, ec},
		"code_challenge_methods_supported":                 {`["S256"]`, `["S256"]`},
		"backchannel_logout_supported":                     {"", ""},
		"frontchannel_logout_supported":                    {"", ""},
		"pushed_authorization_request_endpoint":            {"", ""},
		"device_authorization_endpoint":                    {"", ""},
		"introspection_endpoint":                           {"", ""},
		"registration_endpoint":                            {"", ""},
		"mtls_endpoint_aliases":                            {"", ""},
	} {
		for i, d := range []map[string]json.RawMessage{low, high} {
			if string(d[name]) != want[i] {
				t.Errorf("%s on %d: %s, want %s", name, i, d[name], want[i])
			}
		}
	}
	scopesOfBothPlatforms(t, low, high)
}

func discoveryOf(b *bench) map[string]json.RawMessage {
	b.t.Helper()
	var d map[string]json.RawMessage
	if err := json.Unmarshal([]byte(b.get(b.issuer+"/.well-known/openid-configuration").body), &d); err != nil {
		b.t.Fatal(err)
	}
	return d
}

func scopesOfBothPlatforms(t *testing.T, low, high map[string]json.RawMessage) {
	t.Helper()
	var l, h []string
	if json.Unmarshal(low["scopes_supported"], &l) != nil || json.Unmarshal(high["scopes_supported"], &h) != nil {
		t.Fatal("scopes_supported is no list")
	}
	for _, no := range []string{"offline_access", "address", "phone"} {
		if slices.Contains(l, no) || slices.Contains(h, no) {
			t.Errorf("%s is advertised", no)
		}
	}
	for scope, want := range map[string][2]bool{
		"openid": {true, true}, "idp_birthdate": {true, false}, "idp_id": {true, false}, "rnipp_identite_pivot": {false, true}, "rnipp_birthdate": {false, true}, "dgfip_rfr": {true, true},
	} {
		if slices.Contains(l, scope) != want[0] || slices.Contains(h, scope) != want[1] {
			t.Errorf("%s: %t on low, %t on FranceConnect+", scope, !want[0], !want[1])
		}
	}
}

func whatIsOffIsNotFound(t *testing.T) {
	b := newBench(t)
	for _, call := range []string{
		"POST /authorize", "POST /userinfo", "POST /request", "POST /reg", "POST /device", "POST /token/introspection",
		"GET /logout", "GET /checktoken", "POST /session/end",
	} {
		method, path, _ := strings.Cut(call, " ")
		r, err := http.NewRequest(method, b.issuer+path, strings.NewReader(""))
		if err != nil {
			t.Fatal(err)
		}
		if a := b.read(http.DefaultClient.Do(r)); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s: HTTP %d", call, a.StatusCode)
		}
	}
	for name := range discoveryOf(b) {
		if strings.Contains(name, "checktoken") || strings.Contains(name, "introspection") {
			t.Errorf("%s is advertised", name)
		}
	}
}
