package resource

import (
	"encoding/json"
	"testing"

	"accord/consent"
)

func TestEveryResourceOfTheCatalogueHasAnAddress(t *testing.T) {
	served := map[string]bool{}
	for path, a := range addresses() {
		if a.resource == "" || a.missing.Code == "" || a.period == nil || !Grammar(path) {
			t.Errorf("%s is incomplete: %+v", path, a)
		}
		served[a.resource] = true
	}
	for _, resource := range consent.Resources(consent.DefaultCatalogue().Data()) {
		if !served[resource] {
			t.Errorf("%s is served nowhere", resource)
		}
	}
}

func TestAnEarlierVersionNeverTellsMore(t *testing.T) {
	for _, c := range []struct {
		name      string
		shape     shape
		doc, want string
	}{
		{"v3 grant", flatGrantStatus, `{"email":"a@b","statut_boursier":{"date_radiation":null,"est_boursier":true,"est_radie":false}}`, `{"email":"a@b","est_boursier":true}`},
		{"v3 grant, status masked", flatGrantStatus, `{"echelon_bourse":{"echelon":"6"}}`, `{"echelon_bourse":{"echelon":"6"}}`},
		{"v3 grant, status emptied", flatGrantStatus, `{"statut_boursier":{"est_radie":false}}`, `{}`},
		{"v4 schooling", withoutBoarding, `{"est_boursier":false,"regime_pensionnat":{"code":"0"}}`, `{"est_boursier":false}`},
	} {
		got, err := c.shape(json.RawMessage(c.doc))
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %s, %v; want %s", c.name, got, err, c.want)
		}
	}
	if _, err := flatGrantStatus(json.RawMessage(`{"statut_boursier":3}`)); err == nil {
		t.Error("a status of another shape was written")
	}
}
