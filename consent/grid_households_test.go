package consent

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// A family is one random household, as two sources know it.
type family struct {
	quotient, rfr, quarters int // shares in quarters
	operator, city          string
	births                  []string
	period                  string
	documents               map[string]json.RawMessage
}

// drawn makes a household of a seed.
func drawn(seed uint64) family {
	r := rand.New(rand.NewPCG(seed, 12))
	f := family{
		quotient: r.IntN(2600), rfr: r.IntN(90_000), quarters: 4 + r.IntN(16),
		operator: []string{"CNAF", "MSA"}[r.IntN(2)], period: fmt.Sprintf("2026-%02d", 1+r.IntN(12)),
		city: []string{"00000 SAINT-AUBIN-DES-PRES", "72998 VALBRUME", "53997 ORVALLON", "00000 ST AUBIN DES PRES"}[r.IntN(4)],
	}
	children := []map[string]any{}
	for range r.IntN(4) {
		born := fmt.Sprintf("%04d-%02d-%02d", 2008+r.IntN(18), 1+r.IntN(12), 1+r.IntN(28))
		f.births = append(f.births, born)
		children = append(children, map[string]any{"nom_naissance": fmt.Sprint("NOM", r.Int()), "prenoms": "X", "date_naissance": born, "sexe": "F"})
	}
	f.documents = map[string]json.RawMessage{
		ResourceQuotientFamilial: encoded(map[string]any{
			"quotient_familial": map[string]any{"fournisseur": f.operator, "valeur": f.quotient, "annee": 2026, "mois": 1 + r.IntN(12), "annee_calcul": 2026, "mois_calcul": 1 + r.IntN(12)},
			"allocataires":      []map[string]any{{"nom_naissance": fmt.Sprint("NOM", r.Int()), "prenoms": "Y", "date_naissance": "1985-04-03", "sexe": "M"}},
			"enfants":           children,
			"adresse":           map[string]any{"numero_libelle_voie": fmt.Sprint(r.IntN(999), " RUE X"), "code_postal_ville": f.city, "pays": "FRANCE"},
		}),
		ResourceSituationIR: encoded(map[string]any{
			"annee_revenus": 2024 + r.IntN(2), "revenu_fiscal_reference": f.rfr, "nombre_parts": json.Number(fmt.Sprintf("%d.%02d", f.quarters/4, f.quarters%4*25)),
		}),
	}
	return f
}

func encoded(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return raw
}

// byRule is the answer of each grid by another reckoning than the code's.
func (f family) byRule() map[string]string {
	rule := map[string]string{"tarif-cantine": "C", "revenu-par-part": "C", "habite-la-commune": CodeNo, "en-age": CodeNo}
	if f.quotient < 1300 {
		rule["tarif-cantine"] = "B"
	}
	if f.quotient < 700 {
		rule["tarif-cantine"] = "A"
	}
	if f.rfr*4 < 16000*f.quarters {
		rule["revenu-par-part"] = "B"
	}
	if f.rfr*4 < 8000*f.quarters {
		rule["revenu-par-part"] = "A"
	}
	if strings.HasPrefix(f.city, "00000") {
		rule["habite-la-commune"] = CodeYes
	}
	for _, b := range f.births {
		// born after 23 November 2014 and up to 23 November 2023: 3 to 11 on 23 November 2026
		if "2014-11-23" < b && b <= "2023-11-23" {
			rule["en-age"] = CodeYes
		}
	}
	return rule
}

// everyGrid is an approval of Saint-Aubin with each kind of grid.
func everyGrid(t testing.TB) *Approval {
	a := ratioApproval(t)
	a.Data.Optional = append(a.Data.Optional, ApprovedDatum{ID: "cnaf_enfants", Why: label("x"), Grid: "en-age"})
	a.Grids = append(a.Grids, Grid{ID: "en-age", Datum: "cnaf_enfants", Path: "enfants[].date_naissance", Ages: &Ages{3, 11}, IfYes: label("x"), IfNo: label("y")})
	if found := a.Validate(DefaultCatalogue()); found != nil {
		t.Fatal(found)
	}
	if found := CheckGrids([]*Approval{a}, DefaultCatalogue()); found != nil {
		t.Fatal(found)
	}
	return a
}

// delivered is everything a household's agreement to data makes leave: the
// masked documents and what may be told about them.
func deliveredOf(t testing.TB, f family, data []Datum) string {
	t.Helper()
	var out strings.Builder
	for _, resource := range Resources(data) {
		var of []Datum
		for _, d := range data {
			if d.Resource == resource {
				of = append(of, d)
			}
		}
		with, err := AddAnswers(f.documents[resource], of, lookedUp)
		if err != nil {
			t.Fatal(err)
		}
		masked, err := Mask(with, Paths(data, resource))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s %v %s", resource, Fields(of), masked)
		if KeepsPeriod(of) {
			out.WriteString(f.period)
		}
	}
	return out.String()
}

// Issue 5, item 11: 10,000 random households, every request the approval
// allows. What leaves is a function of the answers alone, and these are the
// rule's: two households of one band cannot be told apart by any sequence of
// requests, since no request tells more than its answers.
func TestTenThousandHouseholdsOfOneBandCannotBeToldApart(t *testing.T) {
	a, c := everyGrid(t), DefaultCatalogue()
	requests := subsets(t, a, c)
	leaves := map[string]string{}
	for seed := range uint64(10_000) {
		f := drawn(seed)
		rule := f.byRule()
		for n, data := range requests {
			// The widest request for each household, every request for one in 25.
			if seed%25 != 0 && n != len(requests)-1 {
				continue
			}
			key := fmt.Sprint(n)
			for _, d := range data {
				key += " " + rule[d.Answered.Grid.ID]
			}
			got := deliveredOf(t, f, data)
			first, seen := leaves[key]
			switch {
			case !seen:
				leaves[key] = got
				for _, d := range data {
					if want := `"` + d.Answered.Grid.ID + `":{"code":"` + rule[d.Answered.Grid.ID] + `"`; !strings.Contains(got, want) {
						t.Fatalf("household %d: %s, want %s", seed, got, want)
					}
				}
			case first != got:
				t.Fatalf("household %d of %s is told apart:\n%s\n%s", seed, key, first, got)
			}
		}
	}
	if len(requests) != 15 || len(leaves) < 100 {
		t.Fatalf("%d requests, %d different answers: the test proves nothing", len(requests), len(leaves))
	}
}

// subsets are all the requests an approval allows, as data.
func subsets(t testing.TB, a *Approval, c *Catalogue) [][]Datum {
	t.Helper()
	var all [][]Datum
	approved := a.Approved(c)
	for bits := 1; bits < 1<<len(approved); bits++ {
		var scopes []string
		for i, d := range approved {
			if bits>>i&1 == 1 {
				scopes = append(scopes, d.Scope)
				if needsYear(d) {
					scopes = append(scopes, YearNMinus1)
				}
			}
		}
		r, err := NewRequest(a, c, scopes)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r.Data())
	}
	return all
}
