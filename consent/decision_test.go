package consent

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDecisionHoldsToTheRequest(t *testing.T) {
	r := request(t, "valbrume-cantine", "cnaf_quotient_familial", "cnaf_enfants")
	for _, tc := range []struct {
		agreed []string
		want   Reason
	}{
		{[]string{"cnaf_quotient_familial"}, ""},
		{[]string{"cnaf_enfants", "cnaf_quotient_familial", "cnaf_enfants"}, ""},
		{[]string{"cnaf_enfants"}, ReasonRequiredMissing},
		{nil, ReasonRequiredMissing},
		{[]string{"cnaf_quotient_familial", "cnaf_adresse"}, ReasonNotRequested},
		{[]string{"cnaf_quotient_familial", ""}, ReasonNotRequested},
	} {
		_, err := Decide(r, tc.agreed)
		if got := reason(t, err); got != tc.want {
			t.Errorf("%v: %q, want %q", tc.agreed, got, tc.want)
		}
	}
}

func TestAgreeingToNothingIsNoAgreement(t *testing.T) {
	r := request(t, "valbrume-mediatheque", "birthdate", "email")
	_, err := Decide(r, nil)
	if got := reason(t, err); got != ReasonNothingAgreed {
		t.Errorf("%q", got)
	}
}

// Promise 2: agreed fields ⊆ approved fields, and never more than was ticked.
func TestAgreedFieldsStayWithinTheRequest(t *testing.T) {
	r := request(t, "valbrume-cantine", "cnaf_quotient_familial", "cnaf_enfants", "dgfip_rfr", "dgfip_nbpart", YearNMinus1)
	approved := Fields(r.Approval.Approved(DefaultCatalogue()))
	rapid.Check(t, func(t *rapid.T) {
		agreed := rapid.SliceOf(rapid.SampledFrom(IDs(DefaultCatalogue().Data()))).Draw(t, "agreed")
		yes, err := Decide(r, agreed)
		if err != nil {
			return
		}
		for _, d := range yes.Data {
			if !slices.Contains(agreed, d.ID) || !yes.Has(d.ID) {
				t.Fatalf("%s was not agreed to", d.ID)
			}
		}
		for _, f := range Fields(yes.Data) {
			if !slices.Contains(approved, f) {
				t.Fatalf("%s is not approved", f)
			}
		}
		for _, d := range r.Required {
			if !yes.Has(d.ID) {
				t.Fatalf("required %s is missing", d.ID)
			}
		}
	})
}

func TestOneOffGrantEndsElevenMinutesAfterTheDecision(t *testing.T) {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	if got := (Request{}).ValidUntil(at).Sub(at); got != 11*time.Minute {
		t.Errorf("lives %s", got)
	}
}
