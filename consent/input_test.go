package consent

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestInputsAreTakenAsPeopleWriteThem(t *testing.T) {
	for _, one := range []struct{ name, typed, want string }{
		{InputJobseekerID, " camille.t33 ", "camille.t33"},
		{InputJobseekerID, "1234567A", "1234567A"},
		{InputINE, "0123456789 a", "0123456789A"},
		{InputPlate, "aa-123-bb", "AA-123-BB"},
		{InputPlate, "AA 123 BB", "AA-123-BB"},
		{InputPlate, "aa123bb", "AA-123-BB"},
		{InputPlate, "1234 ab 75", "1234-AB-75"},
		{InputPlate, "12-ABC-2a", "12-ABC-2A"},
		{InputPlate, "9 A 974", "9-A-974"},
		{InputAthleteID, "12 345", "12345"},
		{InputSchool, "0999999a", "0999999A"},
		{InputSchoolYear, "2026", "2026"},
	} {
		if got, ok := NormalInput(one.name, one.typed); !ok || got != one.want {
			t.Errorf("%s %q: %q, %v", one.name, one.typed, got, ok)
		}
	}
}

func TestWhatHasNotAnInputsShapeIsRefused(t *testing.T) {
	for name, wrong := range map[string][]string{
		InputJobseekerID: {"", "  ", "é", "a\x00b", strings.Repeat("x", 65)},
		InputINE:         {"", "123456789", "0123456789AB", "0123456789-"},
		InputPlate:       {"", "AA-12-BB", "AI-123-BB", "AA-123-BBC", "0 AB 75", "123 AB 99", "<script>"},
		InputAthleteID:   {"", "12a", strings.Repeat("1", 21), "-1"},
		InputSchool:      {"", "0999999", "099999AA", "0999999A1"},
		InputSchoolYear:  {"", "26", "1999", "20266"},
		InputChild:       {"1"},
		"autre":          {"x"},
	} {
		for _, typed := range wrong {
			if got, ok := NormalInput(name, typed); ok {
				t.Errorf("%s takes %q as %q", name, typed, got)
			}
		}
	}
}

func TestANormalInputIsItsOwnNormalForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(typedInputs()).Draw(t, "name")
		typed := rapid.OneOf(rapid.String(), rapid.StringMatching(`[0-9]{1,4}[ -]?[a-zA-Z]{1,3}[ -]?[0-9]{2}[A-Z]{0,2}`)).Draw(t, "typed")
		value, ok := NormalInput(name, typed)
		if !ok {
			return
		}
		if again, still := NormalInput(name, value); !still || again != value {
			t.Fatalf("%s: %q becomes %q, which becomes %q", name, typed, value, again)
		}
	})
}

func TestTheCurrentSchoolYearComesFirst(t *testing.T) {
	for at, want := range map[string]string{
		"2026-07-31T23:30:00Z": "2026", "2026-07-31T22:30:00Z": "2025", "2026-11-26T10:00:00Z": "2026", "2027-01-01T00:00:00Z": "2026",
	} {
		when, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if years := SchoolYears(when); years[0] != want || len(years) != 3 {
			t.Errorf("at %s: %v", at, years)
		}
	}
}

// Every input of the catalogue is either typed on the page, chosen, or a
// parameter of the request: none is forgotten.
func TestEveryInputOfTheCatalogueIsAskedSomewhere(t *testing.T) {
	for _, d := range DefaultCatalogue().Data() {
		for _, name := range d.Inputs {
			if !slices.Contains(typedInputs(), name) && name != InputChild && name != InputCampaignYear {
				t.Errorf("%s needs %s, which no page asks for", d.ID, name)
			}
		}
	}
}

func TestOnlyTickedSensitiveDataAreLookedUp(t *testing.T) {
	c := DefaultCatalogue()
	pick := func(ids ...string) (data []Datum) {
		for _, id := range ids {
			d, ok := c.Datum(id)
			if !ok {
				t.Fatalf("no datum %s", id)
			}
			data = append(data, d)
		}
		return data
	}
	r := Request{Required: pick("cnaf_quotient_familial", "revenu_solidarite_active"), Optional: pick("allocation_adulte_handicape", "dgfip_rfr")}
	rapid.Check(t, func(t *rapid.T) {
		ticked := rapid.SliceOf(rapid.SampledFrom([]string{"revenu_solidarite_active", "allocation_adulte_handicape", "cnaf_quotient_familial", "cnaf_enfants", ""})).Draw(t, "ticked")
		seen := r.LookedUp(ticked)
		for _, d := range r.Data() {
			want := d.Preview != PreviewTicked || slices.Contains(ticked, d.ID)
			if got := slices.Contains(IDs(seen.Data()), d.ID); got != want {
				t.Fatalf("%s looked up: %v, ticked %q", d.ID, got, ticked)
			}
		}
		if len(r.Unticked(ticked)) == 0 != slices.Contains(ticked, "revenu_solidarite_active") {
			t.Fatalf("unticked %v, ticked %q", IDs(r.Unticked(ticked)), ticked)
		}
		if both := append(IDs(seen.Data()), r.NotLookedUp(ticked)...); len(both) != len(r.Data()) {
			t.Fatalf("looked up and not: %q", both)
		}
	})
	if len(r.Required) != 2 || len(r.Optional) != 2 {
		t.Error("the request itself was changed")
	}
}

func TestTheListToChooseFromIsLookedUpOnlyWhenAChildIsToBeChosen(t *testing.T) {
	c := DefaultCatalogue()
	school, _ := c.Datum("men_statut_scolarite")
	children, _ := c.Datum(ChildrenID)
	for name, one := range map[string]struct {
		r      Request
		chosen bool
		want   []string
	}{
		"to be chosen": {Request{Required: []Datum{school}}, false, []string{school.ID, ChildrenID}},
		"chosen":       {Request{Required: []Datum{school}}, true, []string{school.ID}},
		"asked too":    {Request{Required: []Datum{school}, Optional: []Datum{children}}, false, []string{school.ID, ChildrenID}},
		"no school":    {Request{Optional: []Datum{children}}, false, []string{ChildrenID}},
	} {
		if got := IDs(one.r.Wanted(c, one.chosen)); !slices.Equal(got, one.want) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestAPeriodStaysWhatItWasOnTheDayItWasAsked(t *testing.T) {
	c := DefaultCatalogue()
	quotient, _ := c.Datum("cnaf_quotient_familial")
	r := Request{Required: []Datum{quotient}}
	eve := time.Date(2026, 12, 31, 12, 0, 0, 0, time.UTC)
	asked, err := r.During(Period{Month: 3}, eve)
	if err != nil || asked.Period != (Period{Year: 2026, Month: 3}) {
		t.Fatalf("%+v, %v", asked.Period, err)
	}
	if later := asked.Period.At(eve.AddDate(0, 0, 2)); later != asked.Period {
		t.Errorf("two days later it is %+v", later)
	}
	if alone, err := r.During(Period{Year: 2025}, eve); err != nil || alone.Period.Of(quotient) != "2025-12" {
		t.Errorf("%+v, %v", alone.Period, err)
	}
	for _, p := range []Period{{Year: 2027, Month: 1}, {Year: 2023, Month: 12}, {Year: 2026, Month: 13}, {Campaign: 2024}} {
		if _, err := r.During(p, eve); err == nil {
			t.Errorf("%+v is taken", p)
		}
	}
	if none, err := r.During(Period{}, eve); err != nil || !none.Period.IsZero() || none.Period.Of(quotient) != "" {
		t.Errorf("%+v, %v", none.Period, err)
	}
}
