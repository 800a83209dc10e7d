package country

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"accord/providers"
	"accord/providers/cnav"
)

// Every resource of the hub has a persona of whom it tells something, and one of
// whom it tells something else or nothing.
func TestEveryResourceTellsPersonasApart(t *testing.T) {
	personas := Personas()
	family, _ := simulated(t, personas)
	for _, resource := range cnav.Names() {
		documents := map[string]bool{}
		var outcomes []providers.Outcome
		for _, p := range personas {
			q := question(p)
			q.Resource = resource
			a := family.Query(context.Background(), q)
			outcomes = append(outcomes, a.Outcome)
			if a.Outcome == providers.Found || a.Outcome == providers.NoFile {
				documents[string(a.Document)] = true
			}
		}
		drawn := len(documents) >= 2
		if !drawn || !slices.Contains(outcomes, providers.Found) || slices.Contains(outcomes, providers.Unavailable) || slices.Contains(outcomes, providers.Refused) {
			t.Errorf("%s: outcomes %v, %d different answers", resource, outcomes, len(documents))
		}
	}
}

func TestBenefitsBeginOnTheFirstOfAMonth(t *testing.T) {
	for _, day := range []string{"2026-10-31", "2027-03-31", "2028-02-29"} {
		now, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range Households(Personas(), now) {
			for _, a := range h.Allocataires {
				for _, r := range a.Rights {
					if !strings.HasSuffix(r.Since, "-01") || r.Since > day {
						t.Errorf("%s: right since %s", day, r.Since)
					}
				}
			}
		}
	}
}
