package cnav

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"accord/providers"
)

// FuzzReadingGivesAWholeDocumentOrNone reads any bytes as an answer of each
// resource.
func FuzzReadingGivesAWholeDocumentOrNone(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.json"))
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds (%v)", err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	a := asked{
		identity: providers.Identity{FamilyName: "Tremblin", GivenName: "Camille", Birthdate: "1988-03-14"},
		month:    period{2026, 10}, today: time.Date(2026, 10, 14, 9, 0, 0, 0, time.UTC), operator: cnaf,
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		found := 0
		for name, r := range resources() {
			answer := r.read(body, a)
			whole(t, name, a, answer)
			if answer.Outcome == providers.Found && !bytes.Contains(body, []byte(drawsNot)) {
				found++
			}
		}
		if found > 1 {
			t.Errorf("%d resources take one answer as theirs", found)
		}
	})
}

func whole(t *testing.T, name string, a asked, answer providers.Answer) {
	t.Helper()
	if (answer.Outcome == providers.Found) == (answer.Cause != nil) {
		t.Errorf("%s: outcome %s, cause %v", name, answer.Outcome, answer.Cause)
	}
	if answer.Outcome != providers.Found {
		if answer.Document != nil {
			t.Errorf("%s: outcome %s with a document", name, answer.Outcome)
		}
		return
	}
	into := documents()[name]
	d := json.NewDecoder(bytes.NewReader(answer.Document))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if again, err := encode(into); err != nil || !bytes.Equal(again, answer.Document) {
		t.Errorf("%s: the document read again is another: %s (%v)", name, again, err)
	}
	holds(t, into, a)
}

func documents() map[string]any {
	return map[string]any{
		QuotientFamilial: &householdDocument{}, ParticipationFamilialeEAJE: &nurseryDocument{},
		RevenuSolidariteActive: &increasableDocument{}, PrimeActivite: &increasableDocument{},
		AllocationAdulteHandicape: &plainDocument{}, AllocationSoutienFamilial: &plainDocument{},
		AllocationEnfantHandicape: &childBenefitDocument{}, ComplementaireSanteSolidaire: &healthDocument{},
	}
}

func holds(t *testing.T, document any, a asked) {
	t.Helper()
	in := true
	switch d := document.(type) {
	case *householdDocument:
		in = false
		for _, c := range append(d.Allocataires, d.Enfants...) {
			in = in || c.is(a.identity)
		}
	case *nurseryDocument:
		in = false
		for _, c := range append(d.Allocataires, d.Enfants...) {
			in = in || c.is(a.identity)
		}
	}
	if !in {
		t.Error("the person asked is not in the document")
	}
}
