package consent

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
)

const examples = "../cmd/accord/examples/approvals"

// example reads one of the documented approvals, unknown keys forbidden.
func example(t testing.TB, id string) *Approval {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(examples, id+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	a := new(Approval)
	if err := yaml.UnmarshalWithOptions(file, a, yaml.Strict()); err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	a.Digest = digest(file)
	return a
}

func exampleIDs(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(examples, "*.yaml"))
	if err != nil || len(files) < 4 {
		t.Fatalf("examples: %v, %v", files, err)
	}
	var ids []string
	for _, f := range files {
		ids = append(ids, strings.TrimSuffix(filepath.Base(f), ".yaml"))
	}
	return ids
}

func TestDocumentedApprovalsAreAcceptedAsTheyStand(t *testing.T) {
	c := DefaultCatalogue()
	for _, id := range exampleIDs(t) {
		a := example(t, id)
		if found := a.Validate(c); found != nil {
			t.Errorf("%s: %v", id, found)
		}
		if a.ID != id {
			t.Errorf("%s has id %q", id, a.ID)
		}
		if !a.InForce(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("%s is not in force", id)
		}
	}
}

// The first example is the documentation: whoever adds a key describes it
// there.
func TestEveryKeyOfAnApprovalIsDescribedInTheExample(t *testing.T) {
	file, err := os.ReadFile(filepath.Join(examples, "valbrume-cantine.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(file), "\n")
	for _, key := range keysOf(reflect.TypeFor[Approval]()) {
		if !slices.ContainsFunc(lines, func(l string) bool {
			l = strings.TrimLeft(l, " -#")
			return strings.HasPrefix(l, key+":") || strings.HasPrefix(l, key+" belongs") ||
				strings.Contains(l, "{"+key+":") || strings.Contains(l, " "+key+": ")
		}) {
			t.Errorf("key %q is not in the example", key)
		}
	}
}

func keysOf(t reflect.Type) []string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	var all []string
	for i := range t.NumField() {
		key, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		if key != "-" {
			all = append(append(all, key), keysOf(t.Field(i).Type)...)
		}
	}
	return all
}

func TestEveryMistakeIsReportedWithItsPath(t *testing.T) {
	for _, tc := range []struct {
		path  string
		spoil func(*Approval)
	}{
		{"$.id", func(a *Approval) { a.ID = "Valbrume Cantine" }},
		{"$.version", func(a *Approval) { a.Version = "" }},
		{"$.service_provider.siret", func(a *Approval) { a.ServiceProvider.SIRET = "99900010200016" }},
		{"$.service_provider.name", func(a *Approval) { a.ServiceProvider.Name = "" }},
		{"$.service_provider.dpo", func(a *Approval) { a.ServiceProvider.DPO = "http://valbrume.example" }},
		{"$.editor.siret", func(a *Approval) { a.Editor.SIRET = "" }},
		{"$.purpose.id", func(a *Approval) { a.Purpose.ID = "" }},
		{"$.purpose.label.en", func(a *Approval) { a.Purpose.Label.EN = "" }},
		{"$.purpose.text.fr", func(a *Approval) { a.Purpose.Text.FR = "deux\nlignes" }},
		{"$.purpose.text.fr", func(a *Approval) { a.Purpose.Text.FR = "sens \u202einversé" }},
		{"$.purpose.type", func(a *Approval) { a.Purpose.Type = "PublicBenefit" }},
		{"$.simplification.en", func(a *Approval) { a.Simplification.EN = "" }},
		{"$.charter", func(a *Approval) { a.Charter = "sha-256:abc" }},
		{"$.legal.act", func(a *Approval) { a.Legal.Act = InformationOnly }},
		{"$.legal.act", func(a *Approval) { a.Legal.Act = "consent" }},
		{"$.legal.basis", func(a *Approval) { a.Legal.Basis = BasisConsent }},
		{"$.legal.texts", func(a *Approval) { a.Legal.Texts = nil }},
		{"$.legal.tax_secrecy", func(a *Approval) { a.Legal.TaxSecrecy = "" }},
		{"$.recipients", func(a *Approval) { a.Recipients = nil }},
		{"$.retention.period", func(a *Approval) { a.Retention.Period = "1 an" }},
		{"$.retention.period", func(a *Approval) { a.Retention.Period = "P0D" }},
		{"$.locations[0]", func(a *Approval) { a.Locations = []string{"France"} }},
		{"$.refusal.consequence.fr", func(a *Approval) { a.Refusal.Consequence.FR = strings.Repeat("é", 301) }},
		{"$.refusal.url", func(a *Approval) { a.Refusal.URL = "javascript:alert(1)" }},
		{"$.data", func(a *Approval) {
			a.Data, a.Grids, a.Legal.TaxSecrecy, a.DGFiPTeleservice = ApprovedData{}, nil, "", ""
		}},
		{"$.data.required[0].id", func(a *Approval) { a.Data.Required[0].ID, a.Grids = "cnaf_quotient", nil }},
		{"$.data.optional[0].id", func(a *Approval) { a.Data.Optional[0].ID = "cnaf_quotient_familial" }},
		{"$.data.optional[1].why.en", func(a *Approval) { a.Data.Optional[1].Why.EN = "" }},
		{"$.data.years", func(a *Approval) { a.Data.Years = nil }},
		{"$.data.years[1]", func(a *Approval) { a.Data.Years[1] = "dgfip_annee" }},
		{"$.data.years[1]", func(a *Approval) { a.Data.Years[1] = a.Data.Years[0] }},
		{"$.ceilings.mode", func(a *Approval) { a.Ceilings.Mode = "often" }},
		{"$.ceilings.fetches", func(a *Approval) { a.Ceilings.Fetches = 1 }},
		{"$.ceilings.fetches", func(a *Approval) { a.Ceilings.Fetches = 367 }},
		{"$.ceilings.duration", func(a *Approval) { a.Ceilings.Duration = "" }},
		{"$.ceilings.duration", func(a *Approval) { a.Ceilings.Duration = "P0D" }},
		{"$.ceilings.duration", func(a *Approval) { a.Ceilings.Duration = "P13M" }},
		{"$.ceilings.duration", func(a *Approval) { a.Ceilings.Duration = "P366D" }},
		{"$.ceilings.fetches", func(a *Approval) { a.Ceilings, a.FranceConnectClient = Ceilings{Mode: ModeOnce, Fetches: 4}, "" }},
		{"$.ceilings.duration", func(a *Approval) {
			a.Ceilings, a.FranceConnectClient = Ceilings{Mode: ModeOnce, Fetches: 1, Duration: "P12M"}, ""
		}},
		{"$.franceconnect_client", func(a *Approval) { a.Ceilings = Ceilings{Mode: ModeOnce, Fetches: 1} }},
		{"$.franceconnect_client", func(a *Approval) { a.FranceConnectClient = "two words here" }},
		{"$.grids[0].datum", func(a *Approval) { a.Grids[0].Datum = "cnaf_adresse" }},
		{"$.grids[0].path", func(a *Approval) { a.Grids[0].Path = "valeur" }},
		{"$.grids[0].bands[1].below", func(a *Approval) { a.Grids[0].Bands[1].Below = a.Grids[0].Bands[0].Below }},
		{"$.grids[0].bands[0].below", func(a *Approval) { a.Grids[0].Bands[0].Below = nil }},
		{"$.dgfip_teleservice", func(a *Approval) { a.DGFiPTeleservice = "" }},
		{"$.credentials", func(a *Approval) { a.Credentials = map[string]string{"francetravail": "x"} }},
		{"$.credentials.cnav", func(a *Approval) { a.Credentials = map[string]string{"cnav": ""} }},
		{"$.franceconnect", func(a *Approval) { a.FranceConnect = "Son Client" }},
		{"$.dates.from", func(a *Approval) { a.Dates.From = "01/01/2024" }},
		{"$.dates.until", func(a *Approval) { a.Dates.Until = "2023-12-31" }},
	} {
		a := example(t, "valbrume-cantine")
		tc.spoil(a)
		found := a.Validate(DefaultCatalogue())
		if len(found) != 1 || found[0].Path != tc.path || found[0].Message == "" {
			t.Errorf("%s: found %v", tc.path, found)
		}
	}
}

func TestEmptyApprovalReportsEveryObligatoryKeyAtOnce(t *testing.T) {
	found := new(Approval).Validate(DefaultCatalogue())
	var paths []string
	for _, p := range found {
		paths = append(paths, p.Path)
	}
	for _, want := range []string{
		"$.id", "$.version", "$.service_provider.siret", "$.purpose.id", "$.charter", "$.legal.act",
		"$.recipients", "$.retention.period", "$.refusal.consequence.fr", "$.data", "$.ceilings.mode", "$.dates.from", "$.dates.until",
	} {
		if !slices.Contains(paths, want) {
			t.Errorf("%s is not reported: %v", want, paths)
		}
	}
}

// Design §1: where consent is the legal basis, no data about other adults.
func TestConsentBasisNeverCoversOtherPersons(t *testing.T) {
	c := DefaultCatalogue()
	for _, d := range c.Data() {
		for _, list := range []string{"required", "optional"} {
			a := example(t, "valbrume-mediatheque")
			entry := []ApprovedDatum{{ID: d.ID, Why: Text{FR: "x", EN: "x"}}}
			a.Data = ApprovedData{Required: entry}
			if list == "optional" {
				a.Data = ApprovedData{Optional: entry}
			}
			if d.Type == TypeFiscal {
				a.Legal.TaxSecrecy, a.Data.Years, a.DGFiPTeleservice = "LPF", []string{YearNMinus1}, "x"
			}
			if d.Unit == "address" {
				a.Legal.FullAddress = "CASF"
			}
			found := a.Validate(c)
			refused := len(found) == 1 && found[0].Path == fmt.Sprintf("$.data.%s[0].id", list)
			if others := d.Subject != SubjectSelf; refused != others || !others && found != nil {
				t.Errorf("%s under 6-1-a (%s): %v", d.ID, d.Subject, found)
			}
		}
	}
}

func TestPartnerAndChildrenAreRefusedUnderConsent(t *testing.T) {
	a := example(t, "valbrume-mediatheque")
	for _, id := range []string{"cnaf_allocataires", "cnaf_enfants"} {
		a.Data.Optional = append(a.Data.Optional, ApprovedDatum{ID: id, Why: Text{FR: "x", EN: "x"}})
	}
	found := a.Validate(DefaultCatalogue())
	if len(found) != 2 || found[0].Path != "$.data.optional[2].id" || found[1].Path != "$.data.optional[3].id" {
		t.Errorf("found %v", found)
	}
}

func TestTaxDataNeedTheTextLiftingTaxSecrecy(t *testing.T) {
	for _, id := range []string{"dgfip_rfr", "dgfip_nbpart", "dgfip_sitfam", "dgfip_nbpac", "dgfip_aft"} {
		a := example(t, "saint-aubin-cantine")
		a.Data.Optional, a.Grids = []ApprovedDatum{{ID: id, Why: Text{FR: "x", EN: "x"}}}, a.Grids[:1]
		a.Data.Years, a.DGFiPTeleservice = []string{YearNMinus1}, "x"
		if id == "dgfip_aft" {
			a.Legal.FullAddress = "x"
		}
		found := a.Validate(DefaultCatalogue())
		if len(found) != 1 || found[0].Path != "$.legal.tax_secrecy" || !strings.Contains(found[0].Message, "tax secrecy") {
			t.Errorf("%s: %v", id, found)
		}
	}
}

func TestTaxSecrecyIsNotLiftedWithoutTaxData(t *testing.T) {
	a := example(t, "saint-aubin-cantine")
	a.Legal.TaxSecrecy, a.Data.Years, a.DGFiPTeleservice = "LPF", []string{YearNMinus1}, "x"
	if found := a.Validate(DefaultCatalogue()); len(found) != 3 {
		t.Errorf("found %v", found)
	}
}

func TestApprovalIsInForceFromItsFirstToItsLastDay(t *testing.T) {
	a := &Approval{Dates: Dates{From: "2026-09-01", Until: "2027-08-31"}}
	for at, want := range map[string]bool{
		"2026-08-31T23:59:59.999Z": false,
		"2026-09-01T00:00:00Z":     true,
		"2027-08-31T23:59:59.999Z": true,
		"2027-09-01T00:00:00Z":     false,
	} {
		moment, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := a.InForce(moment); got != want {
			t.Errorf("in force at %s: %v", at, got)
		}
	}
	a.Suspended = true
	if a.InForce(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)) {
		t.Error("a suspended approval is in force")
	}
	if (&Approval{}).InForce(time.Time{}) {
		t.Error("an approval without dates is in force")
	}
}
