package resource

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/goccy/go-yaml"

	"accord/broker/journey"
	"accord/consent"
	"accord/providers"
)

// fetchedForSaintAubin is what is kept of a document whose grids answer for the
// family quotient and for the commune.
func fetchedForSaintAubin(t *testing.T, document string) journey.Part {
	t.Helper()
	file, err := os.ReadFile("../../cmd/accord/examples/approvals/saint-aubin-cantine.yaml")
	a := new(consent.Approval)
	if err != nil || yaml.Unmarshal(file, a) != nil {
		t.Fatal("the example cannot be read", err)
	}
	answer := providers.Answer{Outcome: providers.Found, Document: json.RawMessage(document)}
	s, err := New(Config{}).snapshotFetched(a.Approved(consent.DefaultCatalogue()), answer, address{resource: consent.ResourceQuotientFamilial})
	if err != nil {
		t.Fatal(err)
	}
	return s.Parts[consent.ResourceQuotientFamilial]
}

// A file without an address still tells the band: what has no answer stays out
// alone.
func TestADatumWithoutAnAnswerStaysOutOfALaterFetch(t *testing.T) {
	part := fetchedForSaintAubin(t, `{"quotient_familial":{"fournisseur":"CNAF","valeur":954,"annee":2026,"mois":11},"adresse":null}`)
	if want := `{"reponses":{"tarif-cantine":{"code":"B","libelle":"3,50 € le repas"}}}`; string(part.Document) != want || len(part.Data) != 1 {
		t.Errorf("%s of %v, want %s", part.Document, part.Data, want)
	}
}

func TestALaterFetchWithoutAnyAnswerSendsNothing(t *testing.T) {
	part := fetchedForSaintAubin(t, `{"quotient_familial":{"fournisseur":"CNAF","valeur":null,"annee":2026,"mois":11},"adresse":null}`)
	if part.Document != nil || len(part.Data) != 0 {
		t.Errorf("%s of %v would be sent", part.Document, part.Data)
	}
}
