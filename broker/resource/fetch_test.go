package resource

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"accord/consent"
	"accord/providers"
)

// Saint-Aubin's grids answer for the family quotient and for the commune. A file
// without an address still tells the band: what has no answer stays out alone.
func TestADatumWithoutAnAnswerStaysOutOfALaterFetch(t *testing.T) {
	file, err := os.ReadFile("../../cmd/accord/examples/approvals/saint-aubin-cantine.yaml")
	a := new(consent.Approval)
	if err != nil || yaml.Unmarshal(file, a) != nil {
		t.Fatal("the example cannot be read", err)
	}
	d := New(Config{Now: func() time.Time { return time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC) }})
	answer := providers.Answer{
		Outcome:  providers.Found,
		Document: json.RawMessage(`{"quotient_familial":{"fournisseur":"CNAF","valeur":954,"annee":2026,"mois":11},"adresse":null}`),
	}
	s, err := d.snapshotFetched(a.Approved(consent.DefaultCatalogue()), answer, address{resource: consent.ResourceQuotientFamilial})
	if err != nil {
		t.Fatal(err)
	}
	part := s.Parts[consent.ResourceQuotientFamilial]
	if want := `{"reponses":{"tarif-cantine":{"code":"B","libelle":"3,50 € le repas"}}}`; string(part.Document) != want || len(part.Data) != 1 {
		t.Errorf("%s of %v, want %s", part.Document, part.Data, want)
	}
}

func TestALaterFetchWithoutAnyAnswerSendsNothing(t *testing.T) {
	d := New(Config{})
	data := []consent.Datum{{ID: "cnaf_quotient_familial", Resource: consent.ResourceQuotientFamilial, Answered: &consent.Answered{Grid: consent.Grid{ID: "tarif"}}}}
	answer := providers.Answer{Outcome: providers.Found, Document: json.RawMessage(`{"quotient_familial":{"valeur":null}}`)}
	s, err := d.snapshotFetched(data, answer, address{resource: consent.ResourceQuotientFamilial})
	if err != nil || len(s.Parts) != 0 {
		t.Errorf("%v, %v", s.Parts, err)
	}
}
