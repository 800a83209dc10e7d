package fcsim_test

import (
	"slices"
	"strings"
	"testing"
)

// rows are the ids of what the description of FranceConnect's protocol says
// and a simulator can show: F the ten facts, E paths, D discovery by member, A
// authorization parameters, T token answer, S scopes, I identity and formats,
// U userinfo, X situations and errors, L logout, O sessions, C checktoken, P
// the checklist. What a relying party must meet has its own list beside it.
const rows = `
F0.1 F0.2 F0.3 F0.4 F0.5 F0.6 F0.7 F0.8 F0.9 F0.10
E-discovery E-authorize E-token E-userinfo E-jwks E-end-session E-revocation E-checktoken E-pages E-off
D-issuer D-response-types D-response-modes D-grant-types D-subject-types D-acr D-auth-methods D-auth-algs D-signing-algs
D-encryption D-request-objects D-claims D-iss D-pkce D-dpop D-scopes D-backchannel D-off D-cache
A-client-id A-response-type A-redirect-uri A-scope A-nonce A-state A-acr A-prompt A-prompt-alone A-claims A-idp-hint A-ui-locales A-cookies A-post
T-form T-members T-access-token T-id-token T-acr T-replay
S-openid S-profile S-birth S-pivot S-given-name S-single S-plus S-unknown S-forbidden S-provider S-groups
I-low I-high I-sub I-gender I-given-name I-family-name I-preferred-username I-birthdate I-idp-birthdate I-birthplace I-birthcountry I-email I-amr I-idp-id I-acr I-nothing-else
U-answer U-members U-jwe U-errors
X-cancel X-leave X-idp-cancel X-no-refusal X-acr X-scope X-openid X-response-type X-idp-hint X-parameter X-client X-redirect X-both X-hosts X-amr
X-session-lost X-step X-identity X-idp-acr X-registry X-blocked X-logout X-secret X-missing X-code-unknown X-code-used X-code-redirect X-undefined X-shape-a X-shape-b X-shape-c X-shape-d
L-hint L-address L-state L-parameters L-expired L-engine L-page L-inner
O-life O-slide O-sso O-sso-page O-sso-eidas3 O-sub
C-form C-auth C-header C-claims C-identity C-sub C-scope C-inactive C-session C-keys C-algs C-plus
P1 P2 P3 P4 P5 P6 P7 P8 P9 P10 P11 P12 P13 P14 P15 P16 P17 P18 P19 P20 P21`

// TestSimulatorFollowsFranceConnect runs what holds each row, prints the rows
// held and fails for one that nothing holds.
func TestSimulatorFollowsFranceConnect(t *testing.T) {
	held := map[string]bool{}
	for _, c := range conformance() {
		passed := t.Run(c.name, c.test)
		for _, id := range strings.Fields(c.rows) {
			before, again := held[id]
			held[id] = passed && (before || !again)
		}
	}
	listed := strings.Fields(rows)
	for id := range held {
		if !slices.Contains(listed, id) {
			t.Errorf("row %s is held but not listed", id)
		}
	}
	for _, id := range listed {
		if !held[id] {
			t.Errorf("row %s is not held", id)
		}
	}
	listed = slices.DeleteFunc(listed, func(id string) bool { return !held[id] })
	t.Logf("%d rows held: %s", len(listed), strings.Join(listed, " "))
}

type conforming struct {
	rows, name string
	test       func(*testing.T)
}

func conformance() []conforming {
	return []conforming{
		{"P1 E-discovery D-issuer D-cache F0.2 D-acr D-pkce D-iss", "discovery", discoveryIsFranceConnects},
		{"D-response-types D-response-modes D-grant-types D-subject-types D-auth-methods D-auth-algs D-signing-algs D-encryption D-request-objects D-claims D-dpop D-scopes D-backchannel D-off", "discovery, member by member", everyDiscoveryMember},
		{"E-off E-checktoken A-post F0.6", "what is not there is 404", whatIsOffIsNotFound},
		{"P2 F0.1 F0.2 A-ui-locales A-claims X-parameter", "whitelist", otherParametersAreRefusedByAPage},
		{"P3 F0.3 A-client-id A-nonce A-state A-prompt", "nonce, state and acr are needed", mandatoryParameters},
		{"P4 A-acr X-acr", "the weakest acr counts", weakestACRCounts},
		{"P5 A-scope S-unknown S-forbidden X-scope X-openid", "scopes", scopeRules},
		{"S-openid S-profile S-birth S-pivot S-given-name S-single S-provider", "claims of each scope", scopesGiveTheirClaims},
		{"S-groups", "data providers' scopes are known", providerScopesAreKnown},
		{"P6 A-redirect-uri E-authorize X-client X-redirect X-both", "client and redirect URI", clientAndRedirectURIAreExact},
		{"P7", "callback", callbackCarriesCodeStateAndIssuer},
		{"P8 F0.5 T-replay X-code-unknown X-code-used X-code-redirect", "code", codeIsShortBoundAndUsedOnce},
		{"T-form X-missing", "token form", tokenTakesAFormOnly},
		{"A-idp-hint X-idp-hint", "provider hint", hintNamesAKnownProvider},
		{"A-redirect-uri X-hosts", "one host", redirectURIsAreOfOneHost},
		{"P9 F0.4 X-secret", "client_secret_post", onlyPostedSecretsAuthenticate},
		{"P10 T-members T-access-token E-token", "token answer", tokenAnswerHasFiveMembers},
		{"P11 F0.7 T-id-token T-acr X-amr I-amr", "ID token", idTokenHasEightClaims},
		{"P12 F0.6 F0.5 E-userinfo U-answer U-errors", "userinfo", userinfoIsSignedAndShortLived},
		{"P13 F0.8 I-low I-birthdate I-idp-birthdate I-birthplace I-preferred-username X-identity", "identity", identityIsCompleted},
		{"I-gender I-given-name I-family-name I-birthcountry I-email I-idp-id I-acr I-nothing-else U-members", "formats", identityFormats},
		{"P14 I-sub", "sub", subjectIsPairwise},
		{"P15 E-end-session L-hint L-address L-state L-parameters L-expired X-logout", "logout", logoutNeedsHintAndSession},
		{"L-page L-engine A-cookies", "engine cookies", engineCookiesAreClearedAtAuthorize},
		{"P16 E-revocation", "revocation", revocationEndsTheToken},
		{"P17 F0.10 C-claims C-identity C-sub C-scope", "checktoken", checktokenTellsTheWholeIdentity},
		{"C-header C-algs", "checktoken's encryption", checktokenIsEncryptedAsRegistered},
		{"C-form C-auth X-shape-d", "checktoken's refusals", checktokenRefusesOtherForms},
		{"C-inactive C-session", "checktoken of a dead token", deadTokensAreInactive},
		{"C-keys", "checktoken without a key", checktokenNeedsTheProvidersKey},
		{"C-plus", "no checktoken on FranceConnect+", plusHasNoChecktoken},
		{"P18 X-shape-a X-shape-b X-shape-c X-idp-hint X-response-type X-cancel X-missing A-idp-hint A-response-type", "error shapes", errorShapes},
		{"P18 U-errors A-claims X-scope X-openid X-idp-hint X-secret X-missing X-code-redirect X-code-unknown", "exact descriptions", descriptionsAreWordForWord},
		{"X-leave X-registry X-blocked X-idp-acr", "persons refused", refusedPersonsMayLeave},
		{"X-idp-cancel X-session-lost X-step E-pages", "steps of an interaction", stepsKeepTheirOrder},
		{"X-undefined", "state lost", lostStateIsUndefined},
		{"F0.9 X-no-refusal", "information page", informationPageIsNotRead},
		{"P19 O-sso O-sso-page O-sub O-slide O-life", "single sign-on", singleSignOnIsASwitch},
		{"O-sso-eidas3", "eidas3 asks again", eidas3AlwaysAsksAgain},
		{"A-prompt-alone", "prompt=login alone", loginPromptMaySkipThePage},
		{"P20", "RS256", rs256IsAnOption},
		{"P20 I-high F0.8 S-plus D-encryption U-jwe L-inner U-members", "FranceConnect+", plusEncryptsRawIdentities},
		{"P21 E-jwks", "keys", bothKeysArePublished},
	}
}
