package design_test

import (
	"strings"
	"testing"
)

// conformanceModules are the modules of the OpenID Foundation's plans that are
// to be run against Accord, and the test that stands for each: "module: folder
// Test". One that the plan itself skips says why instead.
const conformanceModules = `
oidcc-server: oidc/issuer TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook
oidcc-response-type-missing: oidc/issuer TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook
oidcc-userinfo-get: oidc/issuer TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook
oidcc-userinfo-post-header: oidc/issuer TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook
oidcc-userinfo-post-body: oidc/issuer TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook
oidcc-ensure-request-without-nonce-succeeds-for-code-flow: oidc/issuer TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook
oidcc-scope-profile: skipped, discovery does not list the scope
oidcc-scope-email: skipped, discovery does not list the scope
oidcc-scope-address: skipped, discovery does not list the scope
oidcc-scope-phone: skipped, discovery does not list the scope
oidcc-scope-all: skipped, discovery does not list the scopes
oidcc-ensure-other-scope-order-succeeds: oidc/issuer TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook
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
oidcc-claims-essential: skipped, discovery says that claims is not supported
oidcc-ensure-request-with-acr-values-succeeds: oidc/issuer TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook
oidcc-codereuse: broker TestACodeIsAcceptedOnceAndItsReuseRevokes
oidcc-codereuse-30seconds: broker TestACodeIsAcceptedOnceAndItsReuseRevokes
oidcc-ensure-registered-redirect-uri: oidc/issuer TestAttacksGetTheRightRefusalAndNothingElse
oidcc-ensure-post-request-succeeds: oidc/issuer TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook
oidcc-server-client-secret-post: oidc/issuer TestThirdPartyClientGoesThrough
oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported: oidc/issuer TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook
oidcc-ensure-request-object-with-redirect-uri: oidc/issuer TestAttacksGetTheRightRefusalAndNothingElse
oidcc-ensure-request-with-valid-pkce-succeeds: oidc/issuer TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook
oidcc-refresh-token: skipped, profile oidc grants no refresh token
oidcc-discovery-endpoint-verification: oidc/issuer TestDiscoveryTellsOnlyTheTruth
oidcc-rp-initiated-logout-discovery-endpoint-verification: oidc/issuer TestEveryEndpointInDiscoveryIsServed
oidcc-rp-initiated-logout: broker TestALogoutWithTheCitizensHintEndsBothSessionsAndComesBack
oidcc-rp-initiated-logout-no-state: oidc/issuer TestGoodLogoutRequestsReachTheJourney
oidcc-rp-initiated-logout-only-state: oidc/issuer TestGoodLogoutRequestsReachTheJourney
oidcc-rp-initiated-logout-no-params: oidc/issuer TestGoodLogoutRequestsReachTheJourney
oidcc-rp-initiated-logout-no-post-logout-redirect-uri: oidc/issuer TestGoodLogoutRequestsReachTheJourney
oidcc-rp-initiated-logout-no-id-token-hint: broker TestALogoutGoesNowhereUnregisteredAndAsksFirst
oidcc-rp-initiated-logout-bad-id-token-hint: broker TestALogoutGoesNowhereUnregisteredAndAsksFirst
oidcc-rp-initiated-logout-modified-id-token-hint: broker TestALogoutGoesNowhereUnregisteredAndAsksFirst
oidcc-rp-initiated-logout-bad-post-logout-redirect-uri: oidc/issuer TestBadLogoutRequestsEndOnALocalPage
oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri: oidc/issuer TestBadLogoutRequestsEndOnALocalPage
oidcc-client-test and its modules: oidc/franceconnect TestAPlainProviderIsHeldToOpenIDConnectBasic
oidcc-client-test with a provider of others: oidc/franceconnect TestAnotherOpenIDProviderServesByConfiguration
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
