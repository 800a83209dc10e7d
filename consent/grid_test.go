package consent

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

var lookedUp = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

func label(s string) Text { return Text{FR: s, EN: s} }

func bandsAt(bounds ...int64) []Band {
	var all []Band
	for _, b := range bounds {
		all = append(all, Band{Below: &b, Label: label("below " + fmt.Sprint(b))})
	}
	return append(all, Band{Label: label("the rest")})
}

// answerOf is the code, or "" without an answer.
func answerOf(g Grid, doc string) string {
	a, ok := g.Answer(json.RawMessage(doc), lookedUp)
	if ok == (a.Code == "") {
		return "an answer without a code"
	}
	return a.Code
}

func TestABandIsReadExactlyAtItsBounds(t *testing.T) {
	g := Grid{Path: "qf.valeur", Bands: bandsAt(700, 1300)}
	for value, want := range map[string]string{
		"0": "A", "-12": "A", "699": "A", "699.99": "A", "700": "B", "700.00": "B", "1299.999999999999999999": "B", "1300": "C", "99999999": "C",
		"null": "", `"700"`: "", "true": "", "7e2": "", "{}": "", "[700]": "", "1" + strings.Repeat("0", 60): "",
	} {
		if got := answerOf(g, `{"qf":{"valeur":`+value+`}}`); got != want {
			t.Errorf("%s: %q, want %q", value, got, want)
		}
	}
	for _, doc := range []string{`{}`, `{"qf":null}`, `{"qf":[]}`, `{"qf":{"valeur":1,"valeur":2}}`} {
		if got := answerOf(g, doc); got != "" {
			t.Errorf("%s: %q", doc, got)
		}
	}
}

func TestARatioIsExactAndAMissingDivisorHasNoAnswer(t *testing.T) {
	g := Grid{Path: "rfr", Per: "parts", Bands: bandsAt(10000)}
	for doc, want := range map[string]string{
		`{"rfr":30000,"parts":3}`:                         "B",
		`{"rfr":29999,"parts":3}`:                         "A",
		`{"rfr":12500,"parts":1.25}`:                      "B",
		`{"rfr":12499,"parts":1.25}`:                      "A",
		`{"rfr":0.3,"parts":0.1}`:                         "A",
		`{"rfr":1000.0000000000000000000001,"parts":0.1}`: "B", // a float would say the same of 999.99…
		`{"rfr":999.9999999999999999999999,"parts":0.1}`:  "A",
		`{"rfr":30000,"parts":0}`:                         "",
		`{"rfr":30000,"parts":-1}`:                        "",
		`{"rfr":30000,"parts":null}`:                      "",
		`{"rfr":30000}`:                                   "",
		`{"parts":3}`:                                     "",
	} {
		if got := answerOf(g, doc); got != want {
			t.Errorf("%s: %q, want %q", doc, got, want)
		}
	}
}

func TestAnAgeIsCountedOnTheDayAndAnUnknownDayIsNoGuess(t *testing.T) {
	g := Grid{Path: "enfants[].date_naissance", Ages: &Ages{From: 3, To: 11}}
	births := func(dates ...string) string {
		doc, _ := json.Marshal(map[string]any{"enfants": slices.Collect(func(yield func(map[string]any) bool) {
			for _, d := range dates {
				if !yield(map[string]any{"date_naissance": d}) {
					return
				}
			}
		})})
		return strings.Replace(string(doc), "null", "[]", 1)
	}
	for doc, want := range map[string]string{
		births("2023-11-23"):               "oui", // three today
		births("2023-11-24"):               "non",
		births("2014-11-24"):               "oui", // eleven, twelve tomorrow
		births("2014-11-23"):               "non",
		births():                           "non",
		births("2001-01-01", "2018-05-02"): "oui",
		births("2018-00-00"):               "oui", // seven or eight
		births("2018"):                     "oui",
		births("2023-11-00"):               "", // two or three
		births("2014-00-00"):               "",
		births("2014-10-00"):               "non",
		births("2023-00-00", "2019-01-01"): "oui", // the other one decides
		births("2027-03-00"):               "non", // expected
		births("hier"):                     "",
		births("2023-02-30"):               "",
		births("0000-00-00"):               "",
		births("2018-5-2"):                 "",
		`{}`:                               "",
		`{"enfants":null}`:                 "",
		`{"enfants":[{}]}`:                 "",
		`{"enfants":[{},{"date_naissance":"2019-01-01"}]}`:                      "oui",
		`{"enfants":[{"date_naissance":null},{"date_naissance":"1999-01-01"}]}`: "",
	} {
		if got := answerOf(g, doc); got != want {
			t.Errorf("%s: %q, want %q", doc, got, want)
		}
	}
	leap := Grid{Path: "birthdate", Ages: &Ages{From: 18, To: 120}}
	for day, want := range map[string]bool{"2026-02-28": false, "2026-03-01": true} {
		at, _ := time.Parse(time.DateOnly, day)
		if a, ok := leap.Answer(json.RawMessage(`{"birthdate":"2008-02-29"}`), at); !ok || (a.Code == CodeYes) != want {
			t.Errorf("born on 29 February, on %s: %v", day, a)
		}
	}
}

func TestTheDayOfTheLookUpIsThatOfMetropolitanFrance(t *testing.T) {
	for at, want := range map[string]string{
		"2026-01-31T22:59:59Z": "2026-01-31", "2026-01-31T23:00:00Z": "2026-02-01",
		"2026-07-14T21:59:59Z": "2026-07-14", "2026-07-14T22:00:00Z": "2026-07-15",
		"2026-03-28T22:59:59Z": "2026-03-28", "2026-03-29T22:00:00Z": "2026-03-30",
		"2026-10-24T22:00:00Z": "2026-10-25", "2026-10-25T22:30:00Z": "2026-10-25",
	} {
		moment, _ := time.Parse(time.RFC3339, at)
		if got := FrenchDay(moment).Format(time.DateOnly); got != want {
			t.Errorf("%s is %s, want %s", at, got, want)
		}
	}
}

func TestACommuneIsKnownHoweverItIsWritten(t *testing.T) {
	g := Grid{Path: "ligne", AnyOf: []string{"00000 Saint-Aubin-des-Prés"}}
	for line, want := range map[string]string{
		"00000 SAINT AUBIN DES PRES":                 "oui",
		"00000 St-Aubin-des-Prés":                    "oui",
		"00000  saint-aubin,  des prés ":             "oui",
		"3 RUE DU LAVOIR 00000 SAINT-AUBIN-DES-PRES": "oui",
		"00000 SAINT-AUBIN-DES-PRES-LES-BAINS":       "non",
		"00001 SAINT-AUBIN-DES-PRES":                 "non",
		"100000 SAINT-AUBIN-DES-PRES":                "", // no postal code of five digits
		"72998 VALBRUME":                             "non",
		"SAINT-AUBIN-DES-PRES":                       "",
		"12 HIGH STREET LONDON":                      "",
		"":                                           "",
	} {
		doc, _ := json.Marshal(map[string]string{"ligne": line})
		if got := answerOf(g, string(doc)); got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
	for _, doc := range []string{`{}`, `{"ligne":null}`, `{"ligne":12}`} {
		if got := answerOf(g, doc); got != "" {
			t.Errorf("%s: %q", doc, got)
		}
	}
	plain := Grid{Path: "s", AnyOf: []string{"Marié", "Pacsé"}}
	for value, want := range map[string]string{"MARIE": "oui", "pacse": "oui", "REMARIE": "non", "célibataire": "non"} {
		if got := answerOf(plain, `{"s":"`+value+`"}`); got != want {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
	}
}

func TestBandsAreLetteredUnlessTheyHaveACode(t *testing.T) {
	var bounds []int64
	for n := range int64(29) {
		bounds = append(bounds, n)
	}
	g := Grid{Bands: bandsAt(bounds...)}
	g.Bands[1].Code = "plein"
	a := g.Answers()
	if a[0].Code != "A" || a[1].Code != "plein" || a[25].Code != "Z" || a[26].Code != "AA" || a[29].Code != "AD" {
		t.Errorf("codes %v", a)
	}
}

// answeredDatum is a datum as Saint-Aubin's approval has it.
func answeredDatum(t testing.TB, id string) Datum {
	t.Helper()
	for _, d := range example(t, "saint-aubin-cantine").Approved(DefaultCatalogue()) {
		if d.ID == id {
			return d
		}
	}
	t.Fatalf("no %s", id)
	return Datum{}
}

func TestOnlyTheAnswerIsLeftByTheMask(t *testing.T) {
	qf := answeredDatum(t, "cnaf_quotient_familial")
	for _, doc := range []string{
		`{"quotient_familial":{"fournisseur":"MSA","valeur":954,"annee":2026,"mois":10},"enfants":[]}`,
		// A source that sends the member itself does not answer in the grid's place.
		`{"reponses":{"tarif-cantine":{"code":"A","libelle":"0 €","valeur":954}},"quotient_familial":{"valeur":954}}`,
	} {
		with, err := AddAnswers(json.RawMessage(doc), []Datum{qf}, lookedUp)
		if err != nil {
			t.Fatal(err)
		}
		masked, err := Mask(with, qf.Paths)
		if want := `{"reponses":{"tarif-cantine":{"code":"B","libelle":"3,50 € le repas"}}}`; err != nil || string(masked) != want {
			t.Errorf("%s, %v", masked, err)
		}
		if a, ok := qf.AnswerIn(with); !ok || a.Code != "B" || a.Label.EN != "€3.50 a meal" {
			t.Errorf("the page reads %v", a)
		}
	}
	with, err := AddAnswers(json.RawMessage(`{"reponses":{"tarif-cantine":{"code":"A"}},"quotient_familial":{"valeur":null}}`), []Datum{qf}, lookedUp)
	if _, ok := qf.AnswerIn(with); ok || err != nil || strings.Contains(string(with), "reponses") {
		t.Errorf("without a value there is an answer: %s, %v", with, err)
	}
	for _, doc := range []string{``, `x`, `[]`, `{"a":1,"a":2}`, "{\"a\":\"\xff\"}"} {
		if _, err := AddAnswers(json.RawMessage(doc), []Datum{qf}, lookedUp); doc == `[]` && !errors.Is(err, ErrShape) || err == nil {
			t.Errorf("%q: %v", doc, err)
		}
	}
}

func TestARequestUnderAGridIsForTheAnswerOnly(t *testing.T) {
	r := request(t, "saint-aubin-cantine", "cnaf_quotient_familial", "cnaf_adresse")
	want := []string{
		"dss/quotient_familial#reponses.habite-la-commune.code", "dss/quotient_familial#reponses.habite-la-commune.libelle",
		"dss/quotient_familial#reponses.tarif-cantine.code", "dss/quotient_familial#reponses.tarif-cantine.libelle",
	}
	if got := Fields(r.Data()); !slices.Equal(got, want) {
		t.Errorf("fields %v", got)
	}
	written := BuildReceipt(input(t, r))
	for _, d := range written.Purposes[0].Data {
		if !IsAnswer(d.Attributes) {
			t.Errorf("the receipt names %v", d.Attributes)
		}
	}
	plain := request(t, "valbrume-cantine", "cnaf_quotient_familial")
	if plain.Required[0].Answered != nil || IsAnswer(plain.Required[0].Paths) || IsAnswer(nil) {
		t.Error("a tariff table that no datum names changed what is asked")
	}
	if d, _ := DefaultCatalogue().Datum("cnaf_quotient_familial"); d.Answered != nil || !slices.Contains(d.Paths, "quotient_familial.valeur") {
		t.Error("an approval changed the catalogue")
	}
}

func TestTheNoticeTellsTheAnswersAndWhatIsNeverSent(t *testing.T) {
	notice := string(Notice(example(t, "saint-aubin-cantine"), DefaultCatalogue(), "fr"))
	for _, line := range []string{
		"- cnaf_quotient_familial (cnav; reponses.tarif-cantine.code, reponses.tarif-cantine.libelle)",
		"jamais la valeur de quotient_familial.fournisseur, quotient_familial.valeur", "  - B : 3,50 € le repas", "  - non : vous habitez une autre commune",
	} {
		if !strings.Contains(notice, line) {
			t.Errorf("the notice lacks %q:\n%s", line, notice)
		}
	}
}

// What a grid divides by is looked up too, and told.
func TestADivisorIsLookedUpWithItsDatum(t *testing.T) {
	a := ratioApproval(t)
	if found := a.Validate(DefaultCatalogue()); found != nil {
		t.Fatal(found)
	}
	r, err := NewRequest(a, DefaultCatalogue(), []string{"dgfip_rfr", YearNMinus1})
	if err != nil {
		t.Fatal(err)
	}
	if got := LookedUp(r.Data()); !slices.Equal(got, []string{"dgfip_rfr", "dgfip_nbpart"}) {
		t.Errorf("looked up %v", got)
	}
	if got := r.FranceConnectScopes(nil); !slices.Contains(got, "dgfip_nbpart") || !slices.Contains(got, "dgfip_rfr") {
		t.Errorf("FranceConnect is asked for %v", got)
	}
	if got := IDs(r.Data()); !slices.Equal(got, []string{"dgfip_rfr"}) {
		t.Errorf("agreed would be %v", got)
	}
}

// ratioApproval is the canteen with a band of the income per share.
func ratioApproval(t testing.TB) *Approval {
	a := example(t, "saint-aubin-cantine")
	a.Data.Optional = append(a.Data.Optional, ApprovedDatum{ID: "dgfip_rfr", Why: label("x"), Grid: "revenu-par-part"})
	a.Grids = append(a.Grids, Grid{ID: "revenu-par-part", Datum: "dgfip_rfr", Path: "revenu_fiscal_reference", Per: "nombre_parts", Bands: bandsAt(8000, 16000)})
	a.Legal.TaxSecrecy, a.Data.Years, a.DGFiPTeleservice = "LPF", []string{YearNMinus1, YearNMinus2Fallback}, "x"
	return a
}

func TestThePeriodOfAValueStaysWithIt(t *testing.T) {
	qf, c := answeredDatum(t, "cnaf_quotient_familial"), DefaultCatalogue()
	children, _ := c.Datum("cnaf_enfants")
	value, _ := c.Datum("cnaf_quotient_familial")
	for _, tc := range []struct {
		data []Datum
		want bool
	}{{[]Datum{qf}, false}, {[]Datum{qf, children}, false}, {[]Datum{children}, true}, {[]Datum{value}, true}, {[]Datum{value, answeredDatum(t, "cnaf_adresse")}, true}} {
		if got := KeepsPeriod(tc.data); got != tc.want {
			t.Errorf("%v: %v", IDs(tc.data), got)
		}
	}
}

// A grid that is not there protects nothing: what names it is never sent.
func TestADatumWhoseGridIsMissingHasNoAnswer(t *testing.T) {
	a := example(t, "saint-aubin-cantine")
	a.Grids = nil
	d := a.Approved(DefaultCatalogue())[0]
	with, err := AddAnswers(json.RawMessage(`{"quotient_familial":{"valeur":954}}`), []Datum{d}, lookedUp)
	if err != nil {
		t.Fatal(err)
	}
	if masked, err := Mask(with, d.Paths); err != nil || string(masked) != "{}" {
		t.Errorf("%s, %v", masked, err)
	}
}
