package design_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// conformanceModules are the modules of the OpenID Foundation's plans that are
// to be run against Accord, and the test that stands for each: "module: folder
// Test". One that the plan itself skips says why instead; after a comma stands
// what the suite ends with, where it is not a pass. The plans:
// oidcc-basic-certification-test-plan, oidcc-config-certification-test-plan,
// oidcc-rp-initiated-logout-certification-test-plan (profile oidc, static
// clients), oidcc-client-basic-certification-test-plan (towards FranceConnect)
// and fapi2-security-profile-final-test-plan.
const conformanceModules = `
oidcc-server: oidc/issuer TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook
oidcc-response-type-missing: oidc/issuer TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook
oidcc-idtoken-signature: skipped, not for static clients
oidcc-idtoken-unsigned: skipped, not for static clients
oidcc-userinfo-get: oidc/issuer TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook
oidcc-userinfo-post-header: oidc/issuer TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook
oidcc-userinfo-post-body: oidc/issuer TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook
oidcc-ensure-request-without-nonce-succeeds-for-code-flow: oidc/issuer TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook
oidcc-scope-profile: broker TestDiscoveryNamesEmailAloneOfTheScopesOfOpenIDConnect, skipped for it
oidcc-scope-email: broker TestTheScopeEmailGivesItsClaimInAnyOrder, warning: FranceConnect gives no email_verified (the client needs userinfo_claims, and an approval that requires email)
oidcc-scope-address: broker TestDiscoveryNamesEmailAloneOfTheScopesOfOpenIDConnect, skipped for it
oidcc-scope-phone: broker TestDiscoveryNamesEmailAloneOfTheScopesOfOpenIDConnect, skipped for it
oidcc-scope-all: broker TestDiscoveryNamesEmailAloneOfTheScopesOfOpenIDConnect, skipped for it
oidcc-ensure-other-scope-order-succeeds: broker TestTheScopeEmailGivesItsClaimInAnyOrder, warning: FranceConnect gives no email_verified
oidcc-display-page: oidc/issuer TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook
oidcc-display-popup: oidc/issuer TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook
oidcc-prompt-login: broker TestAFreshLoginIsHadWhereItIsAsked
oidcc-prompt-none-not-logged-in: broker TestPromptNoneNeverAsksNorGivesAnew
oidcc-prompt-none-logged-in: broker TestASecondIdentificationWithinOneLoginIsTheSamePersonsAndTimes
oidcc-max-age-1: broker TestAFreshLoginIsHadWhereItIsAsked
oidcc-max-age-10000: broker TestARememberedLoginServesThePageAndTheReceiptSaysSo
oidcc-ensure-request-with-unknown-parameter-succeeds: oidc/issuer TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook
oidcc-id-token-hint: broker TestASecondIdentificationWithinOneLoginIsTheSamePersonsAndTimes
oidcc-login-hint: oidc/issuer TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook
oidcc-ui-locales: oidc/issuer TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook
oidcc-claims-locales: oidc/issuer TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook
oidcc-claims-essential: oidc/issuer TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook, warning: FranceConnect gives no claim name, and the parameter claims is ignored
oidcc-ensure-request-with-acr-values-succeeds: oidc/issuer TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook
oidcc-codereuse: broker TestACodeIsAcceptedOnceAndItsReuseRevokes
oidcc-codereuse-30seconds: broker TestACodeUsedAgainAfterThirtySecondsIsRefusedAndEndsItsToken
oidcc-ensure-registered-redirect-uri: oidc/issuer TestAnUnregisteredRedirectURIOfOpenIDConnectBasicEndsOnAPage
oidcc-ensure-post-request-succeeds: oidc/issuer TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook
oidcc-server-client-secret-post: oidc/issuer TestThirdPartyClientGoesThrough
oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported: skipped, not for static clients
oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported: oidc/issuer TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook
oidcc-ensure-request-object-with-redirect-uri: oidc/issuer TestAnUnregisteredRedirectURIOfOpenIDConnectBasicEndsOnAPage
oidcc-ensure-request-with-valid-pkce-succeeds: oidc/issuer TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook
oidcc-refresh-token: oidc/issuer TestDiscoveryNamesNoGrantTypeThatNoClientHas, skipped: there is no refresh token without a recurring agreement
oidcc-discovery-endpoint-verification: oidc/issuer TestDiscoveryTellsOnlyTheTruth
oidcc-discovery-endpoint-verification, keys: broker TestPublishedKeysAreNamedOnceAndSayWhatTheyAreFor
oidcc-rp-initiated-logout-discovery-endpoint-verification: oidc/issuer TestEveryEndpointInDiscoveryIsServed
oidcc-rp-initiated-logout: broker TestLogoutsOfOpenIDConnectAreAnsweredByTheBook
oidcc-rp-initiated-logout-no-state: broker TestLogoutsOfOpenIDConnectAreAnsweredByTheBook
oidcc-rp-initiated-logout-only-state: broker TestLogoutsOfOpenIDConnectAreAnsweredByTheBook
oidcc-rp-initiated-logout-no-params: broker TestLogoutsOfOpenIDConnectAreAnsweredByTheBook
oidcc-rp-initiated-logout-no-post-logout-redirect-uri: broker TestLogoutsOfOpenIDConnectAreAnsweredByTheBook
oidcc-rp-initiated-logout-no-id-token-hint: broker TestLogoutsOfOpenIDConnectAreAnsweredByTheBook
oidcc-rp-initiated-logout-bad-id-token-hint: broker TestLogoutsOfOpenIDConnectAreAnsweredByTheBook
oidcc-rp-initiated-logout-modified-id-token-hint: broker TestLogoutsOfOpenIDConnectAreAnsweredByTheBook
oidcc-rp-initiated-logout-bad-post-logout-redirect-uri: broker TestLogoutsOfOpenIDConnectAreAnsweredByTheBook
oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri: broker TestLogoutsOfOpenIDConnectAreAnsweredByTheBook
oidcc-client-test: oidc/franceconnect TestLoginsOfOpenIDConnectBasicAreTakenByTheBook, warning: the nonce's 64 characters are design §6's
oidcc-client-test-invalid-iss: oidc/franceconnect TestLoginsOfOpenIDConnectBasicAreTakenByTheBook
oidcc-client-test-missing-sub: oidc/franceconnect TestLoginsOfOpenIDConnectBasicAreTakenByTheBook
oidcc-client-test-invalid-aud: oidc/franceconnect TestLoginsOfOpenIDConnectBasicAreTakenByTheBook
oidcc-client-test-missing-iat: oidc/franceconnect TestLoginsOfOpenIDConnectBasicAreTakenByTheBook
oidcc-client-test-kid-absent-single-jwks: oidc/franceconnect TestLoginsOfOpenIDConnectBasicAreTakenByTheBook
oidcc-client-test-kid-absent-multiple-jwks: oidc/franceconnect TestLoginsOfOpenIDConnectBasicAreTakenByTheBook
oidcc-client-test-idtoken-sig-rs256: oidc/franceconnect TestLoginsOfOpenIDConnectBasicAreTakenByTheBook
oidcc-client-test-idtoken-sig-none: oidc/franceconnect TestLoginsOfOpenIDConnectBasicAreTakenByTheBook, which ends it as skipped
oidcc-client-test-invalid-sig-rs256: oidc/franceconnect TestLoginsOfOpenIDConnectBasicAreTakenByTheBook
oidcc-client-test-userinfo-invalid-sub: oidc/franceconnect TestLoginsOfOpenIDConnectBasicAreTakenByTheBook
oidcc-client-test-nonce-invalid: oidc/franceconnect TestLoginsOfOpenIDConnectBasicAreTakenByTheBook
oidcc-client-test-scope-userinfo-claims: oidc/franceconnect TestLoginsOfOpenIDConnectBasicAreTakenByTheBook
oidcc-client-test-client-secret-basic: oidc/franceconnect TestLoginsOfOpenIDConnectBasicAreTakenByTheBook
oidcc-client-test, the whole way: broker TestAPlainProviderTakesTheCitizenThroughAndAWrongOneStopsOnAPage
oidcc-client-test, with a provider of others: oidc/franceconnect TestAnotherOpenIDProviderServesByConfiguration
fapi2-security-profile-final-discovery-end-point-verification: oidc/issuer TestDiscoveryHoldsWhatTheFAPI2PlanLooksFor
fapi2-security-profile-final-happy-flow: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeServedAre
fapi2-security-profile-final-user-rejects-authentication: cmd/accord-demo TestTheSuitesBrowserGoesEveryWayItsFilesTell
fapi2-security-profile-final-ensure-authorization-request-without-state-success: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeServedAre
fapi2-security-profile-final-ensure-authorization-request-without-nonce-success: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeServedAre
fapi2-security-profile-final-ensure-authorization-request-with-64-char-nonce-success: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeServedAre
fapi2-security-profile-final-ensure-other-scope-order-succeeds: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeServedAre
fapi2-security-profile-final-test-claims-parameter-identity-claims: skipped, discovery says that claims is not supported
fapi2-security-profile-final-access-token-type-header-case-sensitivity: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeServedAre
fapi2-security-profile-final-check-dpop-proof-nbf-exp: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeServedAre
fapi2-security-profile-final-ensure-dpopproof-with-iat-10seconds-before-succeeds: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeServedAre
fapi2-security-profile-final-ensure-dpopproof-with-iat-10seconds-after-succeeds: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeServedAre
fapi2-security-profile-final-ensure-mismatched-dpop-jkt-fails: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-ensure-token-endpoint-fails-with-mismatched-dpop-jkt: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-ensure-dpopproof-at-par-endpoint-binding-success: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeServedAre
fapi2-security-profile-final-ensure-dpop-auth-code-binding-success: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeServedAre
fapi2-security-profile-final-ensure-different-nonce-inside-and-outside-request-object: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeServedAre
fapi2-security-profile-final-ensure-different-state-inside-and-outside-request-object: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeServedAre
fapi2-security-profile-final-ensure-authorization-request-with-long-nonce: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeServedAre
fapi2-security-profile-final-ensure-authorization-request-with-long-state: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeServedAre
fapi2-security-profile-final-state-only-outside-request-object-not-used: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeServedAre
fapi2-security-profile-final-ensure-request-object-without-redirect-uri-fails: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-plain-fapi-tolerate-unregistered-redirect-uri: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-ensure-unsigned-authorization-request-without-using-par-fails: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-ensure-redirect-uri-in-authorization-request: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-ensure-response-type-code-idtoken-fails: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-ensure-response-type-token-fails: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-ensure-client-id-in-token-endpoint: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-ensure-holder-of-key-required: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-ensure-authorization-code-is-bound-to-client: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-attempt-reuse-authorization-code-after-one-second: oidc/issuer TestACodeOfFAPI2UsedAgainEndsItsToken
fapi2-security-profile-final-ensure-token-endpoint-fails-with-expired-auth-code: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-ensure-signed-client-assertion-with-RS256-fails: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-ensure-client-assertion-in-token-endpoint: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-ensure-client-assertion-with-exp-is-5-minutes-in-past-fails: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-ensure-client-assertion-with-wrong-aud-fails: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-ensure-client-assertion-with-no-sub-fails: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-dpop-negative-tests: oidc/issuer TestProofsOfTheFAPI2PlanAreJudgedAtTheResource
fapi2-security-profile-final-refresh-token: skipped, a request for today alone gives no refresh token
fapi2-security-profile-final-par-ensure-reused-request-uri-prior-to-auth-completion-succeeds: oidc/issuer TestAPushedRequestOpenedAndLeftIsServedAgain
fapi2-security-profile-final-par-attempt-reuse-request_uri: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-par-attempt-to-use-expired-request_uri: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-par-ensure-jwt-client-assertions-nbf-8-seconds-in-the-future-is-accepted: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeServedAre
fapi2-security-profile-final-par-ensure-jwt-client-assertions-nbf-over-60-seconds-in-the-future-fails: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-par-attempt-to-use-request_uri-for-different-client: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-par-authorization-request-containing-request_uri-form-param: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-par-attempt-invalid-http-method: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-par-ensure-pkce-required: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-ensure-pkce-code-verifier-required: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-incorrect-pkce-code-verifier-rejected: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-par-plain-pkce-rejected: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-par-test-array-as-audience-fails: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-par-test-par-endpoint-url-as-audience-fails: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-par-test-token-endpoint-url-as-audience-fails: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeRefusedAre
fapi2-security-profile-final-par-without-duplicate-parameters: oidc/issuer TestModulesOfTheFAPI2PlanThatMustBeServedAre
the TLS of fapi2-security-profile-final-happy-flow and -ensure-holder-of-key-required: cmd/accord TestWeakSuitesOfTLSAreRefused
fapi2-security-profile-final-test-plan[openid=plain_oauth]: oidc/issuer TestPlainOAuthGetsNoIDToken`

// TestEachConformanceModuleHasATestOfOurs fails for a name that is no test's.
func TestEachConformanceModuleHasATestOfOurs(t *testing.T) {
	held, excused := 0, 0
	for line := range strings.Lines(strings.TrimSpace(conformanceModules)) {
		module, by, ok := strings.Cut(strings.TrimSpace(line), ": ")
		folder, test, _ := strings.Cut(by, " ")
		test, _, _ = strings.Cut(test, ",")
		switch {
		case !ok:
			t.Errorf("%q names nothing", line)
		case strings.HasPrefix(by, "skipped, "):
			excused++
		case !testsOf(t, folder)[test]:
			t.Errorf("%s: %s has no test %s", module, folder, test)
		default:
			held++
			namesItsModule(t, module, folder)
		}
	}
	t.Logf("%d modules stand on a test of ours, %d are skipped", held, excused)
}

// namesItsModule finds the module's own name among the tests said to stand for
// it: a table is as good as its rows.
func namesItsModule(t *testing.T, module, folder string) {
	t.Helper()
	short, fapi2 := strings.CutPrefix(module, "fapi2-security-profile-final-")
	if !fapi2 || strings.Contains(module, "[") {
		return
	}
	for _, path := range sources(t) {
		if filepath.Dir(path) != filepath.FromSlash(folder) || !strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(moduleRoot(t), path))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), short) {
			return
		}
	}
	t.Errorf("%s: no test of %s sends it", module, folder)
}
