package consent

import (
	"slices"
	"strings"
	"testing"
)

func TestCatalogueEntriesAreComplete(t *testing.T) {
	c := DefaultCatalogue()
	if len(c.Data()) != 69 {
		t.Errorf("%d entries", len(c.Data()))
	}
	owner := make(map[string]string)
	for _, d := range c.Data() {
		if d.ID == "" || d.Scope == "" || d.Resource == "" || len(d.Paths) == 0 || d.Unit == "" || d.Sensitivity == "" || d.Preview == "" {
			t.Errorf("%+v is incomplete", d)
		}
		if found, ok := c.Datum(d.ID); !ok || found.ID != d.ID {
			t.Errorf("Datum(%q) = %v, %v", d.ID, found, ok)
		}
		for _, f := range Fields([]Datum{d}) {
			if other := owner[f]; other != "" && !strings.HasSuffix(f, "#annee_revenus") {
				t.Errorf("%s opens with %s and with %s", f, other, d.ID)
			}
			owner[f] = d.ID
		}
	}
	if _, ok := c.Datum("openid"); ok {
		t.Error("openid is a datum")
	}
}

func TestSelectTellsDataYearsAndUnknownApart(t *testing.T) {
	data, years, unknown := DefaultCatalogue().Select([]string{
		"openid", "dgfip_rfr", "cnaf_quotient_familial", "dgfip_rfr", YearNMinus1, YearNMinus1, "offline_access", "offline_access", "",
	})
	if got := IDs(data); !slices.Equal(got, []string{"cnaf_quotient_familial", "dgfip_rfr"}) {
		t.Errorf("data %v", got)
	}
	if !slices.Equal(years, []string{YearNMinus1}) || !slices.Equal(unknown, []string{"offline_access", ""}) {
		t.Errorf("years %v, unknown %v", years, unknown)
	}
}

func TestIdentitePivotStandsForItsSevenClaims(t *testing.T) {
	data, _, unknown := DefaultCatalogue().Select([]string{"identite_pivot"})
	want := []string{"birthcountry", "birthdate", "birthplace", "family_name", "gender", "given_name", "given_name_array[]"}
	if got := Paths(data, ResourceIdentity); !slices.Equal(got, want) || unknown != nil {
		t.Errorf("claims %v, unknown %v", got, unknown)
	}
}

func TestCatalogueDigestNamesItsContent(t *testing.T) {
	c := DefaultCatalogue()
	if c.Digest() != DefaultCatalogue().Digest() || len(c.Digest()) != len("sha-256:")+43 {
		t.Errorf("digest %q", c.Digest())
	}
	changed := c.Data()
	changed[0].Paths = []string{"given_name"}
	if newCatalogue(changed).Digest() == c.Digest() {
		t.Error("another path, the same digest")
	}
}

func TestFieldsAreSortedAndNameTheirResource(t *testing.T) {
	c := DefaultCatalogue()
	data, _, _ := c.Select([]string{"dgfip_nbpart", "dgfip_rfr", "email"})
	want := []string{
		"dgfip/situation_ir#annee_revenus", "dgfip/situation_ir#nombre_parts",
		"dgfip/situation_ir#revenu_fiscal_reference", "identity#email",
	}
	if got := Fields(data); !slices.Equal(got, want) {
		t.Errorf("fields %v", got)
	}
	if got := Sources(data); !slices.Equal(got, []string{SourceDGFiP}) {
		t.Errorf("sources %v: the login is none", got)
	}
	if got := Resources(data); !slices.Equal(got, []string{ResourceSituationIR, ResourceIdentity}) {
		t.Errorf("resources %v", got)
	}
}

// TestAnEarlierNameStandsForTodays: the scopes of the time of Pôle emploi stay
// accepted, and mean the same datum once.
func TestAnEarlierNameStandsForTodays(t *testing.T) {
	data, _, unknown := DefaultCatalogue().Select([]string{"pole_emploi_inscription", "france_travail_inscription", "pole_emploi_statut"})
	if got := IDs(data); !slices.Equal(got, []string{"france_travail_inscription"}) || !slices.Equal(unknown, []string{"pole_emploi_statut"}) {
		t.Errorf("data %v, unknown %v", got, unknown)
	}
}

func TestOnlyTickedDataTellOfHealthOrPoverty(t *testing.T) {
	for _, d := range DefaultCatalogue().Data() {
		delicate := slices.Contains([]string{ResourceRSA, ResourceC2S, ResourceAAH, ResourceAEEH}, d.Resource)
		if delicate != (d.Preview == PreviewTicked) || d.Special && !delicate {
			t.Errorf("%s: preview %s, special %v", d.ID, d.Preview, d.Special)
		}
	}
}
