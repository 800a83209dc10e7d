package consent

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// testDay is a moment the examples' approvals are in force.
func testDay() time.Time { return time.Date(2026, 11, 26, 23, 30, 0, 0, time.UTC) }

func TestLaterAccessStaysWithinTheApproval(t *testing.T) {
	once := func(a *Approval) { a.Ceilings = Ceilings{Mode: ModeOnce, Fetches: 1} }
	for _, tc := range []struct {
		name    string
		spoil   func(*Approval)
		until   string
		fetches int
		scopes  []string
		want    Reason
	}{
		{"within", nil, "2027-08-31", 4, nil, ""},
		{"the last day allowed", nil, "2027-11-26", 2, nil, ""},
		{"neither", nil, "", 0, nil, ""},
		{"neither, once", once, "", 0, nil, ""},
		{"until alone", nil, "2027-08-31", 0, nil, ReasonLater},
		{"fetches alone", nil, "", 3, nil, ReasonLater},
		{"an approval for once", once, "2027-08-31", 2, nil, ReasonLater},
		{"one fetch", nil, "2027-08-31", 1, nil, ReasonLater},
		{"too many fetches", nil, "2027-08-31", 5, nil, ReasonLater},
		{"too long", nil, "2027-11-27", 4, nil, ReasonLater},
		{"today", nil, "2026-11-26", 4, nil, ReasonLater},
		{"past", nil, "2026-01-01", 4, nil, ReasonLater},
		{"no day", nil, "2027-02-30", 4, nil, ReasonLater},
		{"beyond the approval", func(a *Approval) { a.Dates.Until = "2027-03-31" }, "2027-04-01", 4, nil, ReasonLater},
		{"the approval's last day", func(a *Approval) { a.Dates.Until = "2027-03-31" }, "2027-03-31", 4, nil, ""},
		{"identity alone", func(a *Approval) {
			a.Data.Optional = append(a.Data.Optional, ApprovedDatum{ID: "family_name"})
		}, "2027-08-31", 4, []string{"family_name"}, ReasonLater},
	} {
		a := example(t, "valbrume-cantine")
		if tc.spoil != nil {
			tc.spoil(a)
		}
		if tc.scopes == nil {
			tc.scopes = []string{"cnaf_quotient_familial"}
		}
		r, err := NewRequest(a, DefaultCatalogue(), tc.scopes)
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.WithLater(tc.until, tc.fetches, testDay())
		if got := reason(t, err); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestOnlyATickedBoxGivesLaterAccess(t *testing.T) {
	r, err := NewRequest(example(t, "valbrume-cantine"), DefaultCatalogue(), []string{"cnaf_quotient_familial"})
	if err != nil {
		t.Fatal(err)
	}
	asked, err := r.WithLater("2027-08-31", 3, testDay())
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name    string
		r       Request
		later   bool
		mode    string
		fetches int
		until   time.Time
	}{
		{"ticked", asked, true, ModeRepeated, 3, time.Date(2027, 8, 31, 21, 59, 59, 0, time.UTC)},
		{"not ticked", asked, false, ModeOnce, 1, testDay().Add(onceValidity)},
		{"ticked, never offered", r, true, ModeOnce, 1, testDay().Add(onceValidity)},
	} {
		a := Agreed{Data: tc.r.Data(), Later: tc.later}
		mode, fetches := tc.r.Fetch(a)
		if until := tc.r.Until(a, testDay()); mode != tc.mode || fetches != tc.fetches || !until.Equal(tc.until) {
			t.Errorf("%s: %s, %d fetches, until %s", tc.name, mode, fetches, until)
		}
		made := BuildReceipt(ReceiptInput{Type: Granted, Time: testDay(), Request: tc.r, Agreed: a, Catalogue: DefaultCatalogue()})
		if f := made.Purposes[0].Fetch; f.Mode != tc.mode || f.Max != tc.fetches || (f.Period != "") != (tc.mode == ModeRepeated) {
			t.Errorf("%s: the receipt says %+v", tc.name, f)
		}
	}
}

func TestWhatTheCitizenMustSupplyOrTickIsNeverFetchedLater(t *testing.T) {
	for _, d := range DefaultCatalogue().Data() {
		typed := len(d.Inputs) > 0 && !slices.Equal(d.Inputs, []string{InputINE}) // which may be left out
		present := typed || d.Source == SourceFranceConnect || d.Preview == PreviewTicked
		if d.FetchedLater() == present {
			t.Errorf("%s is fetched later: %v", d.ID, d.FetchedLater())
		}
	}
}

func TestALaterFetchTakesOnlyWhatItsTokenOpens(t *testing.T) {
	a, c := example(t, "valbrume-cantine"), DefaultCatalogue()
	var data []Datum
	for _, id := range []string{"dgfip_rfr", "dgfip_nbpart", "cnaf_quotient_familial", "allocation_adulte_handicape", "family_name"} {
		d, _ := c.Datum(id)
		data = append(data, d)
	}
	for _, tc := range []struct {
		scopes   string
		want     string
		selector string
	}{
		{"openid", "cnaf_quotient_familial", ""},
		{"dgfip_rfr dgfip_annee_n_moins_1", "dgfip_rfr cnaf_quotient_familial", YearNMinus1},
		{"dgfip_rfr dgfip_nbpart dgfip_annee_n_moins_1", "dgfip_rfr dgfip_nbpart cnaf_quotient_familial", YearNMinus1},
		{"dgfip_rfr", "cnaf_quotient_familial", ""},
		{"dgfip_rfr dgfip_annee_n_moins_3", "cnaf_quotient_familial", ""}, // a year outside the approval
		{"dgfip_rfr dgfip_annee_n_moins_1 " + YearNMinus2Fallback, "cnaf_quotient_familial", ""},
	} {
		r, ok := a.FetchAgain(data, strings.Fields(tc.scopes))
		if got := strings.Join(IDs(r.Data()), " "); !ok || got != tc.want || strings.Join(r.Selectors, " ") != tc.selector {
			t.Errorf("%s: %s, year %v", tc.scopes, got, r.Selectors)
		}
	}
	if r, ok := a.FetchAgain(data[:2], []string{"openid"}); ok {
		t.Errorf("fetched without the token they need: %v", IDs(r.Data()))
	}
}
