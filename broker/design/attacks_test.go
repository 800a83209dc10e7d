package design_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// attackRows are the attacks on an authorization server, on a relying party of
// FranceConnect and on their operation that Accord must withstand, numbered 1
// to lastAttack, and the tests that hold each: "folder Test" for one row or a
// span. Rows tried over HTTP in a table name the table's test.
const (
	lastAttack = 111
	attackRows = `
1-14    oidc/issuer TestAttacksGetTheRightRefusalAndNothingElse; broker TestAWrongAuthorizationRequestMeetsNoCitizen
15      oidc/issuer TestParametersOutsideAPushedRequestAreIgnored; broker TestAPushedRequestIsItsClientsItselfAndOnce
16-18   oidc/issuer TestAttacksGetTheRightRefusalAndNothingElse; broker TestAPushedRequestIsItsClientsItselfAndOnce
17      broker TestCodesAndPushedRequestsEndAfterAMinute
18      broker TestAPushedRequestOpenedTwiceGivesOneCode
19      oidc/issuer TestNoAddressInARequestIsEverFetched; broker TestAPushedRequestIsItsClientsItselfAndOnce
20-22   oidc/issuer TestAttacksGetTheRightRefusalAndNothingElse; broker TestAWrongAuthorizationRequestMeetsNoCitizen
23      oidc/issuer TestAttacksGetTheRightRefusalAndNothingElse; broker TestPromptNoneNeverAsksNorGivesAnew; broker TestARememberedLoginOpensNothingElse
24      oidc/issuer TestAttacksGetTheRightRefusalAndNothingElse; broker TestAWrongAuthorizationRequestMeetsNoCitizen
25      broker TestAFreshLoginIsHadWhereItIsAsked; broker TestALoginOlderThanAskedIsRefused
26      oidc/issuer TestHintOfAnotherClientNeedsLogin; broker TestAnotherCitizenBackFromFranceConnectSeesNothing; broker TestAWrongAuthorizationRequestMeetsNoCitizen; oidc/issuer TestEveryMutantOfAHintIsNobodys
27      broker TestAWrongAuthorizationRequestMeetsNoCitizen; broker TestALoginThatFranceConnectDidNotVouchForShowsNothing
28      oidc/issuer TestAttacksGetTheRightRefusalAndNothingElse; broker TestDetailsBeyondTheApprovalNameTheItemBeforeTheCitizenIsInvolved
29      oidc/issuer TestAttacksGetTheRightRefusalAndNothingElse; broker TestAWrongAuthorizationRequestMeetsNoCitizen; broker TestTheParameterClaimsGivesNothing
30-31   broker TestAWrongAnswerOnConnexionDecidesNothing; broker TestAWrongDecisionAgreesToNothing; broker TestAWrongFormBetweenTheStepsAsksNobody
32      broker TestAForeignCallbackTouchesNothing
33      ui TestEveryPageCarriesItsSecurityHeaders
34      broker TestAForeignCallbackTouchesNothing
35      broker TestACookiePlantedBeforeTheLoginOpensNothingAfterIt
36      broker TestAForeignCallbackTouchesNothing; broker TestAFranceConnectStateIsAcceptedOnceAlsoAfterAFailure
37      broker TestAnAnswerOfFranceConnectThatMustNotBeBelievedEndsTheLogin
38      broker TestAWrongDecisionAgreesToNothing
39      broker TestTheSameDecisionIsAnsweredTheSameWay; ui/e2e TestADoubleClickGivesOneAgreement
40      broker TestAWrongAnswerOnConnexionDecidesNothing; ui/e2e TestTheBackButtonAfterDecidingShowsThatOneHasAnswered
41      broker/design TestNoRedirectSendsAFormOn
42      ui TestEveryPageCarriesItsSecurityHeaders; ui TestPagesHaveNoScriptNoInlineStyleAndNoThirdParty
43      ui TestWhatOthersWroteIsTextOnEveryPage; broker TestAWrongDecisionAgreesToNothing; broker TestAnAnswerOfFranceConnectThatMustNotBeBelievedEndsTheLogin
44      oidc/issuer TestAttacksGetTheRightRefusalAndNothingElse
45      broker TestAnotherCitizenBackFromFranceConnectSeesNothing
46      oidc/issuer TestAttacksGetTheRightRefusalAndNothingElse; broker TestACodeIsAcceptedOnceAndItsReuseRevokes
47      oidc/issuer TestRaceOnOneCodeHasOneWinner; broker TestAHundredAtOnceWithOneCodeGetOneToken
48      oidc/issuer TestAttacksGetTheRightRefusalAndNothingElse; broker TestAWrongTokenRequestLeavesTheCodeAsItWas
49-52   oidc/issuer TestAttacksGetTheRightRefusalAndNothingElse; broker TestACodeRedeemedWithAWrongBindingIsBurnt
53      oidc/issuer TestAttacksGetTheRightRefusalAndNothingElse; broker TestCodesAndPushedRequestsEndAfterAMinute
54-57   oidc/issuer TestAttacksGetTheRightRefusalAndNothingElse; broker TestAServiceProvidersEndpointRefusesWhatIsNotAnAuthenticatedForm
58-61   oidc/issuer TestAttacksGetTheRightRefusalAndNothingElse; oidc/issuer TestBadAssertionsAreInvalidClient; oidc/issuer TestEveryMutantOfAnAssertionIsRefused
60      oidc/issuer TestAssertionIsAcceptedOnce; oidc/issuer TestRaceOnOneAssertionHasOneWinner; broker TestFiftyAtOnceWithOneAssertionAreOneUse; cmd/accord TestServeTakesNoAssertionOfBeforeAKill
62-64   oidc/issuer TestAttacksGetTheRightRefusalAndNothingElse; broker TestAServiceProvidersEndpointRefusesWhatIsNotAnAuthenticatedForm
64      oidc/issuer TestABodyIsReadToItsBoundOnly
65      broker TestADeadRefreshTokenGivesNothing; broker TestARefreshTokenBoundToAKeyIsNothingWithoutIt; broker TestAnothersTokensStayAlive; broker TestALogoutLeavesWhatWasAgreedToUntilADay
66      broker TestARefreshNeverWidens
67      broker TestFiftyRefreshesAtOnceLeaveOneFamily; broker TestAReplacedRefreshTokenThatComesBackEndsTheAgreement
68-75   oidc/issuer TestAttacksGetTheRightRefusalAndNothingElse; broker TestATokenWithoutItsKeyReleasesNothing; oidc/issuer TestEveryMutantOfAProofIsRefused
72      oidc/issuer TestRaceOnOneProofHasOneWinner; broker TestRaceOnOneProofDeliversOnce
74      oidc/issuer TestUseDPoPNonceConsumesNothing
76      oidc/issuer TestBoundTokenIsOfUseOnlyWithItsKey; broker TestATokenWithoutItsKeyReleasesNothing
77      oidc/issuer TestProofMadeAheadIsStoppedByTheNonce
78      oidc/issuer TestNoHeaderMovesTheAddressOfAProof; broker TestNoHeaderChangesAnAddressThatAccordGives
79-80   oidc/issuer TestNothingButALiveAccessTokenOpensUserinfo; broker TestWhatIsNotALiveTokenOpensNothing
81      oidc/issuer TestRevokedTokenIsDeadAtOnceAndOnlyByItsOwner; broker TestWithdrawnConsentReleasesNothing
82      oidc/issuer TestIntrospectionTellsOnlyTheOwner; broker TestWhatIsNotALiveTokenOpensNothing
83      oidc/issuer TestNothingButALiveAccessTokenOpensUserinfo
84      broker TestAnothersTokensStayAlive; oidc/issuer TestRevokedTokenIsDeadAtOnceAndOnlyByItsOwner; broker TestWhatIsNotALiveTokenOpensNothing
85-86   oidc/issuer TestNothingButALiveAccessTokenOpensUserinfo; broker TestWhatIsNotALiveTokenOpensNothing
87      oidc/issuer TestAnEncryptedTokenIsRefusedUnopened; oidc/franceconnect TestAnEncryptedTokenThatWouldCostMuchIsRefused
88      broker TestOneCitizenHasUnlinkableSubjectsAtTwoRecipientsOfOneEditor
89      oidc/issuer TestWhoIsNotAClientIsToldAsSlowlyAndInTheSameWords; broker TestNoDigestLetsAnyoneGuessAValue
90      oidc/issuer TestBadLogoutRequestsEndOnALocalPage; broker TestALogoutGoesNowhereUnregisteredAndAsksFirst
91      oidc/issuer TestGoodLogoutRequestsReachTheJourney; broker TestALogoutGoesNowhereUnregisteredAndAsksFirst
92      oidc/issuer TestBadLogoutRequestsEndOnALocalPage; broker TestALogoutGoesNowhereUnregisteredAndAsksFirst; oidc/issuer TestEveryMutantOfAHintIsNobodys
93      oidc/issuer TestGoodLogoutRequestsReachTheJourney; broker TestALogoutGoesNowhereUnregisteredAndAsksFirst
94      broker TestALogoutGoesNowhereUnregisteredAndAsksFirst
95      broker TestAnAnswerOfFranceConnectThatMustNotBeBelievedEndsTheLogin; oidc/franceconnect TestCallbackIsJudgedStrictly
96      broker TestALoginThatFranceConnectDidNotVouchForShowsNothing; oidc/franceconnect TestFalsifiedIDTokenIsRefused; oidc/franceconnect TestAnIDTokenForAnotherPartyOrAccessTokenIsRefused
97      broker TestALoginThatFranceConnectDidNotVouchForShowsNothing; oidc/franceconnect TestFalsifiedUserinfoIsRefused
98      broker TestALoginThatFranceConnectDidNotVouchForShowsNothing; oidc/franceconnect TestLoginBelowTheAskedLevelIsRefused
99      broker TestKeysThatCannotBeReadAreNotGuessed; oidc/franceconnect TestUnknownKeysDoNotHammerFranceConnect
100     broker TestALoginThatFranceConnectDidNotVouchForShowsNothing; oidc/franceconnect TestRedirectsAreNeverFollowed
101     broker TestAForeignCallbackTouchesNothing; broker TestALoginThatFranceConnectDidNotVouchForShowsNothing
102     broker TestTwoTabsAtFranceConnectNeverMeet; ui/e2e TestTwoFlowsInTwoTabsDoNotDisturbEachOther
103     broker TestADiscoveryDocumentOfAnotherLeadsNowhere; oidc/franceconnect TestDiscoveryOfAnotherIssuerIsRefused
104     oidc/issuer TestHostHeaderChangesNothing; broker TestNoHeaderChangesAnAddressThatAccordGives
105     oidc/issuer TestCrossOriginReadsOnlyDiscoveryAndKeys; broker TestNoHeaderChangesAnAddressThatAccordGives
106     oidc/issuer TestTokenBearingAnswersAreNotStored
107     cmd/accord TestEveryListenerTimeIsBounded; broker TestWhatIsNoHTTPIsAnsweredBeforeAnyPage; cmd/accord TestSlowAndLargeHeadersAreCutOff
108     broker TestNothingIsAcceptedTwiceOverAKill; broker TestAKillBetweenConsumingAndAnsweringGivesNothingTwice; broker TestWhatWasUsedUpStaysSoOverARestart
109     broker TestOnAFullDiskEachActAnswers503AndHasNotHappened
110     oidc/issuer TestAClockThatJumpsKeepsItsBounds; broker TestAClockThatJumpsRevivesNothing
111     broker TestNoFileNorLogHoldsAValueAnIdentityOrAToken; broker TestNoLogHoldsWhatAClientOfFAPI2Sends`
)

// TestEveryAttackIsHeldByATest prints the table and fails for a row that no
// test holds, and for a name that is no test's.
func TestEveryAttackIsHeldByATest(t *testing.T) {
	held := map[int][]string{}
	for line := range strings.Lines(attackRows) {
		rows, tests, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok {
			continue
		}
		first, last := span(t, rows)
		for _, name := range strings.Split(tests, ";") {
			name = strings.TrimSpace(name)
			if folder, test, _ := strings.Cut(name, " "); !testsOf(t, folder)[test] {
				t.Errorf("row %s: %s has no test %s", rows, folder, test)
			}
			for row := first; row <= last; row++ {
				held[row] = append(held[row], name)
			}
		}
	}
	var uncovered []string
	for row := 1; row <= lastAttack; row++ {
		t.Logf("%3d  %s", row, strings.Join(held[row], "; "))
		if len(held[row]) == 0 {
			uncovered = append(uncovered, strconv.Itoa(row))
		}
		delete(held, row)
	}
	if len(uncovered) > 0 || len(held) > 0 {
		t.Fatalf("uncovered: %s; beyond the list: %d rows", strings.Join(uncovered, " "), len(held))
	}
	t.Log("uncovered: none")
}

func span(t *testing.T, rows string) (first, last int) {
	t.Helper()
	from, to, ranged := strings.Cut(rows, "-")
	first, err := strconv.Atoi(from)
	if last = first; err == nil && ranged {
		last, err = strconv.Atoi(to)
	}
	if err != nil {
		t.Fatal(err)
	}
	return first, last
}

var testNames = map[string]map[string]bool{}

// testsOf are the test functions of a folder, from the project's root.
func testsOf(t *testing.T, folder string) map[string]bool {
	t.Helper()
	if testNames[folder] != nil {
		return testNames[folder]
	}
	names := map[string]bool{}
	files, err := filepath.Glob(filepath.Join(moduleRoot(t), filepath.FromSlash(folder), "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Test") {
				names[f.Name.Name] = true
			}
		}
	}
	testNames[folder] = names
	return names
}

// Attack list, row 41: 303 alone makes a browser drop the form it sent; every
// other redirect might carry a password or an agreement along.
func TestNoRedirectSendsAFormOn(t *testing.T) {
	kept, root := 0, moduleRoot(t)
	for _, path := range sources(t) {
		shipped := strings.HasPrefix(path, "broker/") || strings.HasPrefix(path, "oidc/issuer/") || strings.HasPrefix(path, "ui/") || strings.HasPrefix(path, "cmd/accord/")
		if !shipped || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
		if err != nil {
			t.Fatal(err)
		}
		kept += strings.Count(string(text), "http.StatusSeeOther")
		for _, other := range []string{"StatusFound", "StatusTemporaryRedirect", "StatusPermanentRedirect", "StatusMovedPermanently"} {
			if strings.Contains(string(text), "http."+other) {
				t.Errorf("%s redirects by http.%s", path, other)
			}
		}
	}
	if kept < 10 {
		t.Errorf("only %d redirects found: the test looks in the wrong place", kept)
	}
}
