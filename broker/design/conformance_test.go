package design_test

import (
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
fapi2-security-profile-final, requests: oidc/issuer TestProfileFAPI2RefusesEachThingThatLacks
fapi2-security-profile-final, the way: oidc/issuer TestProfileFAPI2GivesATokenBoundToItsHoldersKey
fapi2-security-profile-final, proofs: oidc/issuer TestGoodProofsAreTaken
fapi2-security-profile-final, assertions: oidc/issuer TestBadAssertionsAreInvalidClient
fapi2-security-profile-final, plain_oauth: oidc/issuer TestPlainOAuthGetsNoIDToken
fapi2-security-profile-final, TLS: cmd/accord TestWeakSuitesOfTLSAreRefused`

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
		}
	}
	t.Logf("%d modules stand on a test of ours, %d are skipped", held, excused)
}
