package consent

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestEveryMistakeInAGridIsReportedWithItsPath(t *testing.T) {
	low, high := int64(10), int64(20)
	for _, tc := range []struct {
		path  string
		spoil func(*Approval)
	}{
		{"$.data.required[0].grid", func(a *Approval) { a.Data.Required[0].Grid = "autre" }},
		{"$.data.required[0].grid", func(a *Approval) { a.Data.Required[0].Grid = "habite-la-commune" }},
		{"$.grids[1].id", func(a *Approval) { a.Grids[1].ID, a.Data.Optional[0].Grid = "Habite", "Habite" }},
		{"$.grids[1].path", func(a *Approval) { a.Grids[1].Path = "adresse" }},
		{"$.grids[0].bands[1].code", func(a *Approval) { a.Grids[0].Bands[1].Code = "A" }},
		{"$.grids[0].bands[1].code", func(a *Approval) { a.Grids[0].Bands[1].Code = "3,50 €" }},
		{"$.grids[0].bands[2].code", func(a *Approval) { a.Grids[0].Bands[1].Code = "C" }},
		{"$.grids[0].bands[0].label.en", func(a *Approval) { a.Grids[0].Bands[0].Label.EN = "" }},
		{"$.grids[0].bands", func(a *Approval) {
			a.Grids[0].Bands = nil
			for n := range int64(51) {
				a.Grids[0].Bands = append(a.Grids[0].Bands, Band{Below: &n, Label: label("x")})
			}
			a.Grids[0].Bands[50].Below = nil
		}},
		{"$.grids[0]", func(a *Approval) { a.Grids[0].Ages = &Ages{3, 11} }},
		{"$.grids[0]", func(a *Approval) { a.Grids[0].Bands = nil }},
		{"$.grids[0]", func(a *Approval) { a.Grids[0].IfNo = label("non") }},
		{"$.grids[1].if_yes.fr", func(a *Approval) { a.Grids[1].IfYes.FR = "" }},
		{"$.grids[1].per", func(a *Approval) { a.Grids[1].Per = "quotient_familial.valeur" }},
		{"$.grids[1].any_of[0]", func(a *Approval) { a.Grids[1].AnyOf[0] = "Saint-Aubin-des-Prés" }},
		{"$.grids[1].any_of[1]", func(a *Approval) { a.Grids[1].AnyOf = append(a.Grids[1].AnyOf, "00000 St Aubin des Pres") }},
		{"$.grids[0].per", func(a *Approval) { a.Grids[0].Per = "quotient_familial.parts" }},
		{"$.grids[0].per", func(a *Approval) { a.Grids[0].Per = "quotient_familial.valeur" }},
		{"$.grids[0].per", func(a *Approval) { a.Grids[0].Per = "enfants[].sexe" }},
		{"$.grids[2]", func(a *Approval) {
			a.Grids = append(a.Grids, Grid{ID: "seule", Datum: "cnaf_quotient_familial", Path: "quotient_familial.annee", Per: "quotient_familial.mois", Bands: []Band{{Below: &low, Label: label("x")}, {Label: label("y")}}})
		}},
		{"$.grids[2].ages", func(a *Approval) { withAges(a, 11, 3) }},
		{"$.grids[2].ages", func(a *Approval) { withAges(a, 3, 121) }},
		{"$.grids[2].path", func(a *Approval) { withAges(a, 3, 11); a.Grids[2].Path = "enfants[].sexe" }},
		{"$.grids[2].path", func(a *Approval) {
			withAges(a, 3, 11)
			a.Grids[2].Ages, a.Grids[2].IfYes, a.Grids[2].IfNo = nil, Text{}, Text{}
			a.Grids[2].Bands = []Band{{Below: &high, Label: label("x")}, {Label: label("y")}}
		}},
		{"$.legal.full_address", func(a *Approval) { a.Legal.FullAddress = "CASF" }},
		{"$.legal.full_address", func(a *Approval) { a.Data.Optional[0].Grid, a.Grids = "", a.Grids[:1] }},
		{"$.legal.full_address", func(a *Approval) {
			a.Data.Optional[0].Grid, a.Grids, a.Legal.FullAddress = "", a.Grids[:1], "x\ny"
		}},
	} {
		a := example(t, "saint-aubin-cantine")
		tc.spoil(a)
		found := a.Validate(DefaultCatalogue())
		if len(found) != 1 || found[0].Path != tc.path || found[0].Message == "" {
			t.Errorf("%s: found %v", tc.path, found)
		}
	}
}

func withAges(a *Approval, from, to int) {
	a.Data.Optional = append(a.Data.Optional, ApprovedDatum{ID: "cnaf_enfants", Why: label("x"), Grid: "en-age"})
	a.Grids = append(a.Grids, Grid{ID: "en-age", Datum: "cnaf_enfants", Path: "enfants[].date_naissance", Ages: &Ages{from, to}, IfYes: label("x"), IfNo: label("y")})
}

// A whole address is sent only where a text needs it (issue 5, item 3).
func TestAWholeAddressNeedsATextAndAnAnswerDoesNot(t *testing.T) {
	a := example(t, "saint-aubin-cantine")
	a.Data.Optional[0].Grid, a.Grids, a.Legal.FullAddress = "", a.Grids[:1], "CASF:L123-4 (texte d'exemple)"
	if found := a.Validate(DefaultCatalogue()); found != nil {
		t.Errorf("found %v", found)
	}
	r, err := NewRequest(a, DefaultCatalogue(), []string{"cnaf_quotient_familial", "cnaf_adresse"})
	if err != nil {
		t.Fatal(err)
	}
	if texts := BuildReceipt(input(t, r)).Legal.TextRefs; !slices.Contains(texts, a.Legal.FullAddress) {
		t.Errorf("the receipt's texts are %v", texts)
	}
}

// pair gives Saint-Aubin's approval, and another one of the same body for the
// same months.
func pair(t testing.TB) (first, second *Approval) {
	first, second = example(t, "saint-aubin-cantine"), example(t, "saint-aubin-cantine")
	second.ID = "saint-aubin-garderie"
	return first, second
}

func TestGridsOfOneRecipientThatNarrowABandAreRefusedWithTheTwoBands(t *testing.T) {
	low := int64(900)
	for name, tc := range map[string]struct {
		path, want string
		other      func(a *Approval)
	}{
		"another bound": {
			"$.data.required[0]", "band C of grid tarif-cantine (900 and above) and band B of tarif-cantine in saint-aubin-cantine ($.data.required[0], cnaf_quotient_familial) (700 to below 1300) together tell 900 to below 1300",
			func(a *Approval) { a.Grids[0].Bands[1].Below = &low },
		},
		"one more bound": {
			"$.data.required[0]", "band B of grid tarif-cantine (700 to below 900) and band B",
			func(a *Approval) { a.Grids[0].Bands = bandsAt(700, 900, 1300) },
		},
		"a bound above the last": {
			"$.data.required[0]", "band C of grid tarif-cantine (1300 to below 9000) and band C of tarif-cantine in saint-aubin-cantine ($.data.required[0], cnaf_quotient_familial) (1300 and above) together tell 1300 to below 9000",
			func(a *Approval) { a.Grids[0].Bands = bandsAt(700, 1300, 9000) },
		},
		"a bound less": {
			"$.data.required[0]", "band A of grid tarif-cantine (below 1300) and band A",
			func(a *Approval) { a.Grids[0].Bands = bandsAt(1300) },
		},
		"the value itself": {
			"$.data.required[0]", "would send the value of quotient_familial.valeur, for which grid tarif-cantine answers in saint-aubin-cantine",
			func(a *Approval) { a.Data.Required[0].Grid = "" },
		},
		"a quotient of it": {
			"$.data.required[0]", "in two ways (quotient_familial.valeur per quotient_familial.mois, quotient_familial.valeur)",
			func(a *Approval) { a.Grids[0].Per = "quotient_familial.mois" },
		},
		"divided by it": {
			"$.data.required[0]", "read quotient_familial.valeur in two ways",
			func(a *Approval) {
				a.Grids[0].Path, a.Grids[0].Per = "quotient_familial.mois", "quotient_familial.valeur"
			},
		},
		"another commune": {
			"$.data.optional[0]", `oui to grid habite-la-commune and non to habite-la-commune (of saint-aubin-cantine ($.data.optional[0], cnaf_adresse) and this approval) together tell "72998 Valbrume"`,
			func(a *Approval) { a.Grids[1].AnyOf = append(a.Grids[1].AnyOf, "72998 Valbrume") },
		},
		"the address of another resource": {
			"$.data.optional[0]", "would send the value of adresse.code_postal_ville",
			func(a *Approval) {
				a.Data.Optional[0] = ApprovedDatum{ID: "cnav_participation_familiale_eaje_adresse", Why: label("x")}
			},
		},
	} {
		first, second := pair(t)
		tc.other(second)
		found := CheckGrids([]*Approval{first, second}, DefaultCatalogue())
		if len(found) != 1 || found[0].Approval != second.ID || found[0].Path != tc.path || !strings.Contains(found[0].Message, tc.want) {
			t.Errorf("%s: found %v", name, found)
		}
		if found := CheckGrids([]*Approval{second, first}, DefaultCatalogue()); len(found) != 1 || found[0].Approval != first.ID {
			t.Errorf("%s, the other way round: found %v", name, found)
		}
	}
}

func TestAgesOfOneRecipientThatNarrowOneAnotherAreRefused(t *testing.T) {
	for _, tc := range []struct {
		from, to int
		want     string
	}{
		{0, 2, "non to both tells that nobody is of either"},
		{3, 12, "oui to 3 to 12 and non to 3 to 11 together tell that somebody is 12 to 12"},
		{6, 9, "oui to 3 to 11 and non to 6 to 9 together tell that somebody is 3 to 5 or 10 to 11"},
		{10, 14, "oui to 10 to 14 and non to 3 to 11 together tell that somebody is 12 to 14"},
		{3, 11, ""},
	} {
		first, second := pair(t)
		withAges(first, 3, 11)
		withAges(second, tc.from, tc.to)
		found := CheckGrids([]*Approval{first, second}, DefaultCatalogue())
		if tc.want == "" && found == nil || len(found) == 1 && tc.want != "" && strings.Contains(found[0].Message, tc.want) {
			continue
		}
		t.Errorf("%d to %d: found %v", tc.from, tc.to, found)
	}
}

func TestGridsThatTellNothingTogetherAreAccepted(t *testing.T) {
	c := DefaultCatalogue()
	for name, tc := range map[string]func(a *Approval){
		"the same grid": func(*Approval) {},
		"other words, same bounds": func(a *Approval) {
			a.Grids[0].ID, a.Data.Required[0].Grid, a.Grids[0].Bands[0].Code = "garderie", "garderie", "petit"
		},
		"another recipient": func(a *Approval) { a.ServiceProvider.SIRET, a.Data.Required[0].Grid = "99900010200015", "" },
		"another time": func(a *Approval) {
			a.Dates, a.Grids[0].Bands = Dates{From: "2035-01-01", Until: "2035-12-31"}, bandsAt(800)
		},
		"a single band": func(a *Approval) { a.Grids[0].Bands = []Band{{Label: label("x")}} },
		"another datum": func(a *Approval) { a.Data.Required[0] = ApprovedDatum{ID: "cnaf_enfants", Why: label("x")} },
		"a tariff nobody names": func(a *Approval) {
			a.Data, a.Grids = ApprovedData{Optional: a.Data.Optional}, append([]Grid{{ID: "x", Datum: "cnaf_quotient_familial", Path: "quotient_familial.valeur", Bands: bandsAt(9)}}, a.Grids[1])
		},
	} {
		first, second := pair(t)
		tc(second)
		if found := CheckGrids([]*Approval{first, second}, c); found != nil {
			t.Errorf("%s: found %v", name, found)
		}
	}
	var all []*Approval
	for _, id := range exampleIDs(t) {
		all = append(all, example(t, id))
	}
	if found := CheckGrids(all, c); found != nil {
		t.Errorf("the examples: %v", found)
	}
}

// Within one approval too: a datum must not bring what another one hides.
func TestAnApprovalThatHidesAndSendsOneLeafIsRefused(t *testing.T) {
	a := example(t, "saint-aubin-cantine")
	withAges(a, 3, 11)
	a.Data.Optional = append(a.Data.Optional, ApprovedDatum{ID: "cnav_participation_familiale_eaje_enfants", Why: label("x")})
	found := CheckGrids([]*Approval{a}, DefaultCatalogue())
	if len(found) != 1 || found[0].Path != "$.data.optional[2]" {
		t.Errorf("found %v", found)
	}
}

// What CheckGrids accepts tells, all approvals together, no more than each
// answer alone; what it refuses tells more. Tried over every value there is.
func TestAcceptedGridsTogetherTellNoMoreThanOneAlone(t *testing.T) {
	c := DefaultCatalogue()
	base := example(t, "saint-aubin-cantine")
	rapid.Check(t, func(t *rapid.T) {
		var all []*Approval
		for n := range rapid.IntRange(1, 4).Draw(t, "approvals") {
			a := *base
			a.ID, a.Data, a.Grids = fmt.Sprint("a", n), ApprovedData{Required: []ApprovedDatum{{ID: "cnaf_quotient_familial"}}}, nil
			if rapid.IntRange(0, 5).Draw(t, "value") > 0 {
				a.Data.Required[0].Grid = "g"
				bounds := rapid.SliceOfNDistinct(rapid.SampledFrom([]int64{5, 9}), 0, 2, rapid.ID[int64]).Draw(t, "bounds")
				slices.Sort(bounds)
				a.Grids = []Grid{{ID: "g", Datum: "cnaf_quotient_familial", Path: "quotient_familial.valeur", Bands: bandsAt(bounds...)}}
			}
			all = append(all, &a)
		}
		if narrows, found := narrowed(t, all, c), CheckGrids(all, c); narrows != (len(found) > 0) {
			t.Fatalf("together they tell more: %v; found %v", narrows, found)
		}
	})
}

// narrowed tries whether two values of one band of one grid, of more than one
// band, are told apart by what all the approvals deliver.
func narrowed(t *rapid.T, all []*Approval, c *Catalogue) bool {
	seen := map[string][]string{} // what one approval tells: what all tell
	for value := range 15 {
		var told []string
		for _, a := range all {
			d := a.Approved(c)[0]
			doc, err := AddAnswers(json.RawMessage(fmt.Sprintf(`{"quotient_familial":{"valeur":%d}}`, value)), []Datum{d}, lookedUp)
			if err != nil {
				t.Fatal(err)
			}
			masked, err := Mask(doc, d.Paths)
			if err != nil {
				t.Fatal(err)
			}
			told = append(told, string(masked))
		}
		for n, a := range all {
			if len(a.Grids) > 0 && len(a.Grids[0].Bands) > 1 {
				one := fmt.Sprint(n, told[n])
				seen[one] = appendOnce(seen[one], strings.Join(told, " "))
			}
		}
	}
	for _, together := range seen {
		if len(together) > 1 {
			return true
		}
	}
	return false
}
