package cnav

import (
	"slices"

	"accord/providers"
	"accord/providers/upstream"
)

// Member data of /v3/dss/allocation_enfant_handicape, whole.
type childBenefitDocument struct {
	Status         string  `json:"status"` // allocataire, ouvrant_droit, non_beneficiaire
	DateDebutDroit *string `json:"date_debut_droit"`
}

// childStatus says what an indicator means, and the quality its open rights
// carry: the adult who draws the allowance, or the child it is drawn for.
func childStatus() map[string]struct{ status, quality string } {
	return map[string]struct{ status, quality string }{
		"ALLOCATAIRE":   {"allocataire", "105"},
		"OUVRANT_DROIT": {"ouvrant_droit", "205"},
		drawsNot:        {"non_beneficiaire", ""},
	}
}

func readChildBenefit(raw []byte, _ asked) providers.Answer {
	indicator, since, open, err := readBenefit(raw)
	if err != nil {
		return upstream.Unavailable(err)
	}
	of := ofCodes(open, "FA1510", "MA1510")
	said, known := childStatus()[indicator]
	told := func(r right) bool { return r.Quality != nil && *r.Quality == said.quality }
	switch {
	case known && indicator == drawsNot && len(of) == 0:
		return found(childBenefitDocument{said.status, nil})
	case known && indicator != drawsNot && slices.ContainsFunc(of, told):
		return found(childBenefitDocument{said.status, since})
	}
	return contradicted(indicator, "ALLOCATAIRE", "OUVRANT_DROIT", drawsNot)
}

// ofCodes are the rights with one of these codes.
func ofCodes(rights []right, codes ...string) []right {
	return slices.DeleteFunc(slices.Clone(rights), func(r right) bool { return !slices.Contains(codes, *r.Code) })
}

// contradicted is the answer to an indicator that is none of the known, or that
// the open rights do not bear out: the hub has changed, or another resource
// answered.
func contradicted(indicator string, known ...string) providers.Answer {
	if slices.Contains(known, indicator) {
		return upstream.Unavailable(errRights)
	}
	return upstream.Unavailable(errIndicator)
}
