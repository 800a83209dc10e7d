package franceconnect_test

import (
	"slices"
	"strings"
	"testing"

	"accord/oidc/franceconnect/fcsim"
)

// rows are the ids of what a relying party of FranceConnect must do, by the
// description of its protocol: F of the ten facts, R its rules, N what it must
// refuse, M what it must take. The faults, variations and edge personas of the
// simulator are rows too, named N-, M- and E- and their own name.
const rows = `
F0.1 F0.2 F0.3 F0.4 F0.5 F0.6 F0.7 F0.8 F0.10
R-discovery-issuer R-discovery-refresh R-discovery-swapped R-header R-callback R-alg R-kid-once R-iss-aud-times R-sub R-plain R-cap R-missing R-acr R-replay R-logout R-plus R-plus-keys R-redirects R-timeout R-browser-gone
N-state-reused N-code-reused N-code-late N-late-31s N-never-returns N-person-leaves N-fields
M-kid-rotation M-skew-ahead M-skew-behind M-births-presumed M-error-description M-outage`

func allRows() []string {
	all := strings.Fields(rows)
	for _, f := range fcsim.Faults() {
		all = append(all, "N-"+string(f))
	}
	for _, f := range fcsim.Variations() {
		all = append(all, "M-"+string(f))
	}
	for _, p := range edgePersonas() {
		all = append(all, "E-"+p.ID)
	}
	return all
}

// TestRelyingPartyMeetsEveryRow runs what holds each row, prints the rows held
// and fails for one that nothing holds.
func TestRelyingPartyMeetsEveryRow(t *testing.T) {
	held := map[string]bool{}
	for _, c := range slices.Concat(rules(), faults(t), variations(t), edgeRows(t)) {
		passed := t.Run(c.rows, c.test)
		for _, id := range strings.Fields(c.rows) {
			before, again := held[id]
			held[id] = passed && (before || !again)
		}
	}
	all := allRows()
	for id := range held {
		if !slices.Contains(all, id) {
			t.Errorf("row %s is held but not listed", id)
		}
	}
	for _, id := range all {
		if !held[id] {
			t.Errorf("row %s is not held", id)
		}
	}
	all = slices.DeleteFunc(all, func(id string) bool { return !held[id] })
	t.Logf("%d rows held: %s", len(all), strings.Join(all, " "))
}

type row struct {
	rows string
	test func(*testing.T)
}

func rules() []row {
	return []row{
		{"F0.1", TestFranceConnectReceivesOnlyWhitelistedParameters},
		{"F0.2", TestPKCETowardsFranceConnectIsRefusedByIt},
		{"F0.2", TestPKCEIsSentOnlyWhenConfigured},
		{"F0.3", TestRequestsFranceConnectWouldRefuseAreNotSent},
		{"F0.4", TestClientSecretIsPostedAndNothingElse},
		{"F0.5 R-replay N-code-reused N-code-late", TestCodeIsRefusedLateOrTwice},
		{"F0.6 F0.7", TestCitizenLogsInThroughTheSimulator},
		{"F0.6 R-plain", TestUnsignedUserinfoNeedsExplicitPermission},
		{"F0.8 M-births-presumed", TestPresumedBirthAbroadIsCompletedAndTold},
		{"F0.10", tokenServesDataSources},
		{"R-discovery-issuer", TestDiscoveryOfAnotherIssuerIsRefused},
		{"R-discovery-refresh M-outage", TestOutageAfterDiscoveryKeepsServing},
		{"R-discovery-refresh", discoveryIsReadAgain},
		{"R-discovery-swapped", swappedIssuerIsNeverServed},
		{"R-header", headersAreNotBelieved},
		{"N-fields", everyClaimIsJudged},
		{"N-fields", everyByteIsSigned},
		{"R-callback M-error-description", TestCallbackIsJudgedStrictly},
		{"R-alg", TestOnlyTheRegisteredAlgorithmAndKeysAreTrusted},
		{"R-kid-once", TestUnknownKeysDoNotHammerFranceConnect},
		{"R-kid-once M-kid-rotation", rotationReadsTheKeysOnce},
		{"R-iss-aud-times N-fields", TestFalsifiedIDTokenIsRefused},
		{"R-iss-aud-times N-fields", TestFalsifiedUserinfoIsRefused},
		{"R-sub", TestUserinfoOfAnotherSubjectIsRefused},
		{"R-cap", TestBrokenAnswersAreTold},
		{"R-missing", TestToleratedVariationsAreAccepted},
		{"R-acr", TestLoginBelowTheAskedLevelIsRefused},
		{"R-logout", TestLogoutCarriesHintStateAndReturnAddress},
		{"R-plus", plusLogsIn},
		{"R-plus-keys", plusTokensMustBeEncryptedForUs},
		{"R-redirects", TestRedirectsAreNeverFollowed},
		{"R-timeout", TestSlowFranceConnectIsUnavailable},
		{"R-browser-gone", TestClosedBrowserEndsTheExchange},
		{"N-state-reused", stateOfAnotherLoginIsRefused},
		{"N-late-31s", userinfoLaterThanTheGrantIsRefused},
		{"N-never-returns", nobodyReturns},
		{"N-person-leaves", TestReturningWithoutLoginIsCancelled},
		{"M-skew-ahead M-skew-behind", clocksMayDifferByFiveSeconds},
	}
}
