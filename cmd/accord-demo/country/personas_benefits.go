package country

import (
	"slices"
	"time"

	"accord/providers/cnav/cnavsim"
)

// A drawn benefit, since so many months.
type drawn struct {
	benefit cnavsim.Benefit
	months  int
}

// benefits are those the personas draw, by id; the others draw none.
func benefits() map[string][]drawn {
	return map[string][]drawn{
		"camille":    {{cnavsim.PrimeActivityIncreased, 8}, {cnavsim.ASF, 20}},
		"nadia":      {{cnavsim.RSAIncreased, 5}, {cnavsim.ASF, 5}, {cnavsim.C2S, 5}},
		"aminata":    {{cnavsim.RSA, 14}, {cnavsim.AEEH, 30}, {cnavsim.C2S, 14}},
		"marie-ange": {{cnavsim.PrimeActivity, 11}, {cnavsim.C2SPaid, 3}},
		"thibaut":    {{cnavsim.PrimeActivity, 6}},
		"simon":      {{cnavsim.AAH, 17}, {cnavsim.C2SPaid, 10}},
	}
}

// withBenefits is h with what p draws and with the resources of two years ago.
func withBenefits(p Persona, h cnavsim.Household, now time.Time) cnavsim.Household {
	h.Base = cnavsim.Base{Year: now.Year() - 2, Value: resources(p)}
	var rights []cnavsim.Right
	for _, d := range benefits()[p.ID] {
		since := now.AddDate(0, -d.months, 1-now.Day())
		rights = append(rights, cnavsim.Right{Benefit: d.benefit, Since: since.Format(time.DateOnly)})
		if d.benefit == cnavsim.AEEH {
			h.AEEH++
		}
	}
	h.Allocataires = slices.Clone(h.Allocataires)
	for n, a := range h.Allocataires {
		if a.Birthdate == p.Identity.RawBirthdate() {
			h.Allocataires[n].Rights = rights
		}
	}
	return h
}

// resources are those of the persona's notice of two years ago.
func resources(p Persona) int {
	for _, n := range p.Notices {
		if n.YearsBack == 2 {
			return n.Notice.RFR
		}
	}
	return 0
}
