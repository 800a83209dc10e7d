package consent

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func reason(t *testing.T, err error) Reason {
	t.Helper()
	if err == nil {
		return ""
	}
	var refusal *Refusal
	if !errors.As(err, &refusal) || refusal.Code == "" || refusal.Detail == "" {
		t.Fatalf("not a complete refusal: %v", err)
	}
	return refusal.Reason
}

func TestRequestsOutsideTheApprovalAreRefused(t *testing.T) {
	for _, tc := range []struct {
		approval string
		scopes   []string
		want     Reason
	}{
		{"valbrume-cantine", []string{"openid", "cnaf_quotient_familial"}, ""},
		{"valbrume-cantine", []string{"cnaf_enfants"}, ""},
		{"valbrume-cantine", []string{"openid", "cnaf_quotient_familial", "cnaf_adresse"}, ReasonOverAsking},
		{"valbrume-cantine", []string{"openid", "cnaf_quotient_familial", "identite_pivot"}, ReasonOverAsking},
		{"valbrume-cantine", []string{"openid", "cnaf_quotient_familial", "rsa"}, ReasonUnknownScope},
		{"valbrume-cantine", []string{"openid"}, ReasonNoDatum},
		{"valbrume-cantine", nil, ReasonNoDatum},
		{"valbrume-cantine", []string{"dgfip_rfr"}, ReasonYearMissing},
		{"valbrume-cantine", []string{"dgfip_rfr", YearNMinus1}, ""},
		{"valbrume-cantine", []string{"dgfip_rfr", YearNMinus2Fallback}, ""},
		{"valbrume-cantine", []string{"dgfip_rfr", YearNMinus1, YearNMinus2Fallback}, ReasonYearConflict},
		{"valbrume-cantine", []string{"dgfip_rfr", YearNMinus3}, ReasonOverAsking},
		{"valbrume-cantine", []string{"cnaf_quotient_familial", YearNMinus1}, ReasonYearUnused},
		{"valbrume-cantine", []string{YearNMinus1}, ReasonYearUnused},
		{"saint-aubin-cantine", []string{"cnaf_quotient_familial", "cnaf_enfants"}, ReasonOverAsking},
		{"saint-aubin-cantine", []string{"cnaf_quotient_familial", YearNMinus1}, ReasonOverAsking},
	} {
		_, err := NewRequest(example(t, tc.approval), DefaultCatalogue(), tc.scopes)
		if got := reason(t, err); got != tc.want {
			t.Errorf("%s %v: %q, want %q", tc.approval, tc.scopes, got, tc.want)
		}
	}
}

func TestAMissingYearNamesThoseTheApprovalHas(t *testing.T) {
	_, err := NewRequest(example(t, "valbrume-cantine"), DefaultCatalogue(), []string{"dgfip_rfr"})
	if err == nil || !strings.Contains(err.Error(), YearNMinus2Fallback) || strings.Contains(err.Error(), YearNMinus3) {
		t.Error(err)
	}
}

func TestOneRequestReadsOneTaxNotice(t *testing.T) {
	a := example(t, "valbrume-cantine")
	a.Data.Years = yearSelectors()
	_, err := NewRequest(a, DefaultCatalogue(), []string{"dgfip_rfr", YearNMinus1, YearNMinus2})
	if got := reason(t, err); got != ReasonYearConflict {
		t.Errorf("two years: %q", got)
	}
}

func request(t testing.TB, approval string, scopes ...string) Request {
	t.Helper()
	r, err := NewRequest(example(t, approval), DefaultCatalogue(), scopes)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRequestKeepsRequiredAndOptionalApart(t *testing.T) {
	r := request(t, "valbrume-cantine", "cnaf_enfants", "dgfip_rfr", "cnaf_quotient_familial", YearNMinus1)
	if got := IDs(r.Required); !slices.Equal(got, []string{"cnaf_quotient_familial"}) {
		t.Errorf("required %v", got)
	}
	if got := IDs(r.Optional); !slices.Equal(got, []string{"cnaf_enfants", "dgfip_rfr"}) {
		t.Errorf("optional %v", got)
	}
}

func TestYearSelectorsResolveToIncomeYears(t *testing.T) {
	for _, tc := range []struct {
		selector       string
		at             string
		year, fallback int
	}{
		{YearNMinus1, "2026-11-23T10:00:00Z", 2025, 0},
		{YearNMinus2, "2026-11-23T10:00:00Z", 2024, 0},
		{YearNMinus3, "2026-11-23T10:00:00Z", 2023, 0},
		{YearNMinus2Fallback, "2026-11-23T10:00:00Z", 2025, 2024},
		{YearNMinus1, "2026-12-31T22:59:59Z", 2025, 0},
		{YearNMinus1, "2026-12-31T23:00:00Z", 2026, 0}, // midnight in France
	} {
		at, err := time.Parse(time.RFC3339, tc.at)
		if err != nil {
			t.Fatal(err)
		}
		year, fallback := Request{Selectors: []string{tc.selector}}.Years(at)
		if year != tc.year || fallback != tc.fallback {
			t.Errorf("%s at %s: %d, %d", tc.selector, tc.at, year, fallback)
		}
	}
	if year, fallback := (Request{}).Years(time.Now()); year != 0 || fallback != 0 {
		t.Errorf("no selector: %d, %d", year, fallback)
	}
}

func TestFranceConnectIsAskedForNothingTheRequestDoesNotNeed(t *testing.T) {
	base := []string{"openid", "identite_pivot", "idp_birthdate"}
	entitled := []string{"dgfip_rfr", "dgfip_nbpart", YearNMinus1, YearNMinus2Fallback, "email"}
	for _, tc := range []struct {
		request  Request
		entitled []string
		want     []string
	}{
		{request(t, "valbrume-cantine", "cnaf_quotient_familial"), entitled, nil},
		{request(t, "valbrume-cantine", "dgfip_rfr", YearNMinus1), entitled, []string{YearNMinus1, "dgfip_rfr"}},
		{request(t, "valbrume-cantine", "dgfip_rfr", YearNMinus1), []string{"dgfip_nbpart"}, nil},
		{request(t, "valbrume-cantine", "dgfip_rfr", YearNMinus1), nil, []string{YearNMinus1, "dgfip_rfr"}},
		{request(t, "valbrume-mediatheque", "family_name", "given_name"), entitled, nil},
		{request(t, "valbrume-mediatheque", "family_name", "email"), entitled, []string{"email"}},
	} {
		want := slices.Concat(base, tc.want)
		if got := tc.request.FranceConnectScopes(tc.entitled); !slices.Equal(got, want) {
			t.Errorf("%v: %v, want %v", IDs(tc.request.Data()), got, want)
		}
	}
}

func TestDecliningTaxDataDropsTheirYear(t *testing.T) {
	r := request(t, "valbrume-cantine", "cnaf_quotient_familial", "dgfip_rfr", YearNMinus1)
	left := r.Without([]string{"dgfip_rfr", "cnaf_quotient_familial"})
	if got := IDs(left.Data()); !slices.Equal(got, []string{"cnaf_quotient_familial"}) || left.Selectors != nil {
		t.Errorf("left %v with %v: a required datum is never dropped", got, left.Selectors)
	}
	if len(r.Optional) != 1 || len(r.Selectors) != 1 {
		t.Error("the request itself changed")
	}
}

func TestRecipientAndPurposeChooseTheApproval(t *testing.T) {
	valbrume, aubin := example(t, "valbrume-cantine"), example(t, "saint-aubin-cantine")
	library := example(t, "valbrume-mediatheque")
	several := []*Approval{valbrume, aubin, library}
	for _, tc := range []struct {
		approvals          []*Approval
		recipient, purpose string
		want               *Approval
		reason             Reason
	}{
		{[]*Approval{valbrume}, "", "", valbrume, ""},
		{[]*Approval{valbrume}, "99900010200015", "tarification-cantine", valbrume, ""},
		{several, "99900051600016", "", aubin, ""},
		{several, "", "inscription-mediatheque", library, ""},
		{several, "99900010200015", "tarification-cantine", valbrume, ""},
		{several, "99900010200015", "", nil, ReasonAmbiguous},
		{several, "", "tarification-cantine", nil, ReasonAmbiguous},
		{several, "", "", nil, ReasonAmbiguous},
		{[]*Approval{valbrume}, "99900051600016", "", nil, ReasonUnknownRecipient},
		{[]*Approval{valbrume}, "", "autre", nil, ReasonUnknownPurpose},
		{several, "99900051600016", "inscription-mediatheque", nil, ReasonUnknownPurpose},
		{nil, "", "", nil, ReasonNoApproval},
	} {
		got, err := Choose(tc.approvals, tc.recipient, tc.purpose)
		if r := reason(t, err); got != tc.want || r != tc.reason {
			t.Errorf("%q %q: %v, %q", tc.recipient, tc.purpose, got, r)
		}
	}
}
