package cnav

import (
	"accord/providers"
	"accord/providers/upstream"
)

// Member data of /v3/dss/complementaire_sante_solidaire, whole.
type healthDocument struct {
	EstBeneficiaire   bool    `json:"est_beneficiaire"`
	AvecParticipation *bool   `json:"avec_participation"` // null of one who does not draw it, as the OpenAPI has it
	DateDebutDroit    *string `json:"date_debut_droit"`
}

// readHealth reads an indicator without rights: those of the complémentaire
// santé solidaire are not told.
func readHealth(raw []byte, _ asked) providers.Answer {
	var h struct {
		Indicator *string `json:"indicateur"`
		Since     *string `json:"dateIndicateur"` // absent, null and "" are not told
	}
	if err := upstream.Decode(raw, &h); err != nil {
		return upstream.Unavailable(err)
	}
	if h.Indicator == nil {
		return upstream.Unavailable(upstream.ErrIncomplete)
	}
	since, err := day(h.Since)
	if err != nil {
		return upstream.Unavailable(err)
	}
	paid, free := true, false
	switch *h.Indicator {
	case "BENEFICIAIRE_AVEC_PARTICIPATION_FINANCIERE":
		return found(healthDocument{true, &paid, since})
	case "BENEFICIAIRE_SANS_PARTICIPATION_FINANCIERE":
		return found(healthDocument{true, &free, since})
	case "NON_BENEFICIAIRE_CSS":
		return found(healthDocument{})
	}
	return upstream.Unavailable(errIndicator)
}
