package issuer

import (
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"
)

// planFlows are the modules whose request must be served, and what each sends
// beyond the ordinary.
func planFlows(t *testing.T, now time.Time) map[string]planFlow {
	at := now.Unix()
	own := thumbprintOf(t, holderKey.Public())
	return map[string]planFlow{
		"happy-flow": {push: []string{"redirect_uri", redirectOf("fapi") + "?b=2&a=1", "state", strings.Repeat("s", 128), "nonce", strings.Repeat("n", 43), "dpop_jkt", own}},
		"ensure-authorization-request-without-state-success":                       {push: []string{"state", ""}},
		"ensure-authorization-request-without-nonce-success":                       {push: []string{"nonce", ""}},
		"ensure-authorization-request-with-64-char-nonce-success":                  {push: []string{"nonce", strings.Repeat("n", 64)}},
		"ensure-authorization-request-with-long-nonce":                             {push: []string{"nonce", strings.Repeat("n", 384)}},
		"ensure-authorization-request-with-long-state":                             {push: []string{"state", strings.Repeat("s", 1000)}},
		"ensure-other-scope-order-succeeds":                                        {push: []string{"scope", "family_name openid"}},
		"access-token-type-header-case-sensitivity":                                {scheme: "dPOp"},
		"check-dpop-proof-nbf-exp":                                                 {proofs: claims{"nbf": at, "exp": at + 300}},
		"ensure-dpopproof-with-iat-10seconds-before-succeeds":                      {bind: true, proofs: claims{"iat": at - 10}},
		"ensure-dpopproof-with-iat-10seconds-after-succeeds":                       {bind: true, proofs: claims{"iat": at + 10}},
		"ensure-dpopproof-at-par-endpoint-binding-success":                         {bind: true},
		"ensure-dpop-auth-code-binding-success":                                    {bind: true, push: []string{"dpop_jkt", own}},
		"ensure-different-nonce-inside-and-outside-request-object":                 {outside: []string{"nonce", "another"}},
		"ensure-different-state-inside-and-outside-request-object":                 {outside: []string{"state", "another"}},
		"state-only-outside-request-object-not-used":                               {push: []string{"state", ""}, outside: []string{"state", "another"}},
		"par-without-duplicate-parameters":                                         {},
		"par-ensure-jwt-client-assertions-nbf-8-seconds-in-the-future-is-accepted": {assertion: claims{"iat": at + 8, "nbf": at + 8, "exp": at + 68}},
	}
}

func TestModulesOfTheFAPI2PlanThatMustBeServedAre(t *testing.T) {
	for module, flow := range planFlows(t, newFixture(t).clock.now()) {
		t.Run(planNamed+module, func(t *testing.T) {
			f := newFixture(t)
			f.clock.t = time.Unix(f.clock.t.Unix(), 0) // the flows were dated in whole seconds
			planGood(t, f.planWalk(flow))
		})
	}
}

// Module par-ensure-reused-request-uri-prior-to-auth-completion-succeeds: a
// request opened and left stands when it is opened again.
func TestAPushedRequestOpenedAndLeftIsServedAgain(t *testing.T) {
	f := newFixture(t)
	f.journey.leaves = true
	v := url.Values{"client_id": {"fapi"}, "request_uri": {f.pushed("fapi")}}
	if w := f.authorize(v); w.Code != http.StatusOK {
		t.Fatalf("first visit: %d %s", w.Code, w.Body)
	}
	f.journey.leaves = false
	if q := location(t, f.authorize(v)).Query(); q.Get("code") == "" {
		t.Errorf("second visit: %v", q)
	}
}

// Module discovery-end-point-verification, at both addresses: what it demands
// of an authorization server that also serves others than profile fapi2.
func TestDiscoveryHoldsWhatTheFAPI2PlanLooksFor(t *testing.T) {
	f := newFixture(t)
	f.issuer.config.GrantTypes = func() []string { return []string{"authorization_code"} }
	for _, path := range []string{pathDiscovery, pathOAuth} {
		w := f.get(path)
		got := object(t, w)
		for name, one := range map[string]any{
			"response_types_supported": "code", "code_challenge_methods_supported": "S256", "token_endpoint_auth_methods_supported": "private_key_jwt",
			"id_token_signing_alg_values_supported": "ES256", "token_endpoint_auth_signing_alg_values_supported": "ES256",
			"dpop_signing_alg_values_supported": "ES256", "scopes_supported": "openid", "subject_types_supported": "pairwise",
		} {
			if !holds(got[name], one) {
				t.Errorf("%s: %s is %v", path, name, got[name])
			}
		}
		if got["authorization_response_iss_parameter_supported"] != true || reflect.TypeOf(got["require_pushed_authorization_requests"]) != reflect.TypeFor[bool]() || w.Header().Get("Content-Type") != "application/json" {
			t.Errorf("%s: %v", path, got)
		}
		// Module refresh-token: no refresh token is given, and none is promised.
		if holds(got["grant_types_supported"], "refresh_token") {
			t.Errorf("%s promises refresh tokens no client may have", path)
		}
		for _, absent := range []string{"registration_endpoint", "mtls_endpoint_aliases", "userinfo_signing_alg_values_supported", "tls_client_certificate_bound_access_tokens"} {
			if got[absent] != nil {
				t.Errorf("%s: %s is %v", path, absent, got[absent])
			}
		}
	}
}

func holds(list, one any) bool {
	all, _ := list.([]any)
	for _, each := range all {
		if each == one {
			return true
		}
	}
	return false
}
